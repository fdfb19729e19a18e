package dev.feast.aws.operator.controller;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.feast.aws.api.v1alpha1.ConditionStatus;
import dev.feast.aws.api.v1alpha1.ConditionType;
import dev.feast.aws.localaws.control.Fault;
import dev.feast.aws.operator.metrics.Scrape;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Prometheus reads at {@code /metrics} after the life of FeatureServers. */
@EnableKubernetesMockClient(crud = true)
class MetricsTest {
  @SuppressWarnings("NullAway.Init") // Set by the extension.
  KubernetesClient client;

  private TestWorld world;

  @BeforeEach
  void start(@TempDir Path folder) throws Exception {
    world = new TestWorld(folder, client).start();
  }

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void tellsOfALifeFromCreationToDeletion() {
    world.apply("a", "");
    world.awaitReady("a");
    await().until(() -> scrape().has(servers("Serving", true, "complete")));

    Scrape deployed = scrape();

    assertThat(deployed.value("feast_operator_leader")).isEqualTo(1);
    assertThat(deployed.value(servers("Serving", true, "complete"))).isEqualTo(1);
    assertThat(deployed.value(of("a", "ready"))).isEqualTo(1);
    assertThat(deployed.value(of("a", "registry_updated_timestamp_seconds")))
        .isEqualTo(Instant.parse("2021-10-07T00:00:00Z").getEpochSecond());
    assertThat(deployed.value("feast_operator_rollouts_total{result=\"live\"}")).isEqualTo(1);
    assertThat(deployed.value("feast_operator_probes_total{result=\"passed\"}")).isEqualTo(1);
    assertThat(deployed.value("feast_operator_changes_total{action=\"create function\"}"))
        .isEqualTo(1);
    assertThat(deployed.value("feast_operator_events_total{kind=\"added\"}")).isEqualTo(1);
    assertThat(deployed.value(passes("complete"))).isPositive();
    assertThat(deployed.value(calls("lambda", "CreateFunction", "ok"))).isEqualTo(1);
    assertThat(deployed.value(calls("lambda", "GetFunction", "not_found"))).isPositive();
    assertThat(deployed.value(calls("apigatewayv2", "CreateApi", "ok"))).isEqualTo(1);
    assertThat(deployed.value(calls("ecr", "CreateRepository", "ok"))).isEqualTo(1);
    assertThat(deployed.sum("feast_operator_aws_calls_total"))
        .as("what the operator counts and what AWS got")
        .isEqualTo(deployed.sum("feast_operator_aws_call_duration_seconds_count"));
    assertThat(
            deployed.value(
                "feast_operator_aws_token_wait_seconds_count{region=\"us-west-2\",service=\"ecr\"}"))
        .isPositive();

    world.delete("a");
    world.awaitGone("a");

    await().until(() -> !scrape().has(of("a", "ready")));
    Scrape deleted = scrape();
    assertThat(deleted.samples().keySet()).noneMatch(series -> series.contains("\"a\""));
    assertThat(deleted.sum("feast_operator_featureservers")).isZero();
    assertThat(deleted.value(passes("gone"))).isEqualTo(1);
    assertThat(deleted.value("feast_operator_changes_total{action=\"delete function\"}"))
        .isEqualTo(1);
  }

  @Test
  void tellsOfAVersionThatGetsNoTraffic() {
    world.apply("b", "");
    world.awaitReady("b");
    world.answering(invocation -> TestWorld.unavailable());

    world.edit("b", TestWorld.storedAt("s3://feast/registries/other"));
    world.awaitCondition("b", ConditionType.READY, ConditionStatus.True, "ProbeFailed");

    await().until(() -> scrape().has(servers("ProbeFailed", true, "reconciling")));
    Scrape heldBack = scrape();
    assertThat(heldBack.value(of("b", "ready"))).as("the former version serves").isEqualTo(1);
    assertThat(heldBack.value("feast_operator_rollouts_total{result=\"live\"}")).isEqualTo(1);
    await()
        .untilAsserted(
            () -> {
              Scrape later = scrape();
              assertThat(later.value("feast_operator_probes_total{result=\"failed\"}"))
                  .isGreaterThan(1);
              assertThat(later.value("feast_operator_rollouts_total{result=\"held_back\"}"))
                  .as("once, however often it is probed")
                  .isEqualTo(1);
            });
  }

  @Test
  void tellsOfMistakesThrottlesAndErrors() {
    world.apply("wrong", "  deletionPolicy: Delete\n  aws: {region: nowhere-1}\n");
    world.aws.faults().add(Fault.throttle("ecr", "DescribeRepositories").times(1));
    world.aws.faults().add(Fault.throttle("lambda", "CreateFunction").times(1));
    world.aws.faults().add(Fault.error("apigateway", "CreateApi", 403, "AccessDenied", "no"));
    world.apply("right", "");
    await()
        .untilAsserted(
            () -> {
              Scrape now = scrape();
              assertThat(now.sum("feast_operator_featureservers")).isEqualTo(2);
              assertThat(now.value(throttles("ecr", "DescribeRepositories"))).isEqualTo(1);
              assertThat(now.value(calls("ecr", "DescribeRepositories", "not_found")))
                  .as("the SDK's retry hid it")
                  .isPositive();
              assertThat(now.value(throttles("lambda", "CreateFunction"))).isEqualTo(1);
              assertThat(now.value(calls("lambda", "CreateFunction", "throttled"))).isEqualTo(1);
              assertThat(now.value(calls("apigatewayv2", "CreateApi", "denied"))).isPositive();
              assertThat(now.value(of("right", "ready"))).isZero();
            });

    world.aws.faults().clear();
    world.awaitReady("right");
    world.failing(true);
    world.edit("right", TestWorld.storedAt("s3://feast/registries/other"));

    await().untilAsserted(() -> assertThat(scrape().value(passes("error"))).isPositive());
    await()
        .untilAsserted(
            () ->
                assertThat(scrape().value("feast_operator_reconcile_retries_total")).isPositive());
  }

  /** As Prometheus asks by default. */
  @Test
  void answersCompressedAndAsOpenMetricsWhereThatIsAskedFor() throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpResponse<InputStream> answer =
          http.send(
              HttpRequest.newBuilder(world.healthUri("/metrics"))
                  .header("Accept", "application/openmetrics-text;version=1.0.0")
                  .header("Accept-Encoding", "gzip")
                  .build(),
              HttpResponse.BodyHandlers.ofInputStream());
      assertThat(answer.headers().firstValue("Content-Type"))
          .hasValueSatisfying(
              type -> assertThat(type).startsWith("application/openmetrics-text; version=1.0.0"));
      try (var body = new GZIPInputStream(answer.body())) {
        assertThat(new String(body.readAllBytes(), UTF_8)).endsWith("# EOF\n");
      }
    }
  }

  private Scrape scrape() {
    return Scrape.of(world.healthUri("/metrics"));
  }

  private static String servers(String reason, boolean ready, String state) {
    return "feast_operator_featureservers{ready=\"%s\",reason=\"%s\",state=\"%s\"}"
        .formatted(ready, reason, state);
  }

  private static String of(String featureServer, String name) {
    return "feast_operator_featureserver_%s{name=\"%s\",namespace=\"%s\"}"
        .formatted(name, featureServer, TestWorld.NAMESPACE);
  }

  private static String passes(String result) {
    return "feast_operator_reconcile_duration_seconds_count{result=\"%s\"}".formatted(result);
  }

  private static String calls(String service, String operation, String result) {
    return "feast_operator_aws_calls_total{operation=\"%s\",result=\"%s\",service=\"%s\"}"
        .formatted(operation, result, service);
  }

  private static String throttles(String service, String operation) {
    return "feast_operator_aws_throttles_total{operation=\"%s\",service=\"%s\"}"
        .formatted(operation, service);
  }
}
