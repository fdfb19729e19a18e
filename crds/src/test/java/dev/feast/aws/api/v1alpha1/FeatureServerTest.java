package dev.feast.aws.api.v1alpha1;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FeatureServerTest {
  private static final KubernetesSerialization KUBERNETES = new KubernetesSerialization();

  @Test
  void keepsKeysOfTheFeatureStoreThatItDoesNotKnow() {
    String json =
        """
        {"apiVersion": "aws.feast.dev/v1alpha1", "kind": "FeatureServer", "metadata": {"name": "dev"},
         "spec": {"featureStore": {
           "project": "dev", "provider": "aws",
           "registry": {"path": "s3://feast/registries/dev", "cache_ttl_seconds": 60},
           "online_store": {"region": "us-west-2", "batch_size": 40},
           "offline_store": {"cluster_id": "feast", "iam_role": "r"},
           "feature_server": {"enabled": true, "execution_role_name": "r", "public": true, "extra": 1},
           "entity_key_serialization_version": 2,
           "zebra": {"x": [1, "y", null]}, "alpha": false}}}
        """;

    FeatureServer read = KUBERNETES.unmarshal(json, FeatureServer.class);

    assertThat(tree(KUBERNETES.asJson(read)).at("/spec/featureStore"))
        .isEqualTo(tree(json).at("/spec/featureStore"));
    FeatureStore store = requireNonNull(read.getSpec().featureStore());
    assertThat(store.others()).containsOnlyKeys("zebra", "alpha");
    assertThat(requireNonNull(store.onlineStore()).others()).containsOnlyKeys("batch_size");
  }

  /** Else it would be no FeatureServer but an error, and the watch of all of them would end. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"entity_key_serialization_version\": 99999999999",
        "\"entity_key_serialization_version\": 1e300",
        "\"entity_key_serialization_version\": 123456789012345678901234567890",
        "\"others\": 5",
        "\"others\": {\"others\": []}",
        "\"online_store\": {\"others\": [1]}",
        "\"feature_server\": {\"others\": \"text\"}",
        "\"flags\": null, \"offline_store\": 1e400, \"batch_engine\": [[]]"
      })
  void readsWhateverTheSchemaLetsThrough(String keys) {
    FeatureServer read =
        KUBERNETES.unmarshal(
            """
            {"apiVersion": "aws.feast.dev/v1alpha1", "kind": "FeatureServer",
             "metadata": {"name": "dev"}, "spec": {"featureStore": {%s}}}
            """
                .formatted(keys),
            FeatureServer.class);

    assertThat(read.getSpec().featureStore()).isNotNull();
  }

  @Test
  void readsWhatANewerVersionOfTheApiWrote() {
    FeatureServer read =
        KUBERNETES.unmarshal(
            """
            {"apiVersion": "aws.feast.dev/v1alpha1", "kind": "FeatureServer", "metadata": {"name": "dev"},
             "spec": {"function": {"memoryMiB": 512, "later": 1}, "later": {"a": 1}},
             "status": {"later": true, "function": {"name": "f", "later": 1}}}
            """,
            FeatureServer.class);

    assertThat(read.getSpec().function().memoryMiB()).isEqualTo(512);
    assertThat(read.getStatus().function()).isNotNull();
  }

  @Test
  void absentSettingsAreTheDefaultsOfTheCrd() {
    FeatureServer read =
        KUBERNETES.unmarshal(
            """
            {"apiVersion": "aws.feast.dev/v1alpha1", "kind": "FeatureServer", "metadata": {"name": "dev"},
             "spec": {"aws": {"region": "eu-central-1"}}}
            """,
            FeatureServer.class);

    assertThat(read.getSpec().function()).isEqualTo(FunctionSpec.DEFAULT);
    assertThat(read.getSpec().rollout())
        .isEqualTo(new RolloutSpec(RolloutStrategy.Verified, null, 1));
    assertThat(read.getSpec().deletionPolicy()).isEqualTo(DeletionPolicy.Delete);
    assertThat(read.getSpec().suspend()).isFalse();
    assertThat(requireNonNull(read.getSpec().aws()).tags()).isEmpty();
  }

  private static JsonNode tree(String json) {
    try {
      return new ObjectMapper().readTree(json);
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }
}
