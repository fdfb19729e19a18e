package dev.feast.aws.localaws.lambda.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.feast.aws.localaws.ecr.Digest;
import dev.feast.aws.localaws.ecr.Manifest;
import dev.feast.aws.localaws.lambda.ImageRefused;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
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

  /** Deep in the folder: an unpacker that lets a layer out of its root harms nothing else. */
  @BeforeEach
  void start(@TempDir Path folder) throws IOException {
    root = Files.createDirectories(folder.resolve("machine/images/root"));
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

  @Test
  void changesNothingOutsideTheImage() throws Exception {
    Path machine = Files.createDirectory(root.resolveSibling("machine"));
    Files.setPosixFilePermissions(machine, PosixFilePermissions.fromString("rwx------"));
    unpack(Layers.layer().folder("a").symbolicLink("a", machine.toString()));

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(machine)))
        .isEqualTo("rwx------");
  }

  @Test
  void hidesOnlyWhatIsInLayersBelow() throws Exception {
    unpack(Layers.layer().file("app/below", "below"));
    unpack(Layers.layer().file("app/mine", "mine").orphan("app/.wh.mine").orphan("app/.wh.below"));

    assertThat(root.resolve("app/mine")).hasContent("mine");
    assertThat(root.resolve("app/below")).doesNotExist();
  }

  @Test
  void unpacksFoldersThatMayNotBeWrittenOrEntered() throws Exception {
    unpack(
        Layers.layer().folder("shut", 0000).folder("shut/below", 0500).file("shut/below/f", "f"));

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root.resolve("shut"))))
        .isEqualTo("---------");
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
            "no compression",
            "application/vnd.oci.image.layer.v1.tar",
            Layers.layer().file("a", "a"),
            "UnsupportedImageLayerDetected"),
        Arguments.of(
            "a path out of the image",
            GZIP,
            Layers.layer().folder("a").orphan("a/../../b"),
            "UnsupportedImageLayerDetected"),
        Arguments.of(
            "below a folder that became a link out of the image",
            GZIP,
            Layers.layer().folder("a").symbolicLink("a", "..").orphan("a/b"),
            "MissingParentDirectory"),
        Arguments.of(
            "below a folder that became a dangling link",
            GZIP,
            Layers.layer().folder("a/b").symbolicLink("a", "nowhere").orphan("a/b/c"),
            "MissingParentDirectory"),
        Arguments.of(
            "below a folder that became a file",
            GZIP,
            Layers.layer().folder("a").orphan("a").orphan("a/b"),
            "MissingParentDirectory"),
        Arguments.of(
            "a whiteout of the folder it is in",
            GZIP,
            Layers.layer().folder("a").orphan("a/.wh.."),
            "UnsupportedImageLayerDetected"),
        Arguments.of(
            "a whiteout of the folder above the image",
            GZIP,
            Layers.layer().orphan(".wh..."),
            "UnsupportedImageLayerDetected"),
        Arguments.of(
            "a whiteout of nothing",
            GZIP,
            Layers.layer().folder("a").orphan("a/.wh."),
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

  static Stream<Arguments> unreadable() {
    byte[] whole = Layers.layer().file("a", "some text that is there").gzipped();
    byte[] large = Layers.layer().file("a", 0644, noise(1 << 20)).gzipped();
    return Stream.of(
        Arguments.of("nothing", new byte[0]),
        Arguments.of("no gzip", "text".getBytes(StandardCharsets.UTF_8)),
        Arguments.of("gzip that is cut off", Arrays.copyOf(whole, whole.length / 2)),
        Arguments.of("gzip that is cut off in a file", Arrays.copyOf(large, large.length / 2)),
        Arguments.of("a tar archive that is cut off", gzip(Arrays.copyOf(tar(), 600))),
        Arguments.of("no tar archive", gzip(noise(4096))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("unreadable")
  void refusesWhatCannotBeRead(String what, byte[] layer) {
    ImageRefused refused =
        catchThrowableOfType(
            ImageRefused.class,
            () ->
                new LayerUnpacker(root, new Manifest.Descriptor(GZIP, DIGEST, 1))
                    .unpack(new ByteArrayInputStream(layer)));

    assertThat(refused.code()).isEqualTo("InvalidImage");
  }

  private static byte[] noise(int bytes) {
    byte[] noise = new byte[bytes];
    new Random(1).nextBytes(noise);
    return noise;
  }

  private static byte[] tar() {
    try (var in =
        new GZIPInputStream(new ByteArrayInputStream(Layers.layer().file("a", "text").gzipped()))) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] gzip(byte[] content) {
    var bytes = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(bytes)) {
      gzip.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private void unpack(Layers layer) throws Exception {
    new LayerUnpacker(root, new Manifest.Descriptor(GZIP, DIGEST, 1))
        .unpack(new ByteArrayInputStream(layer.gzipped()));
  }
}
