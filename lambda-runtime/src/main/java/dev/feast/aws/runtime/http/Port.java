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
import java.util.concurrent.Executors;

/** The local feature server: the same handler on a plain HTTP port. */
public final class Port implements AutoCloseable {

  /** What an HTTP API of API Gateway waits as well. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final HttpServer server;

  private Port(HttpServer server) {
    this.server = server;
  }

  /**
   * @param port 0 for any free one
   */
  public static Port open(String host, int port, Handler handler) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getByName(host), port), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", exchange -> answer(exchange, handler));
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

  private static void answer(HttpExchange exchange, Handler handler) throws IOException {
    try (exchange) {
      // One byte more than is taken, so that the handler sees that it is too much.
      byte[] body = exchange.getRequestBody().readNBytes(Request.MAX_BODY_BYTES + 1);
      Answer answer =
          handler.handle(
              new Request(
                  exchange.getRequestMethod(),
                  exchange.getRequestURI().getPath(),
                  headersOf(exchange),
                  body,
                  Deadline.in(PATIENCE)));
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
}
