package dev.feast.aws.operator.validation;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** Gzip at its best level and without time or name in the header: one text is always one value. */
final class Gzip extends GZIPOutputStream {
  private Gzip(OutputStream out) throws IOException {
    super(out);
    def.setLevel(Deflater.BEST_COMPRESSION);
  }

  static byte[] compress(byte[] bytes) {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (OutputStream gzip = new Gzip(compressed)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return compressed.toByteArray();
  }
}
