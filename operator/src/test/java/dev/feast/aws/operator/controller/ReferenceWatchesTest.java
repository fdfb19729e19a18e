package dev.feast.aws.operator.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.feast.aws.operator.controller.ReferenceWatches.Reference;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

@EnableKubernetesMockClient(crud = true)
class ReferenceWatchesTest {
  private static final ResourceID SERVER = new ResourceID("dev", "team");

  @SuppressWarnings("NullAway.Init") // Set by the extension.
  static KubernetesClient client;

  private final List<ResourceID> triggered = new CopyOnWriteArrayList<>();

  /**
   * The pass that begins a watch reads what is there: another pass for it would be one too many.
   */
  @Test
  void tellsOfChangesAndNotOfWhatWasThereAtItsStart() {
    client.resource(configMap("there", "1")).create();
    try (var watches = new ReferenceWatches(client)) {
      watches.triggering(triggered::add);

      watches.refer(
          SERVER,
          Set.of(Reference.configMap("team", "there"), Reference.configMap("team", "later")));
      assertThat(triggered).isEmpty();

      client.resource(configMap("later", "1")).create();
      await().until(() -> triggered.equals(List.of(SERVER)));

      client.resource(configMap("there", "2")).update();
      await().until(() -> triggered.equals(List.of(SERVER, SERVER)));
    }
  }

  private static ConfigMap configMap(String name, String value) {
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withNamespace("team")
        .withName(name)
        .endMetadata()
        .addToData("key", value)
        .build();
  }
}
