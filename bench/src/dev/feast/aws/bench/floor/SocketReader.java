package dev.feast.aws.bench.floor;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;

/**
 * HTTP/1.1 by hand over connections that are kept: the bytes of the request are ready before the
 * clock runs, and those of the answer are read and not looked at. The signature is not one, for
 * local-aws checks none under a key that it did not issue.
 */
final class SocketReader implements BatchReader {
  /** As the runtime projects these three features. */
  static final String PROJECTION = "#k,#t,#v.#f0,#v.#f1,#v.#f2";

  static final Map<String, String> NAMES =
      Map.of(
          "#k", "entity_id",
          "#t", "event_ts",
          "#v", "values",
          "#f0", "conv_rate",
          "#f1", "acc_rate",
          "#f2", "avg_daily_trips");

  private record Connection(Socket socket, InputStream in) {}

  private final URI endpoint;
  private final String region;
  private final ConcurrentLinkedQueue<Connection> idle = new ConcurrentLinkedQueue<>();

  SocketReader(URI endpoint, String region) {
    this.endpoint = endpoint;
    this.region = region;
  }

  @Override
  public Prepared prepare(Batch batch) {
    byte[] request = request(json(batch));
    return () -> items(exchange(request));
  }

  private byte[] exchange(byte[] request) throws IOException {
    Connection connection = idle.poll();
    if (connection == null) {
      connection = connect();
    }
    connection.socket.getOutputStream().write(request);
    byte[] answer = answer(connection.in);
    idle.add(connection);
    return answer;
  }

  private Connection connect() throws IOException {
    var socket = new Socket(endpoint.getHost(), endpoint.getPort());
    socket.setTcpNoDelay(true);
    return new Connection(socket, new BufferedInputStream(socket.getInputStream(), 1 << 16));
  }

  private byte[] request(String json) {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    String head =
        "POST / HTTP/1.1\r\nHost: "
            + endpoint.getAuthority()
            + "\r\nX-Amz-Target: DynamoDB_20120810.BatchGetItem\r\n"
            + "Content-Type: application/x-amz-json-1.0\r\n"
            + "Authorization: AWS4-HMAC-SHA256 Credential=floor/20260101/"
            + region
            + "/dynamodb/aws4_request, SignedHeaders=host, Signature="
            + "0".repeat(64)
            + "\r\n"
            + "Content-Length: "
            + body.length
            + "\r\n\r\n";
    byte[] headBytes = head.getBytes(StandardCharsets.US_ASCII);
    byte[] request = new byte[headBytes.length + body.length];
    System.arraycopy(headBytes, 0, request, 0, headBytes.length);
    System.arraycopy(body, 0, request, headBytes.length, body.length);
    return request;
  }

  /** Nothing in it needs escaping. */
  private static String json(Batch batch) {
    String names =
        NAMES.entrySet().stream()
            .map(name -> "\"" + name.getKey() + "\":\"" + name.getValue() + "\"")
            .collect(Collectors.joining(","));
    return batch.keys().entrySet().stream()
        .map(
            table ->
                "\""
                    + table.getKey()
                    + "\":{\"Keys\":["
                    + table.getValue().stream()
                        .map(id -> "{\"entity_id\":{\"S\":\"" + id + "\"}}")
                        .collect(Collectors.joining(","))
                    + "],\"ProjectionExpression\":\""
                    + PROJECTION
                    + "\",\"ExpressionAttributeNames\":{"
                    + names
                    + "}}")
        .collect(Collectors.joining(",", "{\"RequestItems\":{", "}}"));
  }

  private static byte[] answer(InputStream in) throws IOException {
    String status = line(in);
    int length = -1;
    for (String header = line(in); !header.isEmpty(); header = line(in)) {
      String lower = header.toLowerCase(Locale.ROOT);
      if (lower.startsWith("content-length:")) {
        length = Integer.parseInt(lower.substring("content-length:".length()).strip());
      }
    }
    if (length < 0) {
      throw new IOException("expected an answer with a Content-Length");
    }
    byte[] body = in.readNBytes(length);
    if (!status.contains(" 200 ")) {
      throw new UncheckedIOException(
          new IOException(status + " " + new String(body, StandardCharsets.UTF_8)));
    }
    return body;
  }

  private static String line(InputStream in) throws IOException {
    var line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException();
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  /** Each has its time once, as {@code "event_ts":}. */
  private static int items(byte[] answer) {
    int items = 0;
    for (int i = 0; i + 10 < answer.length; i++) {
      if (answer[i] == '"'
          && answer[i + 1] == 'e'
          && answer[i + 2] == 'v'
          && answer[i + 9] == '"') {
        items++;
      }
    }
    return items;
  }
}
