package dev.feast.aws.localaws.sigv4;

import dev.feast.aws.localaws.http.Headers;
import dev.feast.aws.localaws.spi.AwsError;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decodes {@code aws-chunked}: chunks of {@code <hex size>[;chunk-signature=…]\r\n<bytes>\r\n}, an
 * empty one, and trailing headers. Where a key to check them by is known, a wrong signature of a
 * chunk or of the trailers ends the stream with an error.
 */
final class AwsChunkedInputStream extends InputStream {
  private static final int MAX_LINE = 8 << 10;
  private static final String TRAILER_SIGNATURE = "x-amz-trailer-signature";

  private final InputStream in;
  private final @Nullable ChunkSignatures signatures;
  private Headers trailers = Headers.NONE;
  private String signature = "";
  private long left;
  private boolean begun;
  private boolean ended;

  AwsChunkedInputStream(InputStream in, Optional<ChunkSignatures> signatures) {
    this.in = in;
    this.signatures = signatures.orElse(null);
  }

  /** The headers after the last chunk; complete once the stream has been read to its end. */
  Headers trailers() {
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
      throw cutShort();
    }
    left -= read;
    if (signatures != null) {
      signatures.update(into, offset, read);
      if (left == 0) {
        signatures.checkChunk(signature);
      }
    }
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
    readChunkHeader(line());
    if (left > 0) {
      return true;
    }
    ended = true;
    if (signatures != null) {
      signatures.checkChunk(signature);
    }
    readTrailers();
    return false;
  }

  private void readChunkHeader(String header) {
    int semicolon = header.indexOf(';');
    try {
      left = Long.parseLong(semicolon < 0 ? header : header.substring(0, semicolon), 16);
    } catch (NumberFormatException e) {
      throw malformed();
    }
    signature = header.substring(header.indexOf('=') + 1);
  }

  private void readTrailers() throws IOException {
    String trailerSignature = "";
    for (String line = lastLine(); !line.isEmpty(); line = lastLine()) {
      int colon = line.indexOf(':');
      if (colon < 0) {
        throw malformed();
      }
      String name = line.substring(0, colon).strip();
      String value = line.substring(colon + 1).strip();
      if (name.equalsIgnoreCase(TRAILER_SIGNATURE)) {
        trailerSignature = value;
      } else {
        trailers = trailers.plus(name, value);
      }
    }
    if (signatures != null && !trailers.fields().isEmpty()) {
      signatures.checkTrailers(trailers, trailerSignature);
    }
  }

  private String line() throws IOException {
    return readLine().orElseThrow(AwsChunkedInputStream::cutShort);
  }

  /** After the last chunk some clients leave out the empty line. */
  private String lastLine() throws IOException {
    return readLine().orElse("");
  }

  /** Empty at the end of the body. */
  private Optional<String> readLine() throws IOException {
    var line = new ByteArrayOutputStream();
    for (int b = in.read(); b >= 0; b = in.read()) {
      if (b == '\n') {
        String text = line.toString(StandardCharsets.ISO_8859_1);
        return Optional.of(text.endsWith("\r") ? text.substring(0, text.length() - 1) : text);
      }
      line.write(b);
      if (line.size() > MAX_LINE) {
        throw malformed();
      }
    }
    return line.size() == 0
        ? Optional.empty()
        : Optional.of(line.toString(StandardCharsets.ISO_8859_1));
  }

  private static AwsError cutShort() {
    return AwsError.of(400, "IncompleteBody", "The request body terminated unexpectedly");
  }

  private static AwsError malformed() {
    return AwsError.of(400, "InvalidChunkSizeError", "The aws-chunked body is not well-formed");
  }
}
