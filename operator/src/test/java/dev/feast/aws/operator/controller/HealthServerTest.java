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
    var operator = new Operator(overrider -> overrider.withKubernetesClient(client));
    var informer = new Informer(running, watching);
    var info =
        new RuntimeInfo(operator) {
          @Override
          public boolean isStarted() {
            return started;
          }

          @Override
          public boolean allEventSourcesAreHealthy() {
            return informer.getStatus() == Status.HEALTHY;
          }

          @Override
          public Map<String, Map<String, EventSourceHealthIndicator>> unhealthyEventSources() {
            return allEventSourcesAreHealthy()
                ? Map.of()
                : Map.of("featureserver", Map.of("FeatureServer", new Source(informer)));
          }
        };

    try (var metrics = new OperatorMetrics();
        var server = new HealthServer(0, () -> info, Optional::empty, metrics)) {
      assertThat(status(server, "/healthz")).isEqualTo(healthz);
      assertThat(status(server, "/readyz")).isEqualTo(readyz);
    }
  }

  private static int status(HealthServer server, String path) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      var request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path)).build();
      return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }
  }

  private record Informer(boolean isRunning, boolean isWatching)
      implements InformerHealthIndicator {
    @Override
    public boolean hasSynced() {
      return true;
    }

    @Override
    public Status getStatus() {
      return isRunning && isWatching ? Status.HEALTHY : Status.UNHEALTHY;
    }

    @Override
    public String getTargetNamespace() {
      return "team";
    }
  }

  private record Source(InformerHealthIndicator informer)
      implements InformerWrappingEventSourceHealthIndicator<FeatureServer> {
    @Override
    public Map<String, InformerHealthIndicator> informerHealthIndicators() {
      return Map.of("team", informer);
    }
  }
}
