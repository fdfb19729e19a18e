package dev.feast.aws.operator.controller;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import dev.feast.aws.api.v1alpha1.KeyReference;
import dev.feast.aws.operator.admission.FeatureStoreTexts.Text;
import dev.feast.aws.operator.admission.TestCertificate;
import dev.feast.aws.operator.aws.RateLimits;
import dev.feast.aws.operator.config.OperatorSettings;
import dev.feast.aws.operator.config.WebhookSettings;
import dev.feast.aws.operator.deploy.Pace;
import dev.feast.aws.operator.metrics.OperatorMetrics;
import dev.feast.aws.operator.policy.TenantPolicy;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The webhook as a part of the operator's process. */
@EnableKubernetesMockClient(crud = true)
class WebhookTest {
  private static final String NAMESPACE = "feast-system";
  private static final String LEASE = "operator";
  private static final KeyReference REFERENCE = new KeyReference("store", "feature_store.yaml");

  @SuppressWarnings("NullAway.Init") // Set by the extension.
  KubernetesClient client;

  @SuppressWarnings("NullAway.Init") // Set by the extension.
  KubernetesMockServer server;

  @SuppressWarnings("NullAway.Init") // Set by the extension.
  @TempDir
  Path folder;

  @Test
  void isServedByAReplicaThatDoesNotLeadAndIsPartOfItsReadiness() throws Exception {
    TestCertificate certificate = TestCertificate.of("EC", "webhook");
    client.resource(heldByAnother()).create();
    try (var metrics = new OperatorMetrics();
        OperatorProcess standby = standby(metrics, Duration.ZERO);
        HttpClient http = HttpClient.newHttpClient()) {
      assertThat(answer(http, "http", standby.healthPort(), "/readyz"))
          .startsWith("503 the webhook cannot answer: ")
          .contains("tls.crt");

      certificate.in(folder);

      try (HttpClient trusting = certificate.client()) {
        await()
            .untilAsserted(
                () ->
                    assertThat(answer(http, "http", standby.healthPort(), "/readyz"))
                        .isEqualTo("200 ok"));
        assertThat(answer(trusting, "https", standby.webhookPort().orElseThrow(), "/validate"))
            .startsWith("405 ");
      }
    }
  }

  /** An API server may ask it for as long as it does not know that the Pod is to go. */
  @Test
  void answersForAWhileStillWhenTheReplicaStops() throws Exception {
    TestCertificate certificate = TestCertificate.of("EC", "webhook").in(folder);
    client.resource(heldByAnother()).create();
    try (var metrics = new OperatorMetrics();
        HttpClient http = HttpClient.newHttpClient();
        HttpClient trusting = certificate.client()) {
      OperatorProcess standby = standby(metrics, Duration.ofMinutes(1));
      Thread stopping = Thread.ofVirtual().start(standby::close);

      await().until(() -> isGone(http, "http", standby.healthPort()));
      assertThat(answer(trusting, "https", standby.webhookPort().orElseThrow(), "/validate"))
          .startsWith("405 ");

      stopping.interrupt();
      stopping.join();
      assertThat(isGone(trusting, "https", standby.webhookPort().orElseThrow())).isTrue();
    }
  }

  private static boolean isGone(HttpClient http, String scheme, int port) throws Exception {
    try {
      answer(http, scheme, port, "/healthz");
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  @Test
  void readsTheKeyOfAConfigMap() {
    client
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withName("store")
                .withNamespace("team")
                .endMetadata()
                .withData(Map.of("feature_store.yaml", "project: dev"))
                .build())
        .create();
    try (var texts = new ConfigMapTexts(client, TestWorld.PATIENCE)) {
      assertThat(texts.inConfigMap("team", REFERENCE)).isEqualTo(new Text.Found("project: dev"));
      assertThat(texts.inConfigMap("team", new KeyReference("store", "another")))
          .isInstanceOfSatisfying(
              Text.Absent.class,
              absent ->
                  assertThat(absent.why())
                      .contains("no ConfigMap store with a key another")
                      .doesNotContain("feature_store.yaml"));
      assertThat(texts.inConfigMap("another", REFERENCE)).isInstanceOf(Text.Absent.class);
    }
  }

  @Test
  void saysThatItMayNotReadOne() {
    server
        .expect()
        .get()
        .withPath("/api/v1/namespaces/team/configmaps/store")
        .andReturn(403, new StatusBuilder().withCode(403).withReason("Forbidden").build())
        .always();
    try (var texts = new ConfigMapTexts(client, TestWorld.PATIENCE)) {
      assertThat(texts.inConfigMap("team", REFERENCE))
          .isInstanceOfSatisfying(
              Text.Absent.class,
              absent -> assertThat(absent.why()).contains("may not read this ConfigMap"));
    }
  }

  /** The API server waits for the review, and not for long. */
  @Test
  void goesOnWithoutOneThatCannotBeReadSoon() {
    var asked = new CountDownLatch(1);
    server
        .expect()
        .get()
        .withPath("/api/v1/namespaces/team/configmaps/store")
        .andReply(
            200,
            request -> {
              awaitUninterrupted(asked);
              return new ConfigMapBuilder().build();
            })
        .always();
    try (var texts = new ConfigMapTexts(client, Duration.ofMillis(100))) {
      assertThat(texts.inConfigMap("team", REFERENCE))
          .isInstanceOfSatisfying(
              Text.Absent.class, absent -> assertThat(absent.why()).contains("cannot be read now"));
    } finally {
      asked.countDown();
    }
  }

  private static void awaitUninterrupted(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private OperatorProcess standby(OperatorMetrics metrics, Duration linger) throws IOException {
    LeaderElectionTest.allowLeases(server);
    var settings =
        new OperatorSettings(
            Set.of(),
            "cluster-1",
            folder,
            Duration.ofMinutes(10),
            true,
            false,
            true,
            NAMESPACE,
            LEASE,
            "standby",
            0,
            new WebhookSettings(0, folder),
            Level.INFO,
            RateLimits.AWS_QUOTAS,
            TenantPolicy.DEFAULT);
    return new OperatorProcess(
        settings,
        client,
        (region, role) -> {
          throw new AssertionError("A standby does nothing in AWS");
        },
        (resource, wish, aws) -> {
          throw new AssertionError("A standby wants no image");
        },
        new OperatorProcess.Tempo(Duration.ofSeconds(1), Pace.PRODUCTION, linger),
        InstantSource.system(),
        metrics);
  }

  private static Lease heldByAnother() {
    var now = InstantSource.system().instant().atZone(ZoneOffset.UTC);
    return new LeaseBuilder()
        .withNewMetadata()
        .withName(LEASE)
        .withNamespace(NAMESPACE)
        .endMetadata()
        .withNewSpec()
        .withHolderIdentity("another")
        .withLeaseDurationSeconds(600)
        .withAcquireTime(now)
        .withRenewTime(now)
        .endSpec()
        .build();
  }

  private static String answer(HttpClient http, String scheme, int port, String path)
      throws Exception {
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(URI.create("%s://127.0.0.1:%d%s".formatted(scheme, port, path)))
                .build(),
            HttpResponse.BodyHandlers.ofString(UTF_8));
    return answer.statusCode() + " " + answer.body().strip();
  }
}
