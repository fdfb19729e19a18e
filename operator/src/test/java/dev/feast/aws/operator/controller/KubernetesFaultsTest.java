package dev.feast.aws.operator.controller;

import static dev.feast.aws.operator.controller.TestWorld.NAMESPACE;
import static dev.feast.aws.operator.controller.TestWorld.function;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.feast.aws.api.v1alpha1.FeatureServer;
import dev.feast.aws.localaws.control.Fault;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What Kubernetes does to an operator, and that it ends where it would have ended without. */
class KubernetesFaultsTest {
  private static final Duration A_WHILE = Duration.ofMillis(500);

  @RegisterExtension static final TestWorld world = TestWorld.started();

  @AfterEach
  void noFaults() {
    world.aws.faults().clear();
  }

  /** It goes away in the middle of a rollout: the status is written once it is back. */
  @Test
  void finishesARolloutOnceTheApiServerIsBack() {
    world.apply("away", "");
    world.awaitReady("away");
    edited("away", "lambda", "UpdateFunctionConfiguration");

    world.cluster().goAway();
    awaitCall("UpdateFunctionConfiguration");
    world.cluster().comeBack();

    assertThat(function(world.awaitReady("away")).version()).isEqualTo("2");
    world.edit("away", TestWorld.storedAt("s3://feast/registries/third"));
    assertThat(function(world.awaitReady("away")).version()).isEqualTo("3");
  }

  @Test
  void seesWhatIsAppliedAfterItsWatchWasCut() {
    world.apply("before-cut", "");
    world.awaitReady("before-cut");

    world.cluster().goAway();
    world.cluster().comeBack();

    world.apply("after-cut", "");
    world.awaitReady("after-cut");
    world.delete("before-cut");
    world.awaitGone("before-cut");
  }

  @Test
  void writesItsStatusAgainAfterAConflict() {
    world
        .cluster()
        .server()
        .expect()
        .patch()
        .withPath(path("conflict") + "/status")
        .andReturn(409, new StatusBuilder().withCode(409).withReason("Conflict").build())
        .times(3);

    world.apply("conflict", "");

    FeatureServer ready = world.awaitReady("conflict");
    assertThat(function(ready).version()).isEqualTo("1");
    assertThat(world.region().lambda().versions(function(ready).name())).hasSize(1);
  }

  /** What the former leader has asked of AWS is under way while the next one looks. */
  @Test
  void makesNothingTwiceWhereTheLeaderChangesInTheMiddleOfARollout() throws Exception {
    world.apply("leader", "");
    FeatureServer before = world.awaitReady("leader");
    edited("leader", "lambda", "PublishVersion");

    try (var _ = world.takenOver()) {
      FeatureServer after = world.awaitReady("leader");
      assertThat(function(after).version()).isEqualTo("2");
      assertThat(after.getStatus().endpoint()).isEqualTo(before.getStatus().endpoint());
      assertThat(world.region().lambda().versions(function(after).name())).hasSize(2);
    }
  }

  @Test
  void leavesNothingOfWhatIsDeletedInTheMiddleOfItsCreation() {
    try (var inventory = new Inventory(world.aws.endpoint(), TestWorld.REGION)) {
      world.aws.calls().clear();
      world.aws.faults().add(Fault.delay("apigateway", "CreateApi", A_WHILE).times(1));
      world.apply("halfway", "");
      awaitCall("CreateAlias");

      world.delete("halfway");

      world.awaitGone("halfway");
      assertThat(inventory.taken(List.of())).noneMatch(line -> line.contains("halfway"));
    }
  }

  /** Deleted and made anew, as {@code kubectl replace --force} does. */
  @Test
  void servesTheConfigMapThatCameInBetween() {
    configMap("first");
    world.applySpec(
        "replaced", "  featureStoreFrom: {configMapKeyRef: {name: store, key: yaml}}\n");
    world.awaitReady("replaced");
    world.aws.calls().clear();
    world.aws.faults().add(Fault.delay("lambda", "UpdateFunctionConfiguration", A_WHILE).times(1));
    configMap("second");
    awaitCall("UpdateFunctionConfiguration");

    world.client.configMaps().inNamespace(NAMESPACE).withName("store").delete();
    configMap("third");

    FeatureServer third =
        world.awaiting(
            "replaced",
            "serves the third store",
            resource -> served(resource).contains("registries/third"));
    assertThat(function(world.awaitReady("replaced")).version())
        .isEqualTo(function(third).version());
  }

  /** As a newer CRD may allow, whose operator was rolled back. */
  @Test
  void servesWhatHasFieldsThatItDoesNotKnowAndKeepsThem() {
    world.client.raw(
        path(""),
        "POST",
        """
        {"apiVersion": "aws.feast.dev/v1alpha1", "kind": "FeatureServer",
         "metadata": {"name": "newer", "namespace": "%s"},
         "spec": {"hereafter": {"a": [1]},
           "function": {"executionRole": "role", "warmth": "Hereafter"},
           "featureStore": {"project": "dev", "provider": "aws",
             "registry": "s3://feast/registries/dev", "online_store": {"region": "us-west-2"}}}}
        """
            .formatted(NAMESPACE));

    world.awaitReady("newer");

    assertThat(world.client.raw(path("newer")))
        .contains("\"hereafter\"", "\"warmth\":\"Hereafter\"", "\"finalizers\"");
    world.delete("newer");
    world.awaitGone("newer");
  }

  private static String path(String name) {
    String all = "/apis/aws.feast.dev/v1alpha1/namespaces/%s/featureservers".formatted(NAMESPACE);
    return name.isEmpty() ? all : all + "/" + name;
  }

  /** A new version is under way, at a call that takes a while. */
  private static void edited(String name, String service, String slow) {
    world.aws.calls().clear();
    world.aws.faults().add(Fault.delay(service, slow, A_WHILE).after().times(1));
    world.edit(name, TestWorld.storedAt("s3://feast/registries/second"));
    await().until(() -> world.aws.faults().list().isEmpty());
  }

  private static void awaitCall(String operation) {
    await(operation)
        .until(
            () ->
                world.aws.calls().list().stream()
                    .anyMatch(call -> call.operation().equals(operation)));
  }

  private static void configMap(String registry) {
    world
        .client
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace(NAMESPACE)
                .withName("store")
                .endMetadata()
                .addToData(
                    "yaml",
                    """
                    project: dev
                    provider: aws
                    registry: s3://feast/registries/%s
                    online_store: {type: dynamodb, region: us-west-2}
                    feature_server: {enabled: True, execution_role_name: lambda_execution_role}
                    """
                        .formatted(registry))
                .build())
        .createOr(existing -> existing.update());
  }

  private static String served(FeatureServer resource) {
    String version = function(resource).version();
    if (version == null) {
      return "";
    }
    String store =
        world
            .region()
            .lambda()
            .version(function(resource).name(), Long.parseLong(version))
            .settings()
            .environment()
            .variables()
            .getOrDefault("FEATURE_STORE_YAML_BASE64", "");
    return new String(Base64.getDecoder().decode(store), StandardCharsets.UTF_8);
  }
}
