package dev.feast.aws.operator.image;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.DigestInputStream;

/** A blob that fails at its end, or as soon as it is too long, if it is not what it should be. */
final class CheckedBlob extends FilterInputStream {
  private final Descriptor descriptor;
  private final DigestInputStream digesting;
  private long read;
  private boolean checked;

  CheckedBlob(InputStream in, Descriptor descriptor) {
    this(new DigestInputStream(in, Document.sha256()), descriptor);
  }

  private CheckedBlob(DigestInputStream digesting, Descriptor descriptor) {
    super(digesting);
    this.digesting = digesting;
    this.descriptor = descriptor;
  }

  @Override
  public int read() throws IOException {
    int value = in.read();
    count(value < 0 ? -1 : 1);
    return value;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    int count = in.read(bytes, offset, length);
    count(count);
    return count;
  }

  @Override
  public long skip(long n) throws IOException {
    throw new IOException("what is skipped cannot be checked");
  }

  @Override
  public boolean markSupported() {
    return false;
  }

  private void count(int count) throws IOException {
    if (count < 0) {
      if (read != descriptor.size()) {
        throw new IOException(
            "%s has %d bytes and not %d".formatted(descriptor.digest(), read, descriptor.size()));
      }
      // Asked again at the end, the digest would start anew: it is asked once.
      if (!checked
          && !Document.named(digesting.getMessageDigest().digest()).equals(descriptor.digest())) {
        throw new IOException("the bytes of " + descriptor.digest() + " are others");
      }
      checked = true;
      return;
    }
    read += count;
    if (read > descriptor.size()) {
      throw new IOException(
          "%s has more than %d bytes".formatted(descriptor.digest(), descriptor.size()));
    }
  }
}
