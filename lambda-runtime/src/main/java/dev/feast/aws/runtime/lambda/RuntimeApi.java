package dev.feast.aws.runtime.lambda;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.feast.aws.runtime.http.Deadline;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Lambda's Runtime API over {@link HttpURLConnection}, which starts faster than java.net.http and
 * which the AWS clients load anyway.
 */
public final class RuntimeApi {

  private static final String INVOCATION_ID = "Lambda-Runtime-Invocation-Id";
  private static final JsonFactory JSON = new JsonFactory();

  private final URI base;

  /**
   * @param hostAndPort what AWS_LAMBDA_RUNTIME_API holds
   */
  public RuntimeApi(String hostAndPort) {
    this.base = URI.create("http://" + hostAndPort + "/2018-06-01/runtime/");
  }

  /** Waits for the next event, for as long as there is none: Lambda freezes the process here. */
  Invocation next() throws IOException {
    HttpURLConnection connection = open("invocation/next");
    int status = connection.getResponseCode();
    byte[] body = bodyOf(connection);
    if (status != 200) {
      throw new IOException("the Runtime API answered " + status + " when asked for an event");
    }
    return new Invocation(
        header(connection, "Lambda-Runtime-Aws-Request-Id"),
        connection.getHeaderField(INVOCATION_ID),
        Deadline.atEpochMillis(Long.parseLong(header(connection, "Lambda-Runtime-Deadline-Ms"))),
        body);
  }

  /** Returns the status of Lambda's verdict: 202, or 413 when the answer was too large. */
  int respond(Invocation invocation, byte[] answer) throws IOException {
    return post(
        "invocation/" + invocation.requestId() + "/response",
        invocation.invocationId(),
        null,
        answer);
  }

  /** Tells Lambda that this invocation failed; the process goes on with the next one. */
  void fail(Invocation invocation, String type, String message) throws IOException {
    post(
        "invocation/" + invocation.requestId() + "/error",
        invocation.invocationId(),
        type,
        error(type, message));
  }

  /** Tells Lambda that the process cannot start; it is expected to exit afterwards. */
  public void failInit(String type, String message) throws IOException {
    post("init/error", null, type, error(type, message));
  }

  private int post(
      String path, @Nullable String invocationId, @Nullable String errorType, byte[] body)
      throws IOException {
    HttpURLConnection connection = open(path);
    connection.setRequestMethod("POST");
    connection.setDoOutput(true);
    // Not streamed: before a streamed POST the JDK waits a millisecond on a kept connection, to see
    // whether it was closed (sun.net.www.http.HttpClient.available). An answer that it copies, and
    // that it sends again where a kept connection turns out to be closed, costs less.
    connection.setRequestProperty("Content-Type", "application/json");
    if (invocationId != null) {
      connection.setRequestProperty(INVOCATION_ID, invocationId);
    }
    if (errorType != null) {
      connection.setRequestProperty("Lambda-Runtime-Function-Error-Type", errorType);
    }
    try (OutputStream out = connection.getOutputStream()) {
      out.write(body);
    }
    int status = connection.getResponseCode();
    bodyOf(connection);
    return status;
  }

  private HttpURLConnection open(String path) throws IOException {
    return (HttpURLConnection) base.resolve(path).toURL().openConnection();
  }

  /** Reads to the end, without which the connection would not be used again. */
  private static byte[] bodyOf(HttpURLConnection connection) throws IOException {
    InputStream body =
        connection.getResponseCode() < 400
            ? connection.getInputStream()
            : connection.getErrorStream();
    if (body == null) {
      return new byte[0];
    }
    try (body) {
      return body.readAllBytes();
    }
  }

  private static String header(HttpURLConnection connection, String name) {
    return Objects.requireNonNull(
        connection.getHeaderField(name), () -> "the Runtime API sent an event without " + name);
  }

  private static byte[] error(String type, String message) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeStringField("errorType", type);
      json.writeStringField("errorMessage", message);
      json.writeArrayFieldStart("stackTrace");
      json.writeEndArray();
      json.writeEndObject();
    }
    return bytes.toByteArray();
  }
}
