package dev.feast.aws.runtime.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feast.aws.image.FileTree;
import dev.feast.aws.image.ImageLayout;
import dev.feast.aws.image.JavaRuntime;
import dev.feast.aws.image.Jdk;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What Lambda and a reproducible build ask of the image, held against the one that {@code package}
 * left.
 */
class RuntimeImageIT {
  private static ImageLayout image;

  @BeforeAll
  static void openImage() throws IOException {
    image = ImageLayout.open(Path.of("target/image"));
  }

  @Test
  void staysWithinTheSizeAimedAt() throws IOException {
    var sizes = new ArrayList<String>();
    for (int i = 0; i < image.layers().size(); i++) {
      sizes.add(
          "%s %.1f MB"
              .formatted(
                  image.config().at("/history/" + i + "/comment").asText(),
                  image.layers().get(i).size() / 1e6));
    }
    System.out.printf(
        "image: %.1f MB compressed (%s)%n", image.compressedSize() / 1e6, String.join(", ", sizes));

    assertThat(image.compressedSize()).isLessThan(60_000_000);
  }

  @Test
  void isOneOciManifestForThisArchitecture() {
    assertThat(image.manifestBlob().mediaType())
        .isEqualTo("application/vnd.oci.image.manifest.v1+json");
    assertThat(image.manifest().path("mediaType").asText())
        .isEqualTo("application/vnd.oci.image.manifest.v1+json");
    assertThat(image.layers())
        .extracting(ImageLayout.Blob::mediaType)
        .containsOnly("application/vnd.oci.image.layer.v1.tar+gzip");
    assertThat(image.config().path("os").asText()).isEqualTo("linux");
    assertThat(image.config().path("architecture").asText())
        .isEqualTo(System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64");
  }

  @Test
  void fitsLambdasLimitsOfManifestAndSettings() {
    assertThat(image.manifestBlob().size()).isLessThan(25_400);
    assertThat(image.config().path("config").toString().getBytes(StandardCharsets.UTF_8).length)
        .isLessThan(16_384);
  }

  @Test
  void everyBlobHasTheDigestAndTheSizeThatItIsNamedWith() throws Exception {
    var blobs = new ArrayList<>(image.layers());
    blobs.add(image.configBlob());
    blobs.add(image.manifestBlob());
    for (ImageLayout.Blob blob : blobs) {
      assertThat(Files.size(image.file(blob))).isEqualTo(blob.size());
      try (InputStream in = Files.newInputStream(image.file(blob))) {
        assertThat("sha256:" + sha256(in)).isEqualTo(blob.digest());
      }
    }
  }

  @Test
  void configNamesTheUncompressedLayersInOrder() throws Exception {
    for (int i = 0; i < image.layers().size(); i++) {
      try (InputStream in =
          new GZIPInputStream(Files.newInputStream(image.file(image.layers().get(i))))) {
        assertThat("sha256:" + sha256(in))
            .isEqualTo(image.config().at("/rootfs/diff_ids/" + i).asText());
      }
    }
  }

  @Test
  void startsJavaItselfWithPathsThatAreRelative() {
    assertThat(image.entrypoint().getFirst()).isEqualTo("/jre/bin/java");
    assertThat(image.entrypoint().subList(1, image.entrypoint().size()))
        .noneMatch(part -> part.contains("=/") || part.startsWith("/"));
    assertThat(image.environment()).containsEntry("LD_LIBRARY_PATH", "../jre/lib");
    assertThat(image.workingDirectory()).isEqualTo("/app");
  }

  @Test
  void allowsSnapshotsOfIt() {
    assertThat(
            image
                .config()
                .path("config")
                .path("Labels")
                .path("com.amazonaws.lambda.feature.snapstart")
                .asText())
        .isEqualTo("Allow");
  }

  @Test
  void layersHoldOnlyFilesAndFoldersThatAllCanRead() throws IOException {
    for (ImageLayout.Blob layer : image.layers()) {
      image.forEachEntry(
          layer,
          (entry, content) -> {
            assertThat(entry.isFile() || entry.isDirectory()).as(entry.getName()).isTrue();
            assertThat(entry.isLink() || entry.isSymbolicLink()).as(entry.getName()).isFalse();
            assertThat(entry.getMode() & 0777)
                .as(entry.getName())
                .isIn(entry.isDirectory() ? List.of(0755) : List.of(0755, 0644));
            assertThat(entry.getLongUserId()).as(entry.getName()).isZero();
            assertThat(entry.getLongGroupId()).as(entry.getName()).isZero();
            assertThat(entry.getUserName() + entry.getGroupName()).as(entry.getName()).isEmpty();
          });
    }
  }

  @Test
  void everyFolderIsAnEntryBeforeWhatLiesInIt() throws IOException {
    for (ImageLayout.Blob layer : image.layers()) {
      Set<String> folders = new HashSet<>(Set.of(""));
      image.forEachEntry(
          layer,
          (entry, content) -> {
            String name = entry.getName().replaceAll("/$", "");
            assertThat(folders)
                .as(name)
                .contains(name.contains("/") ? name.substring(0, name.lastIndexOf('/')) : "");
            if (entry.isDirectory()) {
              folders.add(name);
            }
          });
    }
  }

  @Test
  void noFileIsOfTheMomentItWasBuilt() throws IOException {
    var times = new HashSet<Long>();
    for (ImageLayout.Blob layer : image.layers()) {
      image.forEachEntry(
          layer,
          (entry, content) -> {
            if (entry.isFile()) {
              times.add(entry.getLastModifiedTime().toMillis());
            }
          });
    }
    assertThat(times).hasSize(1);
    assertThat(image.config().path("created").asText())
        .isEqualTo(java.time.Instant.ofEpochMilli(times.iterator().next()).toString());
  }

  @Test
  void namesNeitherTheMachineNorTheUserThatBuiltIt() throws IOException {
    List<String> traces =
        List.of(
            Path.of("..").toRealPath().toString(),
            System.getProperty("java.home"),
            System.getProperty("user.home") + "/.");
    for (ImageLayout.Blob layer : image.layers()) {
      image.forEachEntry(
          layer,
          (entry, content) -> {
            String text = new String(content.readAllBytes(), StandardCharsets.ISO_8859_1);
            for (String trace : traces) {
              assertThat(text.contains(trace)).as("%s in %s", trace, entry.getName()).isFalse();
            }
          });
    }
  }

  @Test
  void bringsTheCLibraryAndNothingElseOfTheSystem() throws IOException {
    var brought = new ArrayList<String>();
    image.forEachEntry(
        image.layers().getFirst(),
        (entry, content) -> {
          if (entry.isFile() && !entry.getName().startsWith("jre/")) {
            brought.add(name(entry).replaceAll("\\.so.*", ""));
          }
        });
    String loader =
        System.getProperty("os.arch").equals("aarch64") ? "ld-linux-aarch64" : "ld-linux-x86-64";
    assertThat(brought)
        .containsExactlyInAnyOrder(loader, "libc", "libdl", "libm", "libpthread", "librt");
  }

  @Test
  void hasEveryJavaModuleThatItsJarsUse() throws IOException, InterruptedException {
    List<Path> jars =
        FileTree.files(Path.of("target/bundle/app")).stream()
            .filter(file -> file.toString().endsWith(".jar"))
            .toList();

    assertThat(
            new JavaRuntime(Jdk.ofThisBuild(), RuntimeImage.MODULES, RuntimeImage.MODULES_LEFT_OUT)
                .usesOfMissingModules(jars))
        .isEmpty();
  }

  private static String name(TarArchiveEntry entry) {
    return entry.getName().substring(entry.getName().lastIndexOf('/') + 1);
  }

  private static String sha256(InputStream in) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    new DigestInputStream(in, digest).transferTo(java.io.OutputStream.nullOutputStream());
    return HexFormat.of().formatHex(digest.digest());
  }
}
