package dev.feast.aws.localaws.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The body of a response. Whoever discards a response without sending it closes its body. */
public sealed interface Body extends AutoCloseable {
  Body NONE = new Bytes(new byte[0]);

  static Body text(String text) {
    return new Bytes(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * How many bytes there will be; negative when only the end of the stream tells (sent chunked).
   */
  long length();

  @Override
  void close();

  /** A body that lies in memory. */
  @SuppressWarnings("ArrayRecordComponent") // handed to the socket as it is; never compared
  record Bytes(byte[] bytes) implements Body {
    @Override
    public long length() {
      return bytes.length;
    }

    @Override
    public void close() {}
  }

  /** A body that is copied to the socket while it is read; the server closes it. */
  record Stream(InputStream in, long length) implements Body {
    @Override
    public void close() {
      try {
        in.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
