package dev.feast.aws.localaws.s3;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Decodes {@code aws-chunked}: chunks of {@code <hex size>[;chunk-signature=…]\r\n<bytes>\r\n}, an
 * empty one, and trailing headers. The whole body's content is what counts here; chunk signatures
 * are read over.
 */
final class AwsChunkedInputStream extends InputStream {
  private static final int MAX_LINE = 8 << 10;

  private final InputStream in;
  private final Map<String, String> trailers = new LinkedHashMap<>();
  private long left;
  private boolean begun;
  private boolean ended;

  AwsChunkedInputStream(InputStream in) {
    this.in = in;
  }

  /**
   * The headers after the last chunk, names in lower case; complete once the stream has been read
   * to its end.
   */
  Map<String, String> trailers() {
    return trailers;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (left == 0 && !nextChunk()) {
      return -1;
    }
    int read = in.read(into, offset, (int) Math.min(length, left));
    if (read < 0) {
      throw S3Errors.incompleteBody();
    }
    left -= read;
    return read;
  }

  private boolean nextChunk() throws IOException {
    if (ended) {
      return false;
    }
    if (begun && !line().isEmpty()) {
      throw malformed();
    }
    begun = true;
    String header = line();
    int semicolon = header.indexOf(';');
    try {
      left = Long.parseLong(semicolon < 0 ? header : header.substring(0, semicolon), 16);
    } catch (NumberFormatException e) {
      throw malformed();
    }
    if (left > 0) {
      return true;
    }
    ended = true;
    for (String line = lastLine(); !line.isEmpty(); line = lastLine()) {
      int colon = line.indexOf(':');
      if (colon < 0) {
        throw malformed();
      }
      trailers.put(
          line.substring(0, colon).strip().toLowerCase(Locale.ROOT),
          line.substring(colon + 1).strip());
    }
    return false;
  }

  private String line() throws IOException {
    String line = readLine();
    if (line == null) {
      throw S3Errors.incompleteBody();
    }
    return line;
  }

  /** After the last chunk some clients leave out the empty line. */
  private String lastLine() throws IOException {
    String line = readLine();
    return line == null ? "" : line;
  }

  private @org.jspecify.annotations.Nullable String readLine() throws IOException {
    var line = new ByteArrayOutputStream();
    for (int b = in.read(); b >= 0; b = in.read()) {
      if (b == '\n') {
        String text = line.toString(StandardCharsets.ISO_8859_1);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
      }
      line.write(b);
      if (line.size() > MAX_LINE) {
        throw malformed();
      }
    }
    return line.size() == 0 ? null : line.toString(StandardCharsets.ISO_8859_1);
  }

  private static RuntimeException malformed() {
    return dev.feast.aws.localaws.spi.AwsError.of(
        400, "InvalidChunkSizeError", "The aws-chunked body is not well-formed");
  }
}
