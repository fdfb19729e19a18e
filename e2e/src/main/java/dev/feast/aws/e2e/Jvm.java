package dev.feast.aws.e2e;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Programs of this project as processes of the JDK that runs this. */
final class Jvm {
  private Jvm() {}

  /** The command that runs a jar. */
  static List<String> command(Path jar, String... arguments) {
    return Stream.concat(
            Stream.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                // Two or three JVMs start at once and none lives long: compile quickly, not well.
                "-XX:TieredStopAtLevel=1",
                "-jar",
                jar.toString()),
            Stream.of(arguments))
        .toList();
  }
}
