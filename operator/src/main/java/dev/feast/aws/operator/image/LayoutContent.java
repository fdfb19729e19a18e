package dev.feast.aws.operator.image;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** An image in an OCI layout. */
record LayoutContent(Path folder) implements ImageContent {

  @Override
  public Document root() throws ImageException, IOException {
    return read(folder.resolve("index.json"), Document.OCI_INDEX);
  }

  @Override
  public Document document(Descriptor descriptor) throws ImageException, IOException {
    Document document = read(file(descriptor), descriptor.mediaType());
    if (!document.digest().equals(descriptor.digest())) {
      throw new IOException(file(descriptor) + " is not what its name says");
    }
    return document;
  }

  @Override
  public InputStream blob(Descriptor descriptor) throws ImageException, IOException {
    try {
      return Files.newInputStream(file(descriptor));
    } catch (NoSuchFileException e) {
      throw missing(e);
    }
  }

  @Override
  public String name() {
    return "the image in " + folder;
  }

  private Path file(Descriptor descriptor) {
    return folder.resolve("blobs").resolve(descriptor.digest().replace(':', '/'));
  }

  private Document read(Path file, String mediaType) throws ImageException, IOException {
    try {
      if (Files.size(file) > MAX_DOCUMENT_BYTES) {
        throw new ImageException(
            new ImageOutcome.Unsupported(file + " is too large for a manifest"));
      }
      return Document.of(Files.readAllBytes(file), mediaType);
    } catch (NoSuchFileException e) {
      throw missing(e);
    }
  }

  private ImageException missing(NoSuchFileException e) {
    return new ImageException(new ImageOutcome.NotFound(name() + ", which has no " + e.getFile()));
  }
}
