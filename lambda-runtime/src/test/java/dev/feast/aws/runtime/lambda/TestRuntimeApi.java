package dev.feast.aws.runtime.lambda;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** As much of Lambda's Runtime API as a runtime sees, over HTTP. */
public final class TestRuntimeApi implements AutoCloseable {

  /** What the runtime sent back. */
  public record Sent(
      String path, @Nullable String invocationId, @Nullable String errorType, String body) {}

  private record Event(String requestId, String payload) {}

  private final HttpServer server;
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final BlockingQueue<Sent> sent = new LinkedBlockingQueue<>();
  private final CountDownLatch snapshot = new CountDownLatch(1);
  private final CountDownLatch restored = new CountDownLatch(1);
  private volatile int verdict = 202;
  private volatile boolean gone;

  public TestRuntimeApi() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/2018-06-01/runtime/", this::handle);
    server.start();
  }

  /** What AWS_LAMBDA_RUNTIME_API holds. */
  public String hostAndPort() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  public void invoke(String requestId, String payload) {
    events.add(new Event(requestId, payload));
  }

  /** Returns when the runtime may be put into a snapshot. */
  public void awaitSnapshot() throws InterruptedException {
    if (!snapshot.await(30, TimeUnit.SECONDS)) {
      throw new AssertionError("the runtime was not ready for a snapshot within 30 s");
    }
  }

  /** Has the runtime go on, as if it were restored from its snapshot. */
  public void restore() {
    restored.countDown();
  }

  /** Answers each response with this status from now on. */
  void answerWith(int status) {
    verdict = status;
  }

  /** Answers whoever waits for an event with 500. */
  void shutDown() {
    gone = true;
    events.add(new Event("", ""));
  }

  public Sent takeSent() throws InterruptedException {
    Sent next = sent.poll(30, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("the runtime sent nothing within 30 s");
    }
    return next;
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (exchange.getRequestURI().getPath().endsWith("/restore/next")) {
        snapshot.countDown();
        restored.await();
        exchange.sendResponseHeaders(200, -1);
      } else if (exchange.getRequestMethod().equals("GET")) {
        sendNext(exchange);
      } else {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        sent.add(
            new Sent(
                exchange.getRequestURI().getPath().substring("/2018-06-01/runtime/".length()),
                exchange.getRequestHeaders().getFirst("Lambda-Runtime-Invocation-Id"),
                exchange.getRequestHeaders().getFirst("Lambda-Runtime-Function-Error-Type"),
                body));
        byte[] answer = "{\"status\":\"OK\"}".getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(verdict, answer.length);
        exchange.getResponseBody().write(answer);
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private void sendNext(HttpExchange exchange) throws IOException, InterruptedException {
    Event event = events.take();
    if (gone) {
      exchange.sendResponseHeaders(500, -1);
      return;
    }
    byte[] payload = event.payload().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Lambda-Runtime-Aws-Request-Id", event.requestId());
    exchange
        .getResponseHeaders()
        .set("Lambda-Runtime-Invocation-Id", "invocation-of-" + event.requestId());
    exchange
        .getResponseHeaders()
        .set(
            "Lambda-Runtime-Deadline-Ms",
            Long.toString(Instant.now().plus(Duration.ofSeconds(20)).toEpochMilli()));
    exchange.sendResponseHeaders(200, payload.length);
    exchange.getResponseBody().write(payload);
  }
}
