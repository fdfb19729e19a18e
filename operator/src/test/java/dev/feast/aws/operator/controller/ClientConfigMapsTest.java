package dev.feast.aws.operator.controller;

import static dev.feast.aws.operator.controller.TestWorld.condition;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.feast.aws.api.v1alpha1.ConditionType;
import dev.feast.aws.api.v1alpha1.FeatureServer;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The ConfigMap with a feature_store.yaml for the Feast SDK, beside a FeatureServer. */
class ClientConfigMapsTest {
  private static final String KEY = "k".repeat(32);
  private static final String BY_KEY =
      "  endpoint: {authorization: APIKey, apiKeys: {secretName: client-keys}}\n";

  @RegisterExtension static final TestWorld world = TestWorld.started();

  @BeforeAll
  static void start() throws Exception {
    world.keepingClientConfigMaps(true);
    world.restart();
    world.secret("client-keys", Map.of("key", KEY));
  }

  private static @Nullable ConfigMap find(String name) {
    return world.client.configMaps().inNamespace(TestWorld.NAMESPACE).withName(name).get();
  }

  private static String yaml(@Nullable ConfigMap found) {
    return found == null ? "" : found.getData().getOrDefault(ClientConfigMaps.FILE, "");
  }

  private static ConfigMap awaitClient(String name, Predicate<String> says) {
    return requireNonNull(
        await().until(() -> find(name + "-client"), found -> says.test(yaml(found))));
  }

  private static void awaitNoClient(String name) {
    await().until(() -> find(name + "-client") == null);
  }

  @Test
  void tellsTheSdkWhereToAskAsLongAsThereIsAnEndpoint() {
    world.apply("asked", "");
    FeatureServer ready = world.awaitReady("asked");

    ConfigMap client = awaitClient("asked", yaml -> yaml.contains("remote"));

    assertThat(yaml(client))
        .contains(
            "project: dev",
            "registry: s3://feast/registries/dev",
            "path: " + ready.getStatus().endpoint() + "/v2")
        .doesNotContain("auth");
    assertThat(client.getMetadata().getOwnerReferences())
        .singleElement()
        .satisfies(
            owner -> assertThat(owner.getUid()).isEqualTo(ready.getMetadata().getUid()),
            owner -> assertThat(owner.getController()).isTrue());

    world.delete("asked");
    world.awaitGone("asked");
    assertThat(find("asked-client")).isNull();
  }

  @Test
  void namesTheVariableOfAKeyAndHoldsNone() {
    world.apply("keyed", "");
    world.awaitReady("keyed");
    awaitClient("keyed", yaml -> !yaml.contains("auth"));

    world.edit("keyed", TestWorld.endpointly(BY_KEY));

    assertThat(yaml(awaitClient("keyed", yaml -> yaml.contains("auth"))))
        .contains("token_env_var: " + ClientStore.TOKEN_VARIABLE)
        .doesNotContain(KEY);
  }

  @Test
  void goesOnceTheSdkMayNotAskAnyMore() {
    world.apply("signed", "");
    world.awaitReady("signed");
    awaitClient("signed", yaml -> !yaml.isEmpty());

    world.edit("signed", TestWorld.endpointly("  endpoint: {authorization: IAM}\n"));

    awaitNoClient("signed");
  }

  @Test
  void isPutRightWhenSomebodyChangedIt() {
    world.apply("changed", "");
    world.awaitReady("changed");
    ConfigMap written = awaitClient("changed", yaml -> !yaml.isEmpty());
    world
        .client
        .resource(
            new ConfigMapBuilder(written)
                .editMetadata()
                .addToLabels("team", "ml")
                .endMetadata()
                .withData(Map.of(ClientConfigMaps.FILE, "nonsense"))
                .build())
        .update();

    world.pass("changed");

    ConfigMap again = awaitClient("changed", yaml -> yaml.equals(yaml(written)));
    assertThat(again.getMetadata().getLabels()).containsEntry("team", "ml");
  }

  @Test
  void isSomebodyElsesWhereItHasNoSuchOwner() {
    ConfigMap taken =
        world
            .client
            .resource(
                new ConfigMapBuilder()
                    .withNewMetadata()
                    .withNamespace(TestWorld.NAMESPACE)
                    .withName("taken-client")
                    .endMetadata()
                    .addToData(ClientConfigMaps.FILE, "mine")
                    .build())
            .create();
    world.apply("taken", "");
    world.awaitReady("taken");

    await().until(() -> world.eventReasons("taken").contains("ClientConfigMapTaken"));
    world.delete("taken");
    world.awaitGone("taken");
    assertThat(find("taken-client")).isEqualTo(taken);
  }

  @Test
  void failsNoPassWhereItMayNotBeWritten() {
    world
        .cluster()
        .server()
        .expect()
        .post()
        .withPath("/api/v1/namespaces/team/configmaps")
        .andReturn(403, new StatusBuilder().withCode(403).withMessage("not you").build())
        .once();
    world.apply("forbidden", "");

    FeatureServer ready = world.awaitReady("forbidden");

    assertThat(condition(ready, ConditionType.READY).reason()).isEqualTo("Serving");
    world.pass("forbidden");
    awaitClient("forbidden", yaml -> !yaml.isEmpty());
  }

  @Test
  void showsNothingOfWhatASecretHolds() {
    world.secret(
        "store",
        Map.of(
            "key",
            """
            project: dev
            registry: s3://feast/registries/dev
            provider: aws
            online_store: {type: dynamodb, region: us-west-2}
            """));
    world.applySpec(
        "secret",
        """
          featureStoreFrom: {secretKeyRef: {name: store, key: key}}
          function: {executionRole: lambda_execution_role}
        """);
    world.awaitReady("secret");
    world.awaitPass("secret");

    assertThat(find("secret-client")).isNull();
  }
}
