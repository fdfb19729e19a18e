package dev.feast.aws.e2e.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RunsTest {
  private static final Duration BOUND = Duration.ofSeconds(30);

  private final Path folder;
  private final List<ProcessHandle> mine = new ArrayList<>();

  RunsTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @AfterEach
  void endWhatATestHasLeft() {
    mine.forEach(ProcessHandle::destroyForcibly);
  }

  @ParameterizedTest
  @EnumSource
  void endsAProcessAndItsChildrenWhenTheRunCloses(Ending.Manner manner) throws Exception {
    Path childPid = folder.resolve("child");
    Run run = runs().begin(folder.resolve("run"));
    ChildProcess parent =
        run.start(
            "parent",
            List.of("bash", "-c", "sleep 1000 & echo $! >" + childPid + "; wait"),
            Map.of(),
            manner);
    ProcessHandle grandchild = awaitPid(childPid);

    run.close();

    assertThat(parent.isAlive()).isFalse();
    assertThat(runs(grandchild)).isFalse();
    assertThat(records()).isEmpty();
  }

  @Test
  void writesOutputToALogUnderTheRunsFolder() throws Exception {
    try (Run run = runs().begin(folder.resolve("run"))) {
      ChildProcess greeter =
          run.start(
              "greeter",
              List.of("bash", "-c", "echo hello $WHO; exec sleep 1000"),
              Map.of("WHO", "you"),
              Ending.Manner.ASK_FIRST);
      greeter.awaitReady(BOUND, () -> greeter.output().contains("hello you"));
      assertThat(greeter.log()).isEqualTo(run.folder().resolve("logs/greeter.log"));
    }
  }

  @Test
  void leavesItsLogsAndNothingElse() throws Exception {
    Run run = runs().begin(folder.resolve("run"));
    ChildProcess writer =
        run.start(
            "writer",
            List.of("bash", "-c", "mkdir data && ln -s / data/link && echo written"),
            Map.of(),
            Ending.Manner.ASK_FIRST);
    Await.until("the link", BOUND, () -> writer.output().contains("written"));
    run.close();

    assertThat(run.folder().resolve("data")).doesNotExist();
    assertThat(writer.log()).hasContent("written");
  }

  @Test
  void saysWhatAProcessWroteWhenItEndsBeforeItIsReady() throws Exception {
    try (Run run = runs().begin(folder.resolve("run"))) {
      ChildProcess broken =
          run.start(
              "broken",
              List.of("bash", "-c", "echo no such luck; exit 3"),
              Map.of(),
              Ending.Manner.ASK_FIRST);
      assertThatThrownBy(() -> broken.awaitReady(BOUND, () -> false))
          .hasMessageContaining("broken ended with exit code 3")
          .hasMessageContaining("no such luck")
          .hasMessageContaining("logs/broken.log");
    }
  }

  @Test
  void endsWhatAProcessHasLeftThatEndedBeforeIt() throws Exception {
    Path childPid = folder.resolve("child");
    Run run = runs().begin(folder.resolve("run"));
    ChildProcess parent =
        run.start(
            "parent",
            List.of("bash", "-c", "sleep 1000 & echo $! >" + childPid),
            Map.of(),
            Ending.Manner.AT_ONCE);
    ProcessHandle orphan = awaitPid(childPid);
    Await.until("the parent's end", BOUND, () -> !parent.isAlive());

    run.close();

    assertThat(runs(orphan)).isFalse();
  }

  @Test
  void keepsAProxyOutOfWhatIsAskedOfThisMachine() throws Exception {
    try (Run run = runs().begin(folder.resolve("run"))) {
      ChildProcess child =
          run.start(
              "child",
              List.of("bash", "-c", "echo $no_proxy $NO_PROXY."),
              Map.of("no_proxy", "", "NO_PROXY", "example.org"),
              Ending.Manner.AT_ONCE);
      Await.until("the variables", BOUND, () -> child.output().endsWith(".\n"));
      assertThat(child.output())
          .isEqualTo("example.org,127.0.0.1,localhost example.org,127.0.0.1,localhost.\n");
    }
  }

  @ParameterizedTest
  @EnumSource
  void endsWithTheJvmThatIsToldToStop(Owner.Way way) throws Exception {
    Process owner = startOwner(way);
    ProcessHandle sleeper = awaitPid(folder.resolve("sleeper"));

    owner.destroy();

    assertThat(owner.waitFor(BOUND.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(runs(sleeper)).isFalse();
    assertThat(records()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void endsWhatAKilledRunHasLeft(Owner.Way way) throws Exception {
    Process owner = startOwner(way);
    ProcessHandle sleeper = awaitPid(folder.resolve("sleeper"));
    assertThat(orphansEnded()).as("while its owner lives").isEmpty();

    owner.destroyForcibly().waitFor();
    assertThat(sleeper.isAlive()).as("nobody has ended it yet").isTrue();

    assertThat(orphansEnded())
        .singleElement()
        .asString()
        .contains(way.recordedName(), Long.toString(sleeper.pid()), "run");
    assertThat(runs(sleeper)).isFalse();
    assertThat(folder.resolve("run/data")).doesNotExist();
    assertThat(records()).isEmpty();
  }

  @Test
  void keepsTheTerminalsCtrlCFromWhatItStarted() throws Exception {
    try (Run run = runs().begin(folder.resolve("run"))) {
      Path stat = folder.resolve("stat");
      run.start(
          "child",
          List.of("bash", "-c", "cat /proc/$$/stat >" + stat + "; exec sleep 1000"),
          Map.of(),
          Ending.Manner.AT_ONCE);
      Await.until(
          "the stat", BOUND, () -> Files.exists(stat) && Files.readString(stat).endsWith("\n"));

      // proc(5): pid, name, state, parent, process group, session.
      String[] fields = Files.readString(stat).split(" ", -1);
      assertThat(fields[4]).as("process group").isEqualTo(fields[0]);
      assertThat(fields[5]).as("session").isEqualTo(fields[0]);
    }
  }

  @Test
  void endsWhatAKilledRunHasLeftInOrderTheLastStartedFirst() throws Exception {
    Path ended = folder.resolve("ended");
    Run run = runs().begin(folder.resolve("run"));
    for (String name : List.of("database", "server")) {
      ChildProcess child =
          run.start(
              name,
              List.of(
                  "bash",
                  "-c",
                  // The server takes longer, so that only waiting for it keeps the order.
                  "trap '[ %1$s = database ] || sleep 0.3; echo %1$s >>%2$s; exit' TERM;"
                          .formatted(name, ended)
                      + " echo ready; while :; do sleep 0.05; done"),
              Map.of(),
              Ending.Manner.ASK_FIRST);
      child.awaitReady(BOUND, () -> child.output().contains("ready"));
    }
    Path record = records().getFirst();
    Files.writeString(
        record, Files.readString(record).replaceFirst("owner \\d+ \\d+", "owner 1 5"));

    assertThat(orphansEnded()).hasSize(2);
    assertThat(ended).hasContent("server\ndatabase\n");
  }

  @Test
  void leavesAStrangerAloneThatHasTheSameProcessId() throws Exception {
    ProcessHandle stranger = sleep();
    ProcessIdentity identity = ProcessIdentity.of(stranger.pid()).orElseThrow();
    String earlier =
        "%d %d %s".formatted(stranger.pid(), identity.startTicks() - 1, identity.boot());
    Path record = Files.createDirectories(folder.resolve("cache/runs")).resolve("dead.run");
    Files.writeString(record, "owner %s%nprocess %s etcd%n".formatted(earlier, earlier));

    assertThat(orphansEnded()).isEmpty();

    assertThat(stranger.isAlive()).isTrue();
    assertThat(record).doesNotExist();
  }

  @Test
  void leavesAProcessAloneThatHasTheIdAndStartOfOneBeforeTheMachinesRestart() throws Exception {
    ProcessHandle stranger = sleep();
    ProcessIdentity identity = ProcessIdentity.of(stranger.pid()).orElseThrow();
    Path record = Files.createDirectories(folder.resolve("cache/runs")).resolve("dead.run");
    Files.writeString(
        record,
        "owner 1 5 x%nprocess %d %d another-boot etcd%n"
            .formatted(identity.pid(), identity.startTicks()));

    assertThat(orphansEnded()).isEmpty();

    assertThat(stranger.isAlive()).isTrue();
  }

  @Test
  void readsARecordWhoseWriterDiedInTheMiddleOfALine() throws Exception {
    ProcessHandle whole = sleep();
    ProcessIdentity identity = ProcessIdentity.of(whole.pid()).orElseThrow();
    Path record = Files.createDirectories(folder.resolve("cache/runs")).resolve("cut.run");
    Files.writeString(
        record,
        "owner 1 5 x%nprocess %d %d %s etcd%nprocess 12"
            .formatted(identity.pid(), identity.startTicks(), identity.boot()));

    assertThat(orphansEnded()).hasSize(1);
    assertThat(runs(whole)).isFalse();
  }

  @Test
  void endsAKeptRunOnlyWhenAsked() throws Exception {
    Run run = runs().begin(folder.resolve("run"));
    ChildProcess kept =
        run.start("kept", List.of("sleep", "1000"), Map.of(), Ending.Manner.ASK_FIRST);
    run.keep();
    run.close();
    assertThat(kept.isAlive()).isTrue();
    // A kept run has lost its owner by the time that somebody asks.
    Path record = records().getFirst();
    Files.writeString(
        record, Files.readString(record).replaceFirst("owner \\d+ \\d+", "owner 1 5"));

    assertThat(orphansEnded()).isEmpty();
    assertThat(kept.isAlive()).isTrue();

    assertThat(keptEnded()).singleElement().asString().contains("kept");
    assertThat(kept.isAlive()).isFalse();
  }

  /** Java calls one alive that has ended and that nobody has asked about yet. */
  private static boolean runs(ProcessHandle process) {
    return ProcStat.of(process.pid()).isPresent();
  }

  private List<String> orphansEnded() throws Exception {
    List<String> ended = new ArrayList<>();
    runs().endOrphans(ended::add);
    return ended;
  }

  private List<String> keptEnded() throws Exception {
    List<String> ended = new ArrayList<>();
    runs().endKept(ended::add);
    return ended;
  }

  private Runs runs() {
    return new Runs(cache());
  }

  private CacheFolder cache() {
    return new CacheFolder(folder.resolve("cache"));
  }

  private List<Path> records() throws IOException {
    try (var files = Files.list(cache().runs())) {
      return files.filter(file -> file.toString().endsWith(".run")).toList();
    }
  }

  private ProcessHandle sleep() throws IOException {
    ProcessHandle handle = new ProcessBuilder("sleep", "1000").start().toHandle();
    mine.add(handle);
    return handle;
  }

  /**
   * A JVM that starts a process in a run, writes its id into the file {@code sleeper}, and hangs.
   */
  private Process startOwner(Owner.Way way) throws IOException {
    Process owner =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Owner.class.getName(),
                folder.toString(),
                way.name())
            .inheritIO()
            .start();
    mine.add(owner.toHandle());
    return owner;
  }

  private ProcessHandle awaitPid(Path file) throws InterruptedException {
    Await.until(
        file + " to hold a process id",
        BOUND,
        () -> Files.exists(file) && Files.readString(file).endsWith("\n"));
    try {
      ProcessHandle handle =
          ProcessHandle.of(Long.parseLong(Files.readString(file).strip())).orElseThrow();
      mine.add(handle);
      return handle;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static final class Owner {
    /** How it comes to have a process. */
    enum Way {
      STARTS,
      WAITS_FOR_ITS_END;

      String recordedName() {
        return this == STARTS ? "sleeper" : "bash";
      }
    }

    public static void main(String[] arguments) throws Exception {
      Path folder = Path.of(arguments[0]);
      Run run = new Runs(new CacheFolder(folder.resolve("cache"))).begin(folder.resolve("run"));
      Files.createDirectory(run.folder().resolve("data"));
      List<String> command =
          List.of("bash", "-c", "echo $$ >" + folder.resolve("sleeper") + "; exec sleep 1000");
      switch (Way.valueOf(arguments[1])) {
        case STARTS -> {
          run.start("sleeper", command, Map.of(), Ending.Manner.ASK_FIRST);
          Thread.currentThread().join();
        }
        case WAITS_FOR_ITS_END -> Execution.run(run, command, Map.of(), folder, BOUND);
      }
    }
  }
}
