package dev.feast.aws.localaws.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A request as it came: path and query still percent-encoded, header names as they were sent. */
public final class Request {
  /** What {@link #bytes()} reads at most; larger bodies are for {@link #body()}. */
  public static final int MAX_BUFFERED_BYTES = 64 << 20;

  private final String method;
  private final String rawPath;
  private final String rawQuery;
  private final Headers headers;
  private final String remoteAddress;
  private final InputStream socket;
  private final Supplier<Headers> trailers;
  private byte @Nullable [] buffered;

  public Request(
      String method,
      String rawPath,
      String rawQuery,
      Headers headers,
      String remoteAddress,
      InputStream body) {
    this(method, rawPath, rawQuery, headers, remoteAddress, body, () -> Headers.NONE);
  }

  private Request(
      String method,
      String rawPath,
      String rawQuery,
      Headers headers,
      String remoteAddress,
      InputStream body,
      Supplier<Headers> trailers) {
    this.method = method;
    this.rawPath = rawPath;
    this.rawQuery = rawQuery;
    this.headers = headers;
    this.remoteAddress = remoteAddress;
    this.socket = body;
    this.trailers = trailers;
  }

  public String method() {
    return method;
  }

  /** Begins with a slash, percent-encoded as sent, not normalised. */
  public String rawPath() {
    return rawPath;
  }

  /** Without the question mark; empty when there is none. */
  public String rawQuery() {
    return rawQuery;
  }

  /** The query's parameters, decoded. */
  public Parameters query() {
    return Parameters.parse(rawQuery);
  }

  public Headers headers() {
    return headers;
  }

  public Optional<String> header(String name) {
    return headers.first(name);
  }

  /** The client's IP address. */
  public String remoteAddress() {
    return remoteAddress;
  }

  /** What Content-Length says; empty for a chunked body. */
  public Optional<Long> contentLength() {
    return header("Content-Length").map(Long::parseLong);
  }

  /** The body, to be read once; after {@link #bytes()} it starts again at the front. */
  public InputStream body() {
    return buffered == null ? socket : new ByteArrayInputStream(buffered);
  }

  /**
   * The whole body; may be asked for again.
   *
   * @throws IOException when the client goes away, or sends more than {@link #MAX_BUFFERED_BYTES}
   */
  public byte[] bytes() throws IOException {
    if (buffered == null) {
      byte[] read = socket.readNBytes(MAX_BUFFERED_BYTES);
      if (read.length == MAX_BUFFERED_BYTES && socket.read() >= 0) {
        throw new IOException("The request body is larger than " + MAX_BUFFERED_BYTES + " bytes");
      }
      buffered = read;
    }
    return buffered;
  }

  /** Headers that came behind the body; complete once it has been read to its end. */
  public Headers trailers() {
    return trailers.get();
  }

  /** The same request under another path, for what is mounted below a prefix. */
  public Request withRawPath(String path) {
    return new Request(method, path, rawQuery, headers, remoteAddress, body(), trailers);
  }

  /** The same request with its body taken out of a wrapping. */
  public Request withBody(InputStream body, Supplier<Headers> trailers) {
    return new Request(method, rawPath, rawQuery, headers, remoteAddress, body, trailers);
  }
}
