package dev.feast.aws.operator.image;

import java.nio.file.Path;

/** Where an image is to be found. */
public sealed interface ImageSource {

  /** An OCI image layout: the folder with index.json and blobs. */
  record Layout(Path folder) implements ImageSource {}

  /**
   * An image in a registry.
   *
   * @param version a tag, or a digest {@code sha256:...}
   */
  record Remote(RemoteRepository repository, String version) implements ImageSource {}
}
