package dev.feast.aws.operator.controller;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.feast.aws.operator.metrics.OperatorMetrics;
import io.javaoperatorsdk.operator.RuntimeInfo;
import io.javaoperatorsdk.operator.health.EventSourceHealthIndicator;
import io.javaoperatorsdk.operator.health.InformerHealthIndicator;
import io.javaoperatorsdk.operator.health.InformerWrappingEventSourceHealthIndicator;
import io.javaoperatorsdk.operator.health.Status;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/**
 * {@code /healthz} (the process works: nothing in it gave up for good) and {@code /readyz} (it sees
 * the cluster: every informer has synced and watches, and the webhook, where there is one, has a
 * certificate). Without the API server it is alive but not ready, for a restart would not help.
 * Beside them {@code /metrics}, for Prometheus.
 */
final class HealthServer implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final Supplier<RuntimeInfo> operator;
  private final Supplier<Optional<String>> webhookProblem;
  private final OperatorMetrics metrics;

  /**
   * @param operator what JOSDK says of itself, asked at each request
   * @param webhookProblem why the webhook, where there is one, cannot answer; asked as well
   */
  HealthServer(
      int port,
      Supplier<RuntimeInfo> operator,
      Supplier<Optional<String>> webhookProblem,
      OperatorMetrics metrics)
      throws IOException {
    this.operator = operator;
    this.webhookProblem = webhookProblem;
    this.metrics = metrics;
    this.server = HttpServer.create(new InetSocketAddress(port), 0);
    server.setExecutor(executor);
    server.createContext("/healthz", exchange -> answer(exchange, alive()));
    server.createContext("/readyz", exchange -> answer(exchange, ready()));
    server.createContext("/metrics", this::scrape);
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    executor.close();
  }

  private record Answer(boolean good, String text) {}

  private Answer alive() {
    RuntimeInfo info = operator.get();
    if (!info.isStarted()) {
      return new Answer(true, "starting");
    }
    return unhealthyInformers(info)
        .filter(informer -> !informer.isRunning())
        .findFirst()
        .map(
            informer ->
                new Answer(
                    false, "stopped watching FeatureServers in " + informer.getTargetNamespace()))
        .orElseGet(() -> new Answer(true, "ok"));
  }

  private Answer ready() {
    RuntimeInfo info = operator.get();
    if (!info.isStarted()) {
      return new Answer(false, "starting");
    }
    if (!isWatchedSomewhere(info)) {
      return new Answer(false, "not watching: " + info.unhealthyEventSources());
    }
    return webhookProblem
        .get()
        .map(problem -> new Answer(false, "the webhook cannot answer: " + problem))
        .orElseGet(() -> new Answer(true, info.allEventSourcesAreHealthy() ? "ok" : partly(info)));
  }

  /** One namespace of several that may not be watched, as one that goes, must not stop the rest. */
  private static boolean isWatchedSomewhere(RuntimeInfo info) {
    return unhealthy(info)
        .allMatch(
            source ->
                source instanceof InformerWrappingEventSourceHealthIndicator<?> informers
                    && informers.informerHealthIndicators().values().stream()
                        .anyMatch(informer -> informer.getStatus() == Status.HEALTHY));
  }

  private static String partly(RuntimeInfo info) {
    return unhealthyInformers(info)
        .filter(informer -> informer.getStatus() != Status.HEALTHY)
        .map(InformerHealthIndicator::getTargetNamespace)
        .sorted()
        .collect(Collectors.joining(", ", "ok, but not watching ", ""));
  }

  /** Those of sources of which not every one is healthy. */
  private static Stream<InformerHealthIndicator> unhealthyInformers(RuntimeInfo info) {
    return unhealthy(info)
        .flatMap(
            source ->
                source instanceof InformerWrappingEventSourceHealthIndicator<?> informers
                    ? informers.informerHealthIndicators().values().stream()
                    : Stream.empty());
  }

  private static Stream<EventSourceHealthIndicator> unhealthy(RuntimeInfo info) {
    return info.unhealthyEventSources().values().stream()
        .flatMap(sources -> sources.values().stream());
  }

  private void scrape(HttpExchange exchange) throws IOException {
    try (exchange) {
      var scrape = metrics.scrape(exchange.getRequestHeaders().getFirst("Accept"));
      exchange.getResponseHeaders().set("Content-Type", scrape.contentType());
      String encodings = exchange.getRequestHeaders().getFirst("Accept-Encoding");
      if (encodings != null && encodings.contains("gzip")) {
        exchange.getResponseHeaders().set("Content-Encoding", "gzip");
        exchange.sendResponseHeaders(HttpURLConnection.HTTP_OK, 0); // In chunks.
        try (var body = new GZIPOutputStream(exchange.getResponseBody())) {
          body.write(scrape.body());
        }
      } else {
        exchange.sendResponseHeaders(HttpURLConnection.HTTP_OK, scrape.body().length);
        exchange.getResponseBody().write(scrape.body());
      }
    }
  }

  private static void answer(HttpExchange exchange, Answer answer) throws IOException {
    try (exchange) {
      byte[] text = (answer.text() + "\n").getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
      exchange.sendResponseHeaders(
          answer.good() ? HttpURLConnection.HTTP_OK : HttpURLConnection.HTTP_UNAVAILABLE,
          text.length);
      exchange.getResponseBody().write(text);
    }
  }
}
