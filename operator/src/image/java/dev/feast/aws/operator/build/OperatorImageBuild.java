package dev.feast.aws.operator.build;

import dev.feast.aws.image.BuilderCode;
import dev.feast.aws.image.FileTree;
import dev.feast.aws.image.ImageFiles;
import dev.feast.aws.image.InputDigest;
import dev.feast.aws.image.JavaRuntime;
import dev.feast.aws.image.Jdk;
import dev.feast.aws.image.Kept;
import dev.feast.aws.image.OciImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/**
 * Makes {@code target/image} and {@code target/operator-image.tar} from {@code
 * target/operator.jar}, {@code target/lib} and {@code target/runtime-image}. Maven runs it at
 * {@code package}; nothing is made anew while its inputs are unchanged.
 */
public final class OperatorImageBuild {
  private final Path target;
  private final String version;
  private final Instant timestamp;
  private final JavaRuntime javaRuntime =
      new JavaRuntime(Jdk.ofThisBuild(), OperatorImage.MODULES, OperatorImage.MODULES_LEFT_OUT);

  OperatorImageBuild(Path target, String version, Instant timestamp) {
    this.target = target;
    this.version = version;
    this.timestamp = timestamp;
  }

  /**
   * Builds, and ends the JVM with status 1 when that failed.
   *
   * @param args the target folder, the version and the time that the files are of
   */
  public static void main(String[] args) throws InterruptedException {
    try {
      new OperatorImageBuild(Path.of(args[0]), args[1], Instant.parse(args[2])).run();
    } catch (IOException e) {
      System.err.println("operator image: " + e.getMessage());
      System.exit(1);
    }
  }

  /** Makes what is not there yet from these inputs. */
  void run() throws IOException, InterruptedException {
    Path tar = target.resolve("operator-image.tar");
    Path layout = target.resolve("image");
    var files = new ImageFiles(target.resolve("image-files"), OperatorImage.JAR, timestamp);
    var kept = new Kept(target.resolve("image-inputs"));
    kept.unless(
        "image",
        inputs(),
        List.of(tar, layout.resolve("index.json")),
        () -> {
          javaRuntime.provide(files, kept, OperatorImageBuild::say);
          files.putJars(operatorJar(), dependencies());
          for (Path file : FileTree.files(runtimeImage())) {
            Path name = target.relativize(file);
            files.put(file, files.app().resolve(name));
          }
          OperatorImage.of(files, version, timestamp).writeTar(tar);
          OciImage.unpack(tar, layout);
          say("%d MB compressed, in %s".formatted(Math.round(Files.size(tar) / 1e6), layout));
        });
  }

  private String inputs() throws IOException {
    InputDigest digest =
        BuilderCode.all(OperatorImageBuild.class)
            .add("jre", javaRuntime.inputs().hex())
            .add("version", version)
            .add("timestamp", timestamp.toString())
            // It names all else in the layout by digest.
            .addFile(runtimeImage().resolve("index.json"))
            .addFile(operatorJar());
    for (Path dependency : dependencies()) {
      digest.addFile(dependency);
    }
    return digest.hex();
  }

  private Path operatorJar() {
    return target.resolve(OperatorImage.JAR);
  }

  private Path runtimeImage() {
    return target.resolve(OperatorImage.RUNTIME_IMAGE);
  }

  private List<Path> dependencies() throws IOException {
    return FileTree.files(target.resolve(ImageFiles.LIB));
  }

  private static void say(String progress) {
    System.out.println("operator image: " + progress);
  }
}
