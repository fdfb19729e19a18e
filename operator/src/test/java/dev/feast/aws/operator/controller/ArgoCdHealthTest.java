package dev.feast.aws.operator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.feast.aws.api.v1alpha1.ConditionStatus;
import dev.feast.aws.api.v1alpha1.ConditionType;
import dev.feast.aws.api.v1alpha1.FeatureServer;
import dev.feast.aws.api.v1alpha1.FeatureServerStatus;
import dev.feast.aws.localaws.control.Fault;
import dev.feast.aws.operator.status.Assessment;
import dev.feast.aws.operator.status.StatusReport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import party.iroiro.luajava.Lua;
import party.iroiro.luajava.lua51.Lua51;
import party.iroiro.luajava.value.LuaValue;

/**
 * What Argo CD's health script of the chart makes of FeatureServers as the operator leaves them.
 */
class ArgoCdHealthTest {
  private static final Path SCRIPT =
      Path.of("..", "helm", "feature-server-operator", "files", "argocd-health.lua");
  private static final JsonMapper JSON = new JsonMapper();

  @RegisterExtension static final TestWorld world = TestWorld.started();

  @AfterEach
  void healthy() throws Exception {
    world.aws.faults().clear();
    world.answering(invocation -> TestWorld.healthy());
    world.restart();
  }

  private record Health(String status, String message) {}

  /** In Lua 5.1, which is what Argo CD runs. */
  private static Health of(FeatureServer resource) throws Exception {
    Map<?, ?> object =
        JSON.readValue(world.client.getKubernetesSerialization().asJson(resource), Map.class);
    try (Lua lua = new Lua51()) {
      lua.openLibraries();
      lua.push(object, Lua.Conversion.FULL);
      lua.setGlobal("obj");
      LuaValue health = lua.eval(Files.readString(SCRIPT))[0];
      return new Health(health.get("status").toString(), health.get("message").toString());
    }
  }

  @Test
  void isHealthyOnceTheNewestGenerationServes() throws Exception {
    world.stop();
    assertThat(of(world.apply("healthy", ""))).extracting(Health::status).isEqualTo("Progressing");

    world.start();
    assertThat(of(world.awaitReady("healthy")))
        .isEqualTo(new Health("Healthy", "The endpoint serves. Version 1 has the traffic."));

    world.stop();
    FeatureServer changed =
        world.edit("healthy", TestWorld.storedAt("s3://feast/registries/other"));
    assertThat(of(changed).status()).as("nobody has looked at it").isEqualTo("Progressing");
  }

  @Test
  void progressesWhileItWaitsForAws() throws Exception {
    world.aws.faults().add(Fault.throttle("lambda", "CreateFunction"));
    world.apply("waiting", "");

    FeatureServer waiting =
        world.awaitCondition(
            "waiting", ConditionType.RECONCILING, ConditionStatus.True, "AwsThrottled");

    assertThat(of(waiting).status()).isEqualTo("Progressing");
  }

  /** What the operator itself takes for part of a normal deployment. */
  @Test
  void progressesForWhateverIsExpected() throws Exception {
    world.apply("expected", "");
    FeatureServer ready = world.awaitReady("expected");
    for (String reason : Assessments.EXPECTED) {
      var resource = new FeatureServer();
      resource.setMetadata(ready.getMetadata());
      resource.setStatus(
          new StatusReport(InstantSource.system())
              .next(
                  FeatureServerStatus.empty(),
                  ready.getMetadata().getGeneration(),
                  new Assessment(
                      new Assessment.Summary(
                          Assessment.Progress.RECONCILING, reason, "It waits.", false),
                      Map.of(),
                      true,
                      FeatureServerStatus.empty())));
      assertThat(of(resource)).as(reason).isEqualTo(new Health("Progressing", "It waits."));
    }
  }

  @Test
  void isDegradedByAnEndpointThatAnswersWronglyForLongAndNotBefore() throws Exception {
    world.answering(
        invocation ->
            invocation.event().contains("x-amzn-trace-id")
                ? TestWorld.response(500, "{}")
                : TestWorld.healthy());
    world.apply("wrong", "");

    FeatureServer young =
        world.awaitCondition(
            "wrong", ConditionType.RECONCILING, ConditionStatus.True, "EndpointPending");
    assertThat(of(young).status()).isEqualTo("Progressing");
    FeatureServer old =
        world.awaitCondition(
            "wrong", ConditionType.RECONCILING, ConditionStatus.True, "EndpointWrong");
    assertThat(of(old).status()).isEqualTo("Degraded");
  }

  @Test
  void isDegradedByAVersionThatGetsNoTrafficThoughTheFormerOneServes() throws Exception {
    world.apply("failing", "");
    world.awaitReady("failing");
    world.answering(invocation -> TestWorld.unavailable());
    world.edit("failing", TestWorld.storedAt("s3://feast/registries/other"));

    FeatureServer failing =
        world.awaitCondition(
            "failing", ConditionType.RECONCILING, ConditionStatus.True, "ProbeFailed");

    assertThat(TestWorld.condition(failing, ConditionType.READY).status())
        .isEqualTo(ConditionStatus.True);
    assertThat(of(failing).status()).isEqualTo("Degraded");
    assertThat(of(failing).message()).startsWith("ProbeFailed: Version 2 gets no traffic");
  }

  @Test
  void isDegradedByAMistake() throws Exception {
    world.apply("mistaken", "");
    world.awaitReady("mistaken");
    world.edit("mistaken", TestWorld.spec("provider: aws", "provider: gcp"));

    FeatureServer mistaken =
        world.awaitCondition(
            "mistaken", ConditionType.STALLED, ConditionStatus.True, "ProviderNotAws");

    assertThat(of(mistaken).status()).isEqualTo("Degraded");
    assertThat(of(mistaken).message()).startsWith("ProviderNotAws: ").contains("gcp");
  }

  @Test
  void isSuspendedWhereSomebodyAskedForIt() throws Exception {
    world.apply("suspended", "  suspend: true\n");
    world.apply("planned", Map.of("aws.feast.dev/plan", "true"), "");
    world.applySpec(
        "disabled", "  featureStore: {project: dev, feature_server: {enabled: false}}\n");

    for (Map.Entry<String, String> off :
        Map.of("suspended", "Suspended", "planned", "Planned", "disabled", "Disabled").entrySet()) {
      FeatureServer resource =
          world.awaitCondition(
              off.getKey(), ConditionType.READY, ConditionStatus.False, off.getValue());
      assertThat(of(resource).status()).as(off.getKey()).isEqualTo("Suspended");
    }
  }

  @Test
  void progressesWhileItIsRemoved() throws Exception {
    world.apply("removed", "");
    world.awaitReady("removed");
    world.aws.faults().add(Fault.throttle("lambda", "DeleteFunction"));
    world.delete("removed");

    FeatureServer going =
        world.awaiting(
            "removed", "is being removed", now -> now.getMetadata().getDeletionTimestamp() != null);

    assertThat(of(going).status()).isEqualTo("Progressing");
    world.aws.faults().clear();
    world.awaitGone("removed");
  }
}
