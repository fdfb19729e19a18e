package dev.feast.aws.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.feast.aws.e2e.process.Ending;
import dev.feast.aws.e2e.process.Environments;
import dev.feast.aws.e2e.process.Run;
import dev.feast.aws.e2e.process.Session;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** Runs commands in the open: each is printed as a user would type it, then what it says. */
final class Transcript {
  private static final Duration PROGRESS_EVERY = Duration.ofSeconds(5);
  private static final Duration REPEAT_AFTER = Duration.ofSeconds(30);

  private final Run run;
  private final PrintStream out;
  private final Path folder;
  private final Map<String, String> environment;

  /**
   * A transcript whose commands run in bash.
   *
   * @param run ends a command when this JVM cannot
   * @param folder where the commands run
   * @param environment comes on top of this process's own; an empty value takes a variable away
   */
  Transcript(Run run, PrintStream out, Path folder, Map<String, String> environment) {
    this.run = run;
    this.out = out;
    this.folder = folder;
    this.environment = environment;
  }

  /** Something to say while a command has nothing to say itself. */
  interface Progress {
    /** One line about how things stand. */
    String line() throws IOException, InterruptedException;
  }

  /**
   * Runs a command.
   *
   * @return what it wrote to its standard output
   * @throws IOException when it fails or takes longer than the bound
   */
  String run(String command, Duration bound, Progress progress)
      throws IOException, InterruptedException {
    out.println("$ " + command);
    ProcessBuilder builder =
        new ProcessBuilder("bash", "-c", "set -o pipefail; " + command)
            .directory(folder.toFile())
            .redirectErrorStream(true);
    Environments.add(environment, builder.environment());
    try (Session session = run.open("`" + command + "`", builder, Ending.Manner.AT_ONCE)) {
      Process process = session.process();
      FutureTask<String> output = new FutureTask<>(() -> copy(process));
      Thread.ofVirtual().start(output);
      awaitEnd(command, process, bound, progress);
      String said = output.get();
      if (process.exitValue() != 0) {
        throw new IOException(
            "`%s` failed with exit code %d.".formatted(command, process.exitValue()));
      }
      return said;
    } catch (ExecutionException e) {
      throw new IOException("The output of `%s` could not be read.".formatted(command), e);
    }
  }

  String run(String command, Duration bound) throws IOException, InterruptedException {
    return run(command, bound, () -> "");
  }

  private String copy(Process process) throws IOException {
    StringBuilder copy = new StringBuilder();
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        out.println(line);
        copy.append(line).append('\n');
      }
    }
    return copy.toString();
  }

  private void awaitEnd(String command, Process process, Duration bound, Progress progress)
      throws IOException, InterruptedException {
    long start = System.nanoTime();
    String last = "";
    Duration said = Duration.ZERO;
    while (!process.waitFor(PROGRESS_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
      Duration taken = Duration.ofNanos(System.nanoTime() - start);
      if (taken.compareTo(bound) > 0) {
        throw new IOException("`%s` took longer than %d s.".formatted(command, bound.toSeconds()));
      }
      String line = progress.line();
      // The same again only now and then: to show that it goes on.
      boolean due = taken.minus(said).compareTo(REPEAT_AFTER) >= 0;
      if (!line.isEmpty() && (due || !line.equals(last))) {
        out.printf("  (%d s: %s)%n", taken.toSeconds(), line);
        last = line;
        said = taken;
      }
    }
  }
}
