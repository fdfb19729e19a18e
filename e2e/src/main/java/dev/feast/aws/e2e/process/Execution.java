package dev.feast.aws.e2e.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A program that was run to its end.
 *
 * @param command as it was typed
 */
public record Execution(List<String> command, int exitCode, String output, String errors) {
  /**
   * Runs a program with nothing on its standard input and waits for its end.
   *
   * @param run ends the program when this JVM cannot
   * @param environment comes on top of this process's own; an empty value takes a variable away
   * @param bound after which the program is killed
   * @throws IOException when the program cannot be started or takes longer than the bound
   */
  public static Execution run(
      Run run, List<String> command, Map<String, String> environment, Path folder, Duration bound)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile("output-", null);
    Path errors = Files.createTempFile("errors-", null);
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectOutput(output.toFile())
              .redirectError(errors.toFile());
      Environments.add(environment, builder.environment());
      int exitCode;
      try (Session session =
          run.open(
              Path.of(command.getFirst()).getFileName().toString(),
              builder,
              Ending.Manner.AT_ONCE)) {
        if (!session.process().waitFor(bound.toMillis(), TimeUnit.MILLISECONDS)) {
          throw new IOException("%s took longer than %d s.".formatted(command, bound.toSeconds()));
        }
        exitCode = session.process().exitValue();
      }
      return new Execution(
          command, exitCode, Files.readString(output, UTF_8), Files.readString(errors, UTF_8));
    } finally {
      Files.deleteIfExists(output);
      Files.deleteIfExists(errors);
    }
  }

  /**
   * The standard output.
   *
   * @throws IOException when the program failed; the message holds what it said
   */
  public String successfulOutput() throws IOException {
    if (exitCode != 0) {
      throw new IOException(
          "`%s` failed with exit code %d:%n%s%s"
              .formatted(String.join(" ", command), exitCode, errors, output));
    }
    return output;
  }
}
