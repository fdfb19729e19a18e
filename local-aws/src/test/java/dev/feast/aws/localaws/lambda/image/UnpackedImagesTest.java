package dev.feast.aws.localaws.lambda.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.feast.aws.localaws.ecr.Digest;
import dev.feast.aws.localaws.ecr.Manifest;
import dev.feast.aws.localaws.lambda.ImageRefused;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class UnpackedImagesTest {
  private static final String GZIP = "application/vnd.oci.image.layer.v1.tar+gzip";
  private static final Digest DIGEST = new Digest("a".repeat(64));

  private Path root;

  @BeforeEach
  void start(@TempDir Path folder) {
    root = folder;
  }

  @Test
  void putsLayersOverEachOther() throws Exception {
    unpack(
        Layers.layer()
            .file("app/keep", "keep")
            .file("app/replace", "old")
            .file("app/gone", "gone")
            .file("opaque/below", "below")
            .file("turns", "a file"));
    unpack(
        Layers.layer()
            .file("app/replace", "new")
            .orphan("app/.wh.gone")
            .file("opaque/above", "above")
            .orphan("opaque/.wh..wh..opq")
            .file("turns/into", "a folder"));

    assertThat(root.resolve("app/keep")).hasContent("keep");
    assertThat(root.resolve("app/replace")).hasContent("new");
    assertThat(root.resolve("app/gone")).doesNotExist();
    assertThat(root.resolve("opaque/below")).doesNotExist();
    assertThat(root.resolve("opaque/above")).hasContent("above");
    assertThat(root.resolve("turns/into")).hasContent("a folder");
  }

  @Test
  void keepsModesAndSymbolicLinks() throws Exception {
    unpack(
        Layers.layer().file("bin/run", 0750, new byte[] {1}).symbolicLink("bin/link", "/bin/run"));

    assertThat(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(root.resolve("bin/run"))))
        .isEqualTo("rwxr-x---");
    assertThat(Files.readSymbolicLink(root.resolve("bin/link"))).hasToString("/bin/run");
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        Arguments.of(
            "a hard link",
            GZIP,
            Layers.layer().file("a", "a").hardLink("b", "a"),
            "UnsupportedImageLayerDetected"),
        Arguments.of(
            "a missing folder", GZIP, Layers.layer().orphan("a/b"), "MissingParentDirectory"),
        Arguments.of(
            "zstd",
            "application/vnd.oci.image.layer.v1.tar+zstd",
            Layers.layer().file("a", "a"),
            "UnsupportedImageLayerDetected"),
        Arguments.of(
            "a path out of the image",
            GZIP,
            Layers.layer().folder("a").orphan("a/../../b"),
            "UnsupportedImageLayerDetected"),
        Arguments.of(
            "a link out of the image",
            GZIP,
            Layers.layer().folder("a").symbolicLink("a", "..").orphan("a/b"),
            "UnsupportedImageLayerDetected"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refused")
  void refusesWhatLambdaRefuses(String what, String mediaType, Layers layer, String code) {
    ImageRefused refused =
        catchThrowableOfType(
            ImageRefused.class,
            () ->
                new LayerUnpacker(root, new Manifest.Descriptor(mediaType, DIGEST, 1))
                    .unpack(new ByteArrayInputStream(layer.gzipped())));

    assertThat(refused.code()).isEqualTo("InvalidImage");
    assertThat(refused.text())
        .isEqualTo("ImageLayerFailure: " + code + " - Layer Digest " + DIGEST);
  }

  private void unpack(Layers layer) throws Exception {
    new LayerUnpacker(root, new Manifest.Descriptor(GZIP, DIGEST, 1))
        .unpack(new ByteArrayInputStream(layer.gzipped()));
  }
}
