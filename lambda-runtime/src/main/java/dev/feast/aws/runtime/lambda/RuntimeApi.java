package dev.feast.aws.runtime.lambda;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.feast.aws.runtime.http.Deadline;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URISyntaxException;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.Method;
import org.apache.hc.core5.http.impl.DefaultConnectionReuseStrategy;
import org.apache.hc.core5.http.impl.io.DefaultBHttpClientConnectionFactory;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.io.HttpClientConnection;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.apache.hc.core5.http.protocol.DefaultHttpProcessor;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.http.protocol.HttpProcessor;
import org.apache.hc.core5.http.protocol.RequestContent;
import org.apache.hc.core5.http.protocol.RequestTargetHost;
import org.apache.hc.core5.io.CloseMode;
import org.jspecify.annotations.Nullable;

/**
 * Lambda's Runtime API over one connection that is kept. HttpCore is beneath the AWS clients, too:
 * what its pools and their clients would add costs more than all of this. For one thread at a time.
 */
public final class RuntimeApi {

  private static final String INVOCATION_ID = "Lambda-Runtime-Invocation-Id";
  private static final String PATH = "/2018-06-01/runtime/";
  private static final JsonFactory JSON = new JsonFactory();

  private final HttpHost host;
  private final HttpRequestExecutor executor = new HttpRequestExecutor();

  /** Not those that a client usually has: the Runtime API is not asked whether to go on first. */
  private final HttpProcessor headers =
      new DefaultHttpProcessor(new RequestTargetHost(), new RequestContent());

  private @Nullable HttpClientConnection kept;

  /** What the Runtime API said, read to its end. */
  private record Reply(ClassicHttpResponse head, byte[] body) {
    String header(String name) throws IOException {
      @Nullable String value = headerOrNull(name);
      if (value == null) {
        throw new IOException("the Runtime API sent an event without " + name);
      }
      return value;
    }

    @Nullable String headerOrNull(String name) {
      @Nullable Header header = head.getFirstHeader(name);
      return header == null ? null : header.getValue();
    }
  }

  /**
   * @param hostAndPort what AWS_LAMBDA_RUNTIME_API holds
   */
  public RuntimeApi(String hostAndPort) {
    try {
      this.host = HttpHost.create("http://" + hostAndPort);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("no host and port: " + hostAndPort, e);
    }
  }

  /** Waits for the next event, for as long as there is none: Lambda freezes the process here. */
  Invocation next() throws IOException {
    Reply event = send(request(Method.GET, "invocation/next"));
    if (event.head().getCode() != 200) {
      throw new IOException(
          "the Runtime API answered " + event.head().getCode() + " when asked for an event");
    }
    return new Invocation(
        event.header("Lambda-Runtime-Aws-Request-Id"),
        event.headerOrNull(INVOCATION_ID),
        Deadline.atEpochMillis(Long.parseLong(event.header("Lambda-Runtime-Deadline-Ms"))),
        event.body());
  }

  /**
   * Says that the process may be put into a snapshot, and returns when it goes on: in an execution
   * environment that was restored from it, maybe days later and one of many.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/lambda/latest/dg/snapstart-runtime-hooks-custom.html">
   *     SnapStart hooks for container images</a>
   */
  public void awaitRestore() throws IOException {
    Reply restored = send(request(Method.GET, "restore/next"));
    if (restored.head().getCode() != 200) {
      throw new IOException(
          "the Runtime API answered " + restored.head().getCode() + " when asked for a snapshot");
    }
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

  /** Tells Lambda that what was restored cannot go on; it is expected to exit afterwards. */
  public void failRestore(String type, String message) throws IOException {
    post("restore/error", null, type, error(type, message));
  }

  private int post(
      String path, @Nullable String invocationId, @Nullable String errorType, byte[] body)
      throws IOException {
    ClassicHttpRequest request = request(Method.POST, path);
    request.setEntity(new ByteArrayEntity(body, ContentType.APPLICATION_JSON));
    if (invocationId != null) {
      request.setHeader(INVOCATION_ID, invocationId);
    }
    if (errorType != null) {
      request.setHeader("Lambda-Runtime-Function-Error-Type", errorType);
    }
    return send(request).head().getCode();
  }

  private ClassicHttpRequest request(Method method, String path) {
    return new BasicClassicHttpRequest(method, host, PATH + path);
  }

  /** Once more on a new connection, where the kept one turns out to be closed. */
  private Reply send(ClassicHttpRequest request) throws IOException {
    var context = HttpCoreContext.create();
    try {
      executor.preProcess(request, headers, context);
      @Nullable HttpClientConnection connection = kept;
      kept = null;
      if (connection != null) {
        try {
          return send(request, connection, context);
        } catch (IOException e) {
          connection.close(CloseMode.IMMEDIATE);
        }
      }
      return send(request, connect(), context);
    } catch (HttpException e) {
      throw new IOException("the Runtime API does not speak HTTP: " + e.getMessage(), e);
    }
  }

  private Reply send(
      ClassicHttpRequest request, HttpClientConnection connection, HttpCoreContext context)
      throws IOException, HttpException {
    ClassicHttpResponse response = executor.execute(request, connection, context);
    byte @Nullable [] body = EntityUtils.toByteArray(response.getEntity());
    if (DefaultConnectionReuseStrategy.INSTANCE.keepAlive(request, response, context)) {
      kept = connection;
    } else {
      connection.close();
    }
    return new Reply(response, body == null ? new byte[0] : body);
  }

  private HttpClientConnection connect() throws IOException {
    var socket = new Socket(host.getHostName(), host.getPort());
    try {
      socket.setTcpNoDelay(true);
      return DefaultBHttpClientConnectionFactory.builder().build().createConnection(socket);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
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
