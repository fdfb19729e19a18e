package dev.feast.aws.operator.controller;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import dev.feast.aws.operator.aws.RateLimits;
import dev.feast.aws.operator.config.OperatorSettings;
import dev.feast.aws.operator.metrics.OperatorMetrics;
import dev.feast.aws.operator.policy.TenantPolicy;
import io.fabric8.kubernetes.api.model.authorization.v1.ResourceRuleBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectRulesReviewBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two replicas at one Lease. */
@EnableKubernetesMockClient(crud = true)
class LeaderElectionTest {
  private static final String NAMESPACE = "feast-system";

  /** Well below the 15 s after which a Lease that nobody let go of runs out. */
  private static final Duration SOON = Duration.ofSeconds(8);

  @SuppressWarnings("NullAway.Init") // Set by the extension.
  static KubernetesClient client;

  @SuppressWarnings("NullAway.Init") // Set by the extension.
  static KubernetesMockServer server;

  private final AtomicInteger halted = new AtomicInteger();
  private final OperatorMetrics ofFirst = new OperatorMetrics();
  private final OperatorMetrics ofSecond = new OperatorMetrics();

  @AfterEach
  void close() {
    ofFirst.close();
    ofSecond.close();
  }

  @Test
  void handsOverWhenItStopsAndEndsAtOnceWhenItLosesTheLease() throws Exception {
    allowLeases(server);
    OperatorProcess first = replica("first", ofFirst);
    try {
      await("the first to lead").atMost(SOON).until(() -> holder().equals("first"));
      await("the first to say so").atMost(SOON).until(() -> leads(ofFirst));
      try (OperatorProcess second = replica("second", ofSecond)) {
        assertThat(leads(ofSecond)).isFalse();
        first.close();
        await("the second to lead").atMost(SOON).until(() -> holder().equals("second"));
        await("the second to say so").atMost(SOON).until(() -> leads(ofSecond));
        assertThat(leads(ofFirst)).isFalse();
        assertThat(halted).hasValue(0);

        client
            .leases()
            .inNamespace(NAMESPACE)
            .withName(LEASE)
            .edit(LeaderElectionTest::takenByAnother);

        await("the second to end").atMost(SOON).until(() -> halted.get() == 1);
        assertThat(leads(ofSecond)).isFalse();
        assertThat(second.healthPort()).isPositive();
      }
      assertThat(holder()).as("another's Lease is not let go of").isEqualTo("another");
    } finally {
      first.close();
    }
  }

  /** What Prometheus is told. */
  private static boolean leads(OperatorMetrics metrics) throws IOException {
    String scrape = new String(metrics.scrape(null).body(), UTF_8);
    return scrape.contains("feast_operator_leader 1.0\n");
  }

  private static Lease takenByAnother(Lease lease) {
    lease.getSpec().setHolderIdentity("another");
    lease.getSpec().setRenewTime(InstantSource.system().instant().atZone(ZoneOffset.UTC));
    return lease;
  }

  private static final String LEASE = "a-release-of-its-own";

  private static String holder() {
    Lease lease = client.leases().inNamespace(NAMESPACE).withName(LEASE).get();
    return lease == null ? "" : lease.getSpec().getHolderIdentity();
  }

  private OperatorProcess replica(String identity, OperatorMetrics metrics) throws IOException {
    var settings =
        new OperatorSettings(
            Set.of(),
            "cluster-1",
            Path.of("unused"),
            Duration.ofMinutes(10),
            true,
            false,
            true,
            NAMESPACE,
            LEASE,
            identity,
            0,
            null,
            Level.INFO,
            RateLimits.AWS_QUOTAS,
            TenantPolicy.DEFAULT);
    return new OperatorProcess(
        settings,
        client,
        (region, role) -> {
          throw new AssertionError("There is no FeatureServer: nothing is to be done in AWS");
        },
        (resource, wish, aws) -> {
          throw new AssertionError("There is no FeatureServer: no image is wanted");
        },
        OperatorProcess.Tempo.PRODUCTION,
        InstantSource.system(),
        metrics,
        halted::set);
  }

  /** What JOSDK asks before it takes part, and the mock server has no answer to. */
  static void allowLeases(KubernetesMockServer server) {
    server
        .expect()
        .post()
        .withPath("/apis/authorization.k8s.io/v1/selfsubjectrulesreviews")
        .andReturn(
            201,
            new SelfSubjectRulesReviewBuilder()
                .withNewStatus()
                .withIncomplete(false)
                .addToResourceRules(
                    new ResourceRuleBuilder()
                        .withApiGroups("coordination.k8s.io")
                        .withResources("leases")
                        .withVerbs("get", "create", "update")
                        .build())
                .endStatus()
                .build())
        .always();
  }
}
