package dev.feast.aws.operator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feast.aws.api.v1alpha1.FeatureServer;
import dev.feast.aws.operator.metrics.OperatorMetrics;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.RuntimeInfo;
import io.javaoperatorsdk.operator.health.EventSourceHealthIndicator;
import io.javaoperatorsdk.operator.health.InformerHealthIndicator;
import io.javaoperatorsdk.operator.health.InformerWrappingEventSourceHealthIndicator;
import io.javaoperatorsdk.operator.health.Status;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Over JOSDK's own view of its informers, in each state that they can be in. */
@EnableKubernetesMockClient(crud = true)
class HealthServerTest {
  @SuppressWarnings("NullAway.Init") // Set by the extension.
  static KubernetesClient client;

  /** Not started yet; well; without an API server; given up for good. */
  @ParameterizedTest
  @CsvSource({
    "false, true, true, 200, 503",
    "true, true, true, 200, 200",
    "true, true, false, 200, 503",
    "true, false, false, 503, 503"
  })
  void tellsAliveFromReady(
      boolean started, boolean running, boolean watching, int healthz, int readyz)
      throws Exception {
    RuntimeInfo info = info(started, Map.of("team", new Informer("team", running, watching)));
    try (var metrics = new OperatorMetrics();
        var server = new HealthServer(0, () -> info, Optional::empty, metrics)) {
      assertThat(status(server, "/healthz")).isEqualTo(healthz);
      assertThat(status(server, "/readyz")).isEqualTo(readyz);
    }
  }

  /** As one that is deleted with the Role in it. */
  @Test
  void isReadyWhileOneNamespaceOfSeveralMayNotBeWatched() throws Exception {
    RuntimeInfo info =
        info(
            true,
            Map.of(
                "gone", new Informer("gone", true, false),
                "team", new Informer("team", true, true)));
    try (var metrics = new OperatorMetrics();
        var server = new HealthServer(0, () -> info, Optional::empty, metrics)) {
      HttpResponse<String> ready = get(server, "/readyz");
      assertThat(ready.statusCode()).isEqualTo(200);
      assertThat(ready.body().strip()).isEqualTo("ok, but not watching gone");
    }
  }

  private RuntimeInfo info(boolean started, Map<String, InformerHealthIndicator> informers) {
    boolean healthy =
        informers.values().stream().allMatch(one -> one.getStatus() == Status.HEALTHY);
    return new RuntimeInfo(new Operator(overrider -> overrider.withKubernetesClient(client))) {
      @Override
      public boolean isStarted() {
        return started;
      }

      @Override
      public boolean allEventSourcesAreHealthy() {
        return healthy;
      }

      @Override
      public Map<String, Map<String, EventSourceHealthIndicator>> unhealthyEventSources() {
        return healthy
            ? Map.of()
            : Map.of("featureserver", Map.of("FeatureServer", new Source(informers)));
      }
    };
  }

  private static int status(HealthServer server, String path) throws Exception {
    return get(server, path).statusCode();
  }

  private static HttpResponse<String> get(HealthServer server, String path) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      var request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path)).build();
      return http.send(request, HttpResponse.BodyHandlers.ofString());
    }
  }

  private record Informer(String getTargetNamespace, boolean isRunning, boolean isWatching)
      implements InformerHealthIndicator {
    @Override
    public boolean hasSynced() {
      return true;
    }

    @Override
    public Status getStatus() {
      return isRunning && isWatching ? Status.HEALTHY : Status.UNHEALTHY;
    }
  }

  private record Source(Map<String, InformerHealthIndicator> informerHealthIndicators)
      implements InformerWrappingEventSourceHealthIndicator<FeatureServer> {}
}
