package dev.feast.aws.runtime.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** The local feature server: the same handler on a plain HTTP port. */
public final class Port implements AutoCloseable {

  /** What an HTTP API of API Gateway waits as well. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Requests that are in memory at once: of some 100 MB each at the most. */
  private static final int AT_ONCE = 16;

  private static final Duration WAIT_FOR_TURN = Duration.ofSeconds(5);

  private final HttpServer server;

  private Port(HttpServer server) {
    this.server = server;
  }

  /**
   * @param port 0 for any free one
   */
  public static Port open(String host, int port, Handler handler) throws IOException {
    return open(host, port, handler, AT_ONCE, WAIT_FOR_TURN);
  }

  static Port open(String host, int port, Handler handler, int atOnce, Duration waitForTurn)
      throws IOException {
    // Fair, so that the wait is as long as it is said to be.
    var turns = new Semaphore(atOnce, true);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getByName(host), port), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", exchange -> answer(exchange, handler, turns, waitForTurn));
    server.start();
    return new Port(server);
  }

  public int number() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private static Map<String, String> headersOf(HttpExchange exchange) {
    Map<String, String> headers = new HashMap<>();
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) -> headers.put(name.toLowerCase(Locale.ROOT), String.join(",", values)));
    return headers;
  }

  private static void answer(
      HttpExchange exchange, Handler handler, Semaphore turns, Duration waitForTurn)
      throws IOException {
    try (exchange) {
      if (!turns.tryAcquire(waitForTurn.toMillis(), TimeUnit.MILLISECONDS)) {
        send(
            exchange,
            Answer.error(
                ErrorCode.OVERLOADED,
                "too many requests at once for one feature server; try again"));
        return;
      }
      try {
        send(exchange, answerTo(exchange, handler));
      } finally {
        turns.release();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Answer answerTo(HttpExchange exchange, Handler handler) throws IOException {
    // One byte more than is taken, so that the handler sees that it is too much.
    byte[] body = exchange.getRequestBody().readNBytes(Request.MAX_BODY_BYTES + 1);
    return handler.handle(
        new Request(
            exchange.getRequestMethod(),
            // A target such as host:port has none.
            Objects.requireNonNullElse(exchange.getRequestURI().getPath(), ""),
            headersOf(exchange),
            body,
            Deadline.in(PATIENCE)));
  }

  private static void send(HttpExchange exchange, Answer answer) throws IOException {
    exchange.getResponseHeaders().set("content-type", Answer.CONTENT_TYPE);
    answer.headers().forEach(exchange.getResponseHeaders()::set);
    boolean bodiless = exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(answer.status(), bodiless ? -1 : answer.body().length);
    if (!bodiless) {
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(answer.body());
      }
    }
  }
}
