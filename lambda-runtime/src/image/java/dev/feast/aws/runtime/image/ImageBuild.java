package dev.feast.aws.runtime.image;

import dev.feast.aws.image.BuilderCode;
import dev.feast.aws.image.ImageFiles;
import dev.feast.aws.image.InputDigest;
import dev.feast.aws.image.JavaRuntime;
import dev.feast.aws.image.Jdk;
import dev.feast.aws.image.Kept;
import dev.feast.aws.image.OciImage;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Makes {@code target/bundle}, {@code target/image} and {@code target/lambda-runtime-image.tar}
 * from the runtime's jar and what it depends on. Maven runs it at {@code package}; nothing is made
 * anew while its inputs are unchanged.
 */
public final class ImageBuild {
  private final Path target;
  private final Path runtimeJar;
  private final List<Path> dependencies;
  private final String version;
  private final Instant timestamp;

  private final JavaRuntime javaRuntime;
  private final Launch launch;
  private final ImageFiles files;
  private final Kept kept;

  ImageBuild(
      Path target, Path runtimeJar, List<Path> dependencies, String version, Instant timestamp) {
    this.target = target;
    this.runtimeJar = runtimeJar;
    this.dependencies = dependencies;
    this.version = version;
    this.timestamp = timestamp;
    this.javaRuntime =
        new JavaRuntime(Jdk.ofThisBuild(), RuntimeImage.MODULES, RuntimeImage.MODULES_LEFT_OUT);
    this.launch =
        new Launch(dependencies.stream().map(jar -> jar.getFileName().toString()).toList());
    this.files = new ImageFiles(target.resolve("bundle"), Launch.RUNTIME_JAR, timestamp);
    this.kept = new Kept(target.resolve("image-inputs"));
  }

  /**
   * Builds, and ends the JVM with status 1 when that failed.
   *
   * @param args {@code --target DIR --jar FILE --dependencies CLASSPATH --version VERSION
   *     --timestamp INSTANT}
   */
  public static void main(String[] args) throws InterruptedException {
    Map<String, String> options = new HashMap<>();
    for (int i = 0; i + 1 < args.length; i += 2) {
      options.put(args[i], args[i + 1]);
    }
    try {
      new ImageBuild(
              Path.of(option(options, "--target")),
              Path.of(option(options, "--jar")),
              Arrays.stream(option(options, "--dependencies").split(File.pathSeparator))
                  .map(Path::of)
                  .toList(),
              option(options, "--version"),
              Instant.parse(option(options, "--timestamp")))
          .run();
      // DynamoDB Local, of the training run, leaves a thread behind that would keep the JVM up.
      System.exit(0);
    } catch (IOException e) {
      System.err.println("runtime image: " + e.getMessage());
      System.exit(1);
    }
  }

  /** Makes what is not there yet from these inputs. */
  void run() throws IOException, InterruptedException {
    Path tar = target.resolve("lambda-runtime-image.tar");
    Path layout = target.resolve("image");
    Path launcher = files.root().resolve("bootstrap");
    String inputs =
        runtimeInputs()
            .add("version", version)
            .add("builder", BuilderCode.all(ImageBuild.class).hex())
            .hex();
    kept.unless(
        "image",
        inputs,
        List.of(tar, layout.resolve("index.json"), launcher),
        () -> {
          javaRuntime.provide(files, kept, ImageBuild::say);
          files.putJars(runtimeJar, dependencies);
          provideAotCache();
          Bundle.writeLauncher(launcher, launch);
          say("writing its layers");
          new RuntimeImage(files, launch).of(version, timestamp).writeTar(tar);
          OciImage.unpack(tar, layout);
          say("%d MB compressed, in %s".formatted(megabytes(tar), layout));
        });
  }

  private void provideAotCache() throws IOException, InterruptedException {
    String inputs =
        runtimeInputs()
            .addFile(files.jre().resolve("lib/modules"))
            .add("training", TrainingRun.inputs().hex())
            .add("flags", launch.trainingFlags().toString())
            .hex();
    Path aotCache = RuntimeImage.aotCache(files);
    boolean made =
        AotCache.ofUser()
            .provide(
                inputs,
                aotCache,
                file -> {
                  say("training run for its AOT cache, over local-aws");
                  try (TrainingStore store =
                      TrainingStore.open(files.jre().resolve("lib/security/cacerts"))) {
                    new TrainingRun(files, launch).record(file, store);
                  }
                });
    files.normalize(aotCache);
    say(
        "AOT cache of %d MB, %s"
            .formatted(megabytes(aotCache), made ? "new" : "kept: the runtime is unchanged"));
  }

  /** What the runtime consists of, the jars' fixed time included, for the JVM compares it. */
  private InputDigest runtimeInputs() throws IOException {
    InputDigest digest =
        new InputDigest()
            .add("jre", javaRuntime.inputs().hex())
            .add("timestamp", timestamp.toString());
    digest.addFile(runtimeJar);
    for (Path dependency : dependencies) {
      digest.addFile(dependency);
    }
    return digest;
  }

  private static long megabytes(Path file) throws IOException {
    return Math.round(Files.size(file) / 1e6);
  }

  private static String option(Map<String, String> options, String name) {
    return Objects.requireNonNull(options.get(name), () -> name + " is missing");
  }

  private static void say(String progress) {
    System.out.println("runtime image: " + progress);
  }
}
