package dev.feast.aws.runtime.image;

import dev.feast.aws.image.ImageFiles;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How the runtime is started: the one place that says so for the image, the bundle and the training
 * run, since the AOT cache is only used by a JVM with the flags and the class path that it was made
 * with.
 *
 * <p>All paths are relative to {@link #WORKING_DIRECTORY}, so that the same files start wherever
 * they lie: in Lambda, in a bare chroot, below an unpacked root, in a bundle.
 *
 * @param dependencies file names of the jars in {@code app/lib}, in the order of the class path
 */
record Launch(List<String> dependencies) {
  static final String RUNTIME_JAR = "lambda-runtime.jar";
  static final String AOT_CACHE = "lambda-runtime.aot";

  static final String WORKING_DIRECTORY = "/" + ImageFiles.APP;

  private static final String MAIN_CLASS = "dev.feast.aws.runtime.Main";

  /** Flag, and why. */
  private record Flag(String flag, String reason) {}

  private static final List<Flag> FLAGS =
      List.of(
          new Flag(
              "-XX:+UseSerialGC", "one request at a time: no second thread to collect beside it"),
          new Flag(
              "-XX:TieredStopAtLevel=1",
              "most processes end before C2's code would pay for making it"),
          new Flag("-XX:-UsePerfData", "no file in /tmp that nobody reads"),
          new Flag(
              "--sun-misc-unsafe-memory-access=allow",
              "protobuf still reads memory so; the JVM would write four lines about it into each"
                  + " log"),
          new Flag(
              "-Dslf4j.internal.verbosity=ERROR",
              "the AWS SDK's logger has no provider here, on purpose; errors reach our own log"),
          new Flag(
              "-XX:+ExitOnOutOfMemoryError",
              "one thread without memory would leave a process that answers some requests and not"
                  + " others; Lambda starts another"),
          new Flag("-Xms32m", "the live set after start; grows from there"),
          new Flag(
              "-XX:MaxRAMPercentage=70",
              "of the function's memory; the rest is code and the AOT cache"));

  /** The JVM's flags without the AOT cache, what the training run starts with. */
  List<String> trainingFlags() {
    return FLAGS.stream().map(Flag::flag).toList();
  }

  /**
   * The command after {@code java}, in Lambda's and the bundle's form: a cache that does not fit is
   * passed over and the process starts without it, only slower.
   *
   * @param prefix put before each path: empty where the working directory is {@link
   *     #WORKING_DIRECTORY}
   */
  List<String> arguments(String prefix) {
    var arguments = new ArrayList<>(trainingFlags());
    arguments.add("-XX:AOTCache=" + prefix + AOT_CACHE);
    arguments.add("-XX:AOTMode=auto");
    arguments.addAll(program(prefix));
    return arguments;
  }

  /** Class path and main class. */
  List<String> program(String prefix) {
    String classPath =
        Stream.concat(
                Stream.of(RUNTIME_JAR),
                dependencies.stream().map(jar -> ImageFiles.LIB + "/" + jar))
            .map(path -> prefix + path)
            .collect(Collectors.joining(":"));
    return List.of("-cp", classPath, MAIN_CLASS);
  }
}
