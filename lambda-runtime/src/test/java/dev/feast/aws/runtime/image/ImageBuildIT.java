package dev.feast.aws.runtime.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feast.aws.image.FileTree;
import dev.feast.aws.image.ImageLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Builds again what {@code package} built, from the same files, elsewhere. */
class ImageBuildIT {
  private static final Path BUILT = Path.of("target");

  private final Path elsewhere;

  ImageBuildIT(@TempDir Path elsewhere) {
    this.elsewhere = elsewhere;
  }

  @Test
  void givesTheSameBytesAgain() throws Exception {
    ImageBuild again = buildElsewhere();

    again.run();

    assertThat(blobs(elsewhere.resolve("image"))).isEqualTo(blobs(BUILT.resolve("image")));
    assertThat(elsewhere.resolve("lambda-runtime-image.tar"))
        .hasSameBinaryContentAs(BUILT.resolve("lambda-runtime-image.tar"));

    FileTime written = Files.getLastModifiedTime(elsewhere.resolve("lambda-runtime-image.tar"));
    again.run();

    assertThat(Files.getLastModifiedTime(elsewhere.resolve("lambda-runtime-image.tar")))
        .as("an unchanged build writes nothing")
        .isEqualTo(written);
  }

  private ImageBuild buildElsewhere() throws IOException {
    // With times of now, as a fresh download and a fresh jar have.
    Path jars = Files.createDirectories(elsewhere.resolve("jars"));
    Path app = BUILT.resolve("bundle/app");
    List<Path> dependencies =
        classPath().stream()
            .map(name -> copy(app.resolve("lib").resolve(name), jars.resolve(name)))
            .toList();
    Path runtimeJar;
    try (var files = Files.list(BUILT)) {
      runtimeJar =
          files
              .filter(
                  file ->
                      file.toString().endsWith("SNAPSHOT.jar")
                          || file.getFileName().toString().matches("lambda-runtime-[0-9.]+\\.jar"))
              .findFirst()
              .orElseThrow();
    }
    String version =
        ImageLayout.open(BUILT.resolve("image"))
            .config()
            .at("/config/Labels")
            .path("org.opencontainers.image.version")
            .asText();
    Instant timestamp =
        Instant.parse(ImageLayout.open(BUILT.resolve("image")).config().path("created").asText());
    return new ImageBuild(
        elsewhere,
        copy(runtimeJar, jars.resolve(runtimeJar.getFileName())),
        dependencies,
        version,
        timestamp);
  }

  /** The jars' names in the order of the class path. */
  private static List<String> classPath() throws IOException {
    List<String> entrypoint = ImageLayout.open(BUILT.resolve("image")).entrypoint();
    return List.of(entrypoint.get(entrypoint.indexOf("-cp") + 1).split(":")).stream()
        .filter(entry -> entry.startsWith("lib/"))
        .map(entry -> entry.substring("lib/".length()))
        .toList();
  }

  private static Path copy(Path from, Path to) {
    try {
      return Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static Map<String, Long> blobs(Path layout) throws IOException {
    var blobs = new TreeMap<String, Long>();
    for (Path file : FileTree.files(layout)) {
      blobs.put(layout.relativize(file).toString(), Files.size(file));
    }
    return blobs;
  }
}
