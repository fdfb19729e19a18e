package dev.feast.aws.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.feast.aws.e2e.controlplane.ControlPlane;
import dev.feast.aws.e2e.controlplane.MissingProgramException;
import dev.feast.aws.e2e.controlplane.ProgramProvider;
import dev.feast.aws.e2e.controlplane.Programs;
import dev.feast.aws.e2e.process.CacheFolder;
import dev.feast.aws.e2e.process.Execution;
import dev.feast.aws.e2e.process.Run;
import dev.feast.aws.e2e.process.Runs;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The product's main job on real parts: {@code kubectl apply} of Feast's documented
 * feature_store.yaml, the endpoint, and the documented lookup. {@code ./quickstart} builds what
 * this needs and then becomes this process.
 */
public final class Quickstart {
  private static final Duration COMMAND = Duration.ofMinutes(1);
  private static final Duration READY = Duration.ofMinutes(5);

  private final Repository repository;
  private final Runs runs;
  private final CacheFolder cache;
  private final PrintStream out;

  private Quickstart(Repository repository, CacheFolder cache, PrintStream out) {
    this.repository = repository;
    this.cache = cache;
    this.runs = new Runs(cache);
    this.out = out;
  }

  /**
   * The quickstart's entry.
   *
   * @param arguments the repository's folder, then nothing, {@code --keep} or {@code --stop}
   */
  public static void main(String[] arguments) {
    System.exit(run(List.of(arguments), System.getenv(), System.out));
  }

  /**
   * The same without the end of this JVM.
   *
   * @param environment says where the cache is
   * @return the exit code
   */
  static int run(List<String> arguments, Map<String, String> environment, PrintStream out) {
    if (arguments.isEmpty() || arguments.size() > 2) {
      System.err.println("usage: Quickstart REPOSITORY [--keep | --stop]");
      return 2;
    }
    Quickstart quickstart =
        new Quickstart(
            new Repository(Path.of(arguments.getFirst()).toAbsolutePath().normalize()),
            CacheFolder.of(environment),
            out);
    try {
      switch (arguments.size() == 1 ? "" : arguments.get(1)) {
        case "" -> quickstart.show(false);
        case "--keep" -> quickstart.show(true);
        case "--stop" -> quickstart.stop();
        default -> {
          System.err.println("./quickstart has no option " + arguments.get(1) + "; see --help");
          return 2;
        }
      }
      return 0;
    } catch (IOException | IllegalStateException e) {
      System.err.println("\nquickstart: " + e.getMessage());
      return 1;
    } catch (InterruptedException e) {
      return 130;
    }
  }

  private void stop() throws IOException, InterruptedException {
    AtomicBoolean any = new AtomicBoolean();
    runs.endKept(
        what -> {
          out.println("ending " + what);
          any.set(true);
        });
    runs.endOrphans(
        what -> {
          sayEndingOrphan(what);
          any.set(true);
        });
    if (!any.get()) {
      out.println("Nothing was kept running.");
    }
  }

  private void sayEndingOrphan(String what) {
    out.println("ending " + what + ", which was killed");
  }

  private void show(boolean keep) throws IOException, InterruptedException {
    runs.endOrphans(this::sayEndingOrphan);
    out.println("== Feast's documented example, from kubectl apply to a lookup");
    try (Run run = runs.begin(runFolder())) {
      try {
        show(run, keep);
      } catch (IOException | IllegalStateException e) {
        if (run.isStopping()) {
          // The user said so: that what was being waited for has ended is no news.
          throw new InterruptedException();
        }
        throw e instanceof MissingProgramException missing
            ? missing
            : new IOException(e.getMessage() + "\nThe logs of all processes: " + run.logs(), e);
      }
    }
  }

  private Path runFolder() {
    String now =
        LocalDateTime.now(ZoneId.systemDefault())
            .format(DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss"));
    return repository
        .root()
        .resolve("target/quickstart")
        .resolve(now + "-" + ProcessHandle.current().pid());
  }

  private void show(Run run, boolean keep) throws IOException, InterruptedException {
    Programs programs = new ProgramProvider(run, cache, System.getenv(), out::println).provide();
    say("logs: " + run.logs());
    // What is kept outlives ./quickstart's lock on the files that a build replaces.
    Repository programsOf =
        keep ? repository.withProgramsCopiedTo(run.folder().resolve("programs")) : repository;
    say("starting local-aws, etcd and kube-apiserver " + programs.version());
    LocalAwsServer localAws =
        LocalAwsServer.start(run, programsOf, repository.documentedExample().resolve("data"));
    ControlPlane controlPlane = ControlPlane.start(programs, run);
    say("Kubernetes is ready: " + controlPlane.server());
    URI aws = localAws.awaitEndpoint();
    say("AWS is ready: " + aws + ", with the registry and the online store that Feast wrote");

    Path bin = linkPrograms(run, programs);
    Transcript transcript =
        new Transcript(run, out, repository.root(), userEnvironment(controlPlane, bin));

    heading("Installing the operator");
    transcript.run(installCommand(), COMMAND);
    say("starting the operator with that Deployment's environment and ServiceAccount");
    Operator.start(run, programsOf, ChartRelease.installed(controlPlane), aws);
    say("the operator is ready");

    heading("Declaring the feature server");
    transcript.run(
        "sed 's/{aws_account}/%s/' examples/documented/featureserver.yaml | kubectl apply -f -"
            .formatted(LocalAwsServer.ACCOUNT),
        COMMAND);
    transcript.run(
        "kubectl wait --for=condition=Ready featureserver/dev --timeout=%ds"
            .formatted(READY.toSeconds()),
        READY.plusSeconds(10),
        () -> readiness(controlPlane));
    transcript.run("kubectl get featureserver", COMMAND);

    heading("Looking features up");
    String answer =
        transcript.run(
            "curl -sS -X POST \"$(kubectl get featureserver dev -o"
                + " jsonpath='{.status.endpoint}')/get-online-features\" -d"
                + " @examples/documented/request.json",
            COMMAND);
    checkAnswer(answer);
    say("these are the values of Feast's documentation");

    if (keep) {
      run.keep();
      explainUse(controlPlane, aws, bin);
    } else {
      heading("Taking it down");
      transcript.run("kubectl delete featureserver dev --timeout=120s", Duration.ofMinutes(3));
      run.close();
      deleteData(run);
      say("every process has ended");
    }
  }

  /** Files of an unpacked image may resist a user who is not root; that is no failure. */
  private void deleteData(Run run) {
    try {
      run.deleteData();
    } catch (IOException e) {
      say("some data is still there: " + e.getMessage());
    }
  }

  private static String installCommand() {
    return String.join(" ", ChartRelease.installCommand("helm", "helm/feature-server-operator"));
  }

  /** One folder with the programs that a user types, for PATH. */
  private static Path linkPrograms(Run run, Programs programs) throws IOException {
    Path bin = Files.createDirectories(run.folder().resolve("bin"));
    Files.createSymbolicLink(bin.resolve("kubectl"), programs.kubectl());
    Files.createSymbolicLink(bin.resolve("helm"), programs.helm());
    return bin;
  }

  private static Map<String, String> userEnvironment(ControlPlane controlPlane, Path bin) {
    Map<String, String> environment = new HashMap<>(ChartRelease.helmEnvironment(controlPlane));
    environment.put(
        "PATH", bin + File.pathSeparator + System.getenv().getOrDefault("PATH", "/usr/bin:/bin"));
    return environment;
  }

  private static String readiness(ControlPlane controlPlane)
      throws IOException, InterruptedException {
    Execution state =
        controlPlane
            .admin()
            .run(
                "get",
                "featureserver",
                "dev",
                "-o",
                "jsonpath={range .status.conditions[?(@.type=='Ready')]}{.reason}:"
                    + " {.message}{end}");
    return state.exitCode() == 0 ? state.output().strip() : state.errors().strip();
  }

  private void checkAnswer(String answer) throws IOException {
    ObjectMapper json = new ObjectMapper();
    JsonNode expected =
        json.readTree(repository.documentedExample().resolve("answer.json").toFile());
    if (!json.readTree(answer).equals(expected)) {
      throw new IOException(
          "That is not the documented answer, which is in examples/documented/answer.json.");
    }
  }

  private void explainUse(ControlPlane controlPlane, URI aws, Path bin) {
    heading("It goes on running. To use it from this shell");
    ShellExports.lines(controlPlane.adminKubeconfig(), bin, LocalAwsServer.settings(aws))
        .forEach(out::println);
    out.println("To end it: ./quickstart --stop");
  }

  private void heading(String text) {
    out.printf("%n== %s%n", text);
  }

  /** A line with the time since {@code ./quickstart} was typed: it has become this process. */
  private void say(String text) {
    Instant start = ProcessHandle.current().info().startInstant().orElseGet(Instant::now);
    Duration elapsed = Duration.between(start, Instant.now());
    out.printf("[%5.1f s] %s%n", elapsed.toMillis() / 1000.0, text);
  }
}
