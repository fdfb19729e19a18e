package dev.feast.aws.image;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The JDK that runs this build, and its tools.
 *
 * <p>Each tool is a process of its own: in a JVM that did other things before, jlink orders its
 * plugins differently (by identity hash codes), and its output is no longer the same each time.
 */
public record Jdk(Path home) {
  public static Jdk ofThisBuild() {
    return new Jdk(Path.of(System.getProperty("java.home")));
  }

  /**
   * Runs {@code bin/<tool>} and gives what it printed.
   *
   * @throws IOException with all that it printed, when it is not there or fails
   */
  public String run(String tool, List<String> arguments) throws IOException, InterruptedException {
    Path program = home.resolve("bin").resolve(tool);
    if (!Files.isExecutable(program)) {
      throw new IOException(program + " is not there: a full JDK 25 is needed, not a JRE");
    }
    var command = new ArrayList<String>();
    command.add(program.toString());
    command.addAll(arguments);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(String.join(" ", command) + " failed:\n" + output);
    }
    return output;
  }
}
