package dev.feast.aws.operator.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.feast.aws.api.v1alpha1.FeatureServer;
import dev.feast.aws.api.v1alpha1.FeatureServerStatus;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Annotations of the operator's are a reason for a pass; statuses and other people's are none. */
@EnableKubernetesMockClient(crud = true)
class RelevantUpdatesTest {
  @SuppressWarnings("NullAway.Init") // Set by the extension.
  static KubernetesClient client;

  @ParameterizedTest
  @CsvSource({
    "aws.feast.dev/reconcile, 1, true",
    "aws.feast.dev/adopt, feast-alpha, true",
    "aws.feast.dev.example.com/adopt, feast-alpha, false",
    "kubectl.kubernetes.io/last-applied-configuration, {}, false"
  })
  void goesByTheOperatorsAnnotations(String key, String value, boolean relevant) {
    var updates = new RelevantUpdates();
    FeatureServer without = resource(meta -> meta);
    FeatureServer with = resource(meta -> meta.addToAnnotations(key, value));
    FeatureServer changed = resource(meta -> meta.addToAnnotations(key, value + "2"));

    assertThat(updates.accept(with, without)).isEqualTo(relevant);
    assertThat(updates.accept(changed, with)).isEqualTo(relevant);
    assertThat(updates.accept(without, with)).isEqualTo(relevant);
    assertThat(updates.accept(with, resource(meta -> meta.addToAnnotations(key, value)))).isFalse();
  }

  @Test
  void goesByGenerationFinalizerAndDeletion() {
    var updates = new RelevantUpdates();
    FeatureServer before = resource(meta -> meta);

    assertThat(updates.accept(resource(meta -> meta.withGeneration(2L)), before)).isTrue();
    assertThat(
            updates.accept(
                resource(meta -> meta.addToFinalizers(FeatureServerReconciler.FINALIZER)), before))
        .isTrue();
    assertThat(
            updates.accept(
                resource(meta -> meta.withDeletionTimestamp("2026-01-01T00:00:00Z")), before))
        .isTrue();
    assertThat(updates.accept(resource(meta -> meta.addToLabels("team", "ml")), before)).isFalse();
    FeatureServer withStatus = resource(meta -> meta.withResourceVersion("2"));
    withStatus.setStatus(FeatureServerStatus.empty());
    assertThat(updates.accept(withStatus, before)).isFalse();
  }

  @Test
  void makesOnePassForEachOfThemAndNoneForOthers(@TempDir Path folder) throws Exception {
    try (var world = new TestWorld(folder, client).start()) {
      world.apply("annotated", "");
      world.awaitReady("annotated");
      world.restart(); // Passes that were under way are over.
      await().until(() -> world.looks() > 0);
      world.awaitPass("annotated");
      world.awaitPass("annotated");
      long before = world.looks();

      world.annotate("annotated", "example.com/note", "1");
      client
          .resources(FeatureServer.class)
          .inNamespace(TestWorld.NAMESPACE)
          .withName("annotated")
          .editStatus(TestWorld::knowingOnlyThePlace);
      world.awaitPass("annotated");
      world.awaitPass("annotated");

      assertThat(world.looks()).isEqualTo(before + 2);
    }
  }

  private static FeatureServer resource(UnaryOperator<ObjectMetaBuilder> metadata) {
    var resource = new FeatureServer();
    resource.setMetadata(
        metadata.apply(new ObjectMetaBuilder().withName("dev").withGeneration(1L)).build());
    return resource;
  }
}
