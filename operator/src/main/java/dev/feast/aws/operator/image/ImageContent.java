package dev.feast.aws.operator.image;

import java.io.IOException;
import java.io.InputStream;

/** What can be read of an image, wherever it is. */
interface ImageContent {
  /** Nothing that is read into memory is larger; registries limit manifests to 4 MiB. */
  int MAX_DOCUMENT_BYTES = 4 * 1024 * 1024;

  /** The document that stands for the whole image: a manifest or an index. */
  Document root() throws ImageException, IOException, InterruptedException;

  /** A manifest or index that another one lists. */
  Document document(Descriptor descriptor) throws ImageException, IOException, InterruptedException;

  /** A blob; the caller closes it, and checks size and digest. */
  InputStream blob(Descriptor descriptor) throws ImageException, IOException, InterruptedException;

  /** How the image is called in messages. */
  String name();
}
