package dev.feast.aws.operator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.feast.aws.api.v1alpha1.ConditionStatus;
import dev.feast.aws.api.v1alpha1.ConditionType;
import dev.feast.aws.api.v1alpha1.FeatureServer;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What one FeatureServer holds, be it past any schema, keeps no other from being reconciled. */
@EnableKubernetesMockClient(crud = true)
class PoisonedFeatureServersTest {
  /** The mock server itself reads no more than 1,000. */
  private static final int DEEP = 900;

  @SuppressWarnings("NullAway.Init") // Set by the extension.
  static KubernetesClient client;

  static Stream<Arguments> poisons() {
    return Stream.of(
        Arguments.of("number", "InvalidValue", "\"entity_key_serialization_version\": 99999999999"),
        Arguments.of(
            "deep", "UnreadableFeatureStore", "\"deep\": " + "[".repeat(DEEP) + "]".repeat(DEEP)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("poisons")
  void isRefusedAloneWhileOthersAreServed(
      String name, String reason, String poison, @TempDir Path folder) throws Exception {
    try (var world = new TestWorld(folder, client).start()) {
      create(name, poison);

      world.apply("beside-" + name, "");
      world.awaitReady("beside-" + name);
      world.awaitCondition(name, ConditionType.STALLED, ConditionStatus.True, reason);

      // And where it is in the list that an operator begins with.
      world.stop();
      world.start();
      world.apply("after-" + name, "");
      world.awaitReady("after-" + name);
      for (String each : new String[] {name, "beside-" + name, "after-" + name}) {
        world.delete(each);
        world.awaitGone(each);
      }
    }
  }

  private static void create(String name, String poison) {
    client.raw(
        "/apis/aws.feast.dev/v1alpha1/namespaces/%s/featureservers".formatted(TestWorld.NAMESPACE),
        "POST",
        """
        {"apiVersion": "aws.feast.dev/v1alpha1", "kind": "FeatureServer",
         "metadata": {"name": "%s", "namespace": "%s"},
         "spec": {"featureStore": {"project": "dev", "provider": "aws",
           "registry": "s3://feast/registries/dev", "online_store": {"region": "us-west-2"},
           "feature_server": {"enabled": true, "execution_role_name": "role"}, %s}}}
        """
            .formatted(name, TestWorld.NAMESPACE, poison));
  }

  /** An API server takes 10,000 levels, of which the managed fields are as many again. */
  @Test
  void isReadHoweverDeepAndLongItIs() {
    int deep = 9_000;
    String open = "{\"f:x\":".repeat(deep);
    KubernetesSerialization json;
    try (KubernetesClient any = ClusterClient.connect(client.getConfiguration())) {
      json = any.getKubernetesSerialization();
    }

    FeatureServer read =
        json.unmarshal(
            """
            {"apiVersion": "aws.feast.dev/v1alpha1", "kind": "FeatureServer",
             "metadata": {"name": "deep", "managedFields": [{"fieldsV1": %s 1 %s}]},
             "spec": {"featureStore": {"%s": 1, "deep": %s 1 %s}}}
            """
                .formatted(open, "}".repeat(deep), "k".repeat(100_000), open, "}".repeat(deep)),
            FeatureServer.class);

    assertThat(json.clone(read).getMetadata().getManagedFields()).isEmpty();
    ObjectNode written = json.convertValue(read, ObjectNode.class);
    assertThat(written.at("/spec/featureStore/deep" + "/f:x".repeat(50)).isObject()).isTrue();
  }
}
