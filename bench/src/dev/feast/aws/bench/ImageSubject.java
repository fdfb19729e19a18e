package dev.feast.aws.bench;

import dev.feast.aws.runtime.image.ImageLayout;
import dev.feast.aws.runtime.image.UnpackedImage;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.Map;

/** A function from a container image, started with the image's own entrypoint. */
final class ImageSubject implements Subject {
  private final String name;
  private final ImageLayout layout;
  private final UnpackedImage image;

  private ImageSubject(String name, ImageLayout layout, UnpackedImage image) {
    this.name = name;
    this.layout = layout;
    this.image = image;
  }

  /**
   * Unpacks an image, to be started as often as is wanted.
   *
   * @param layout OCI layout folder with one image
   * @param root folder to unpack into
   */
  static ImageSubject unpack(String name, Path layout, Path root)
      throws IOException, InterruptedException {
    ImageLayout opened = ImageLayout.open(layout);
    UnpackedImage image = UnpackedImage.of(opened, root);
    image.addDevices();
    return new ImageSubject(name, opened, image);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String facts() {
    return "%.1f MB compressed, %s"
        .formatted(
            layout.compressedSize() / 1e6,
            image.hasItsOwnRoot()
                ? "in its own root"
                : "paths below its unpacked root (its own root needs root)");
  }

  @Override
  public Process start(Map<String, String> environment) throws IOException {
    return image
        .process(layout.entrypoint(), environment)
        .redirectOutput(Redirect.DISCARD)
        .redirectError(Redirect.DISCARD)
        .start();
  }
}
