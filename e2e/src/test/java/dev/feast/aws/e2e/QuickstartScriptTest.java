package dev.feast.aws.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code ./quickstart} before it becomes Java: in a folder with a Maven and a Java of its own. */
class QuickstartScriptTest {
  private static final Duration BOUND = Duration.ofSeconds(30);

  /** What the script calls besides Maven and Java. */
  private static final List<String> TOOLS =
      List.of(
          "bash", "cat", "curl", "date", "dirname", "find", "flock", "grep", "mkdir", "sed",
          "setpriv", "setsid", "sleep", "tail", "uname");

  /** Says what Maven says of two modules, notes its processes, and goes on until it is ended. */
  private static final String ENDLESS_BUILD =
      """
      sleep 1000 & echo $$ $! >pids
      i=0; while :; do i=$((i + 1)); echo "[INFO] Building Part $i 0.1 [$i/999]"; sleep 0.1; done
      """;

  private final Path folder;
  private final Path bin;
  private final List<ProcessHandle> mine = new ArrayList<>();

  QuickstartScriptTest(@TempDir Path folder) throws IOException {
    this.folder = folder;
    this.bin = Files.createDirectory(folder.resolve("bin"));
    for (String tool : TOOLS) {
      passOn(tool);
    }
    Files.copy(Path.of("../quickstart"), folder.resolve("quickstart"));
    Files.createDirectories(folder.resolve("e2e/src"));
    Files.createDirectories(folder.resolve("e2e/control-plane"));
    Files.createFile(folder.resolve("pom.xml"));
    Files.createFile(folder.resolve("e2e/pom.xml"));
    program("mvn", "echo no build was expected; exit 1");
    program("go", "");
  }

  @AfterEach
  void endWhatATestHasLeft() {
    mine.forEach(ProcessHandle::destroyForcibly);
  }

  @ParameterizedTest
  @CsvSource({"HUP, 129", "INT, 130", "KILL, 137", "TERM, 143"})
  void endsTheBuildWithItself(String signal, int exitCode) throws Exception {
    program("mvn", ENDLESS_BUILD);
    Process quickstart = start();
    List<ProcessHandle> build = awaitPids();

    new ProcessBuilder("kill", "-" + signal, Long.toString(quickstart.pid())).start().waitFor();

    assertThat(quickstart.waitFor(BOUND.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(quickstart.exitValue()).isEqualTo(exitCode);
    awaitEnded(build);
  }

  @Test
  void endsTheBuildWhenNobodyReadsItsOutputAnyMore() throws Exception {
    program("mvn", ENDLESS_BUILD);
    Process quickstart = start();
    List<ProcessHandle> build = awaitPids();
    try (BufferedReader head = quickstart.inputReader()) {
      assertThat(head.readLine()).contains("Building");
    }
    assertThat(quickstart.waitFor(BOUND.toSeconds(), TimeUnit.SECONDS)).isTrue();
    awaitEnded(build);
  }

  @Test
  void showsTheEndOfABuildThatFailedBeforeThereWasMaven() throws Exception {
    program("mvn", "echo The JAVA_HOME environment variable is not defined correctly; exit 1");
    assertThat(failure())
        .contains("JAVA_HOME environment variable", "the build failed", "build.log");
  }

  @Test
  void saysWhatToInstallWhereThereIsNoJdk25() throws Exception {
    program("mvn", "echo '[ERROR] ... Cannot find matching toolchain definitions for ...'; exit 1");
    assertThat(failure())
        .contains("no JDK 25", "https://adoptium.net")
        .doesNotContain("toolchain definitions");
  }

  @ParameterizedTest
  @ValueSource(strings = {"mvn", "curl", "flock", "setpriv", "setsid"})
  void namesTheToolThatIsMissing(String tool) throws Exception {
    Files.delete(bin.resolve(tool));
    assertThat(failure()).contains(tool + " is missing", "apt-get install");
  }

  @Test
  void saysThatHelmIsMissingBeforeItBuilds() throws Exception {
    Files.delete(bin.resolve("go"));
    assertThat(failure()).contains("neither helm nor Go", "https://go.dev/dl");
    assertThat(folder.resolve("target/quickstart/build.log")).doesNotExist();
  }

  @Test
  void buildsNothingWhereABuildIsNewerThanItsSources() throws Exception {
    built();
    assertThat(output()).contains("java").doesNotContain("Building");
  }

  @Test
  void buildsAgainWhatWasEditedWhileABuildRan() throws Exception {
    built();
    program("mvn", "echo \"$@\" >calls");
    age("e2e/src", 15);

    assertThat(output()).contains("Building", "java");
    assertThat(folder.resolve("calls")).content().contains("package");
  }

  @Test
  void buildsAgainAfterABuildThatDidNotComeToItsEnd() throws Exception {
    built();
    program("mvn", "echo \"$@\" >calls");
    age("target/build-started", 5);

    assertThat(output()).contains("Building", "java");
    assertThat(folder.resolve("calls")).content().contains("package");
  }

  @Test
  void saysNowAndThenHowLongTheBuildTakes() throws Exception {
    built();
    age("e2e/src", 0);
    program("sleep", "");
    program("mvn", "for _ in {1..1000}; do sleep 0.1; [ ! -e ended ] || exit 0; done");
    // A clock that is 7 seconds later each time that it is looked at.
    program(
        "date",
        """
        now=$(($(cat now) + 7))
        echo $now >now
        echo $now
        [ $now -lt 70 ] || : >ended
        """);
    Files.writeString(folder.resolve("now"), "0");

    assertThat(output()).contains("  (21 s)", "  (42 s)").doesNotContain("(28 s)");
  }

  @Test
  void endsAKeptRunWithWhatIsThereAlthoughASourceIsNewer() throws Exception {
    built();
    age("e2e/src", 0);
    // What only a build and a lookup need.
    Files.delete(bin.resolve("mvn"));
    Files.delete(bin.resolve("curl"));

    assertThat(output("--stop")).contains("java", "--stop");
  }

  @Test
  void buildsNothingToSayThatNothingWasKept() throws Exception {
    assertThat(output("--stop")).contains("Nothing was kept running.");
  }

  @Test
  void stopsWaitingForAnotherQuickstartWhenItIsToldTo() throws Exception {
    Path lock = Files.createDirectories(folder.resolve("target")).resolve("quickstart.lock");
    Process other =
        new ProcessBuilder("flock", lock.toString(), "sh", "-c", "echo held; exec sleep 1000")
            .start();
    other.descendants().forEach(mine::add);
    mine.add(other.toHandle());
    try (BufferedReader said = other.inputReader()) {
      assertThat(said.readLine()).isEqualTo("held");
      other.descendants().forEach(mine::add);
      Process quickstart = start();
      try (BufferedReader waiting = quickstart.inputReader()) {
        assertThat(waiting.readLine()).contains("Waiting for another quickstart");
        await().atMost(BOUND).until(() -> quickstart.descendants().findAny().isPresent());
        List<ProcessHandle> flock = quickstart.descendants().toList();

        quickstart.destroy();

        assertThat(quickstart.waitFor(BOUND.toSeconds(), TimeUnit.SECONDS)).isTrue();
        awaitEnded(flock);
      }
    }
  }

  /** What a build leaves that began 20 minutes ago and took 10, of sources that are older. */
  private void built() throws IOException {
    Path java = Files.createDirectories(folder.resolve("jdk/bin"));
    executable(java.resolve("java"), "echo java \"$@\"");
    for (String left :
        List.of(
            "e2e/target/e2e.jar",
            "local-aws/target/local-aws.jar",
            "operator/target/operator.jar",
            "operator/target/runtime-image/index.json",
            "target/build-started")) {
      Files.createDirectories(folder.resolve(left).getParent());
      Files.createFile(folder.resolve(left));
    }
    Files.writeString(folder.resolve("e2e/target/java-home"), folder.resolve("jdk") + "\n");
    for (String source : List.of("pom.xml", "e2e/pom.xml", "e2e/src", "e2e/control-plane")) {
      age(source, 60);
    }
    age("target/build-started", 20);
    age("e2e/target/java-home", 10);
  }

  private void age(String file, int minutes) throws IOException {
    Files.setLastModifiedTime(
        folder.resolve(file), FileTime.from(Instant.now().minus(Duration.ofMinutes(minutes))));
  }

  /** What it says on its standard output when it succeeds. */
  private String output(String... arguments) throws Exception {
    Process quickstart = start(arguments);
    String output = new String(quickstart.getInputStream().readAllBytes(), UTF_8);
    assertThat(quickstart.waitFor()).as(output).isZero();
    return output;
  }

  private Process start(String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    // A shell cannot trap what was ignored when it started, as Ctrl-C is in the background and HUP
    // below nohup.
    command.addAll(List.of("env", "--default-signal=HUP,INT,TERM", "bash", "quickstart"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().put("PATH", bin.toString());
    builder.environment().put("XDG_CACHE_HOME", folder.resolve("cache").toString());
    builder.redirectError(folder.resolve("errors").toFile());
    Process process = builder.start();
    mine.add(process.toHandle());
    return process;
  }

  /** What it says on its standard error when it fails. */
  private String failure() throws Exception {
    Process quickstart = start();
    quickstart.getInputStream().readAllBytes();
    assertThat(quickstart.waitFor()).isEqualTo(1);
    return Files.readString(folder.resolve("errors"));
  }

  private List<ProcessHandle> awaitPids() {
    Path pids = folder.resolve("pids");
    await().atMost(BOUND).until(() -> Files.exists(pids) && Files.readString(pids).endsWith("\n"));
    try {
      List<ProcessHandle> build = new ArrayList<>();
      for (String pid : Files.readString(pids).strip().split(" ", -1)) {
        build.add(ProcessHandle.of(Long.parseLong(pid)).orElseThrow());
      }
      mine.addAll(build);
      return build;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void awaitEnded(List<ProcessHandle> processes) {
    await().atMost(BOUND).until(() -> processes.stream().noneMatch(ProcessHandle::isAlive));
  }

  private void passOn(String tool) throws IOException {
    for (String path : System.getenv("PATH").split(":", -1)) {
      Path program = Path.of(path, tool);
      if (Files.isExecutable(program)) {
        program(tool, "exec " + program + " \"$@\"");
        return;
      }
    }
    throw new IOException("This machine has no " + tool + ".");
  }

  private void program(String name, String body) throws IOException {
    executable(bin.resolve(name), body);
  }

  private static void executable(Path file, String body) throws IOException {
    Files.writeString(file, "#!/bin/bash\n" + body + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
