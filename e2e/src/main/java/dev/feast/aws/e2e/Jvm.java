package dev.feast.aws.e2e;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Programs of this project as processes of the JDK that runs this. */
final class Jvm {
  /** Two or three JVMs start at once and none lives long: compile quickly, not well. */
  static final List<String> QUICK_START = List.of("-XX:TieredStopAtLevel=1");

  private Jvm() {}

  /** The command that runs a jar. */
  static List<String> command(Path jar, String... arguments) {
    return command(QUICK_START, jar, List.of(arguments));
  }

  /**
   * The command that runs a jar.
   *
   * @param options of the JVM
   */
  static List<String> command(List<String> options, Path jar, List<String> arguments) {
    return Stream.of(
            List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()),
            options,
            List.of("-jar", jar.toString()),
            arguments)
        .flatMap(List::stream)
        .toList();
  }
}
