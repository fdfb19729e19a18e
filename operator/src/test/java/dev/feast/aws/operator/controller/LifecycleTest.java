package dev.feast.aws.operator.controller;

import static dev.feast.aws.operator.controller.TestWorld.condition;
import static org.assertj.core.api.Assertions.assertThat;

import dev.feast.aws.api.v1alpha1.ConditionStatus;
import dev.feast.aws.api.v1alpha1.ConditionType;
import dev.feast.aws.api.v1alpha1.FeatureServer;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@EnableKubernetesMockClient(crud = true)
class LifecycleTest {
  @TempDir Path folder;
  KubernetesClient client;
  private TestWorld world;

  @BeforeEach
  void start() throws Exception {
    world = new TestWorld(folder, client).start();
  }

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void deploysAndBecomesReadyWithAnEndpoint() {
    world.apply("dev", "");

    FeatureServer ready = world.awaitReady("dev");

    assertThat(ready.getStatus().endpoint()).startsWith("http://127.0.0.1:").contains("/_apis/");
    assertThat(ready.getStatus().project()).isEqualTo("dev");
    assertThat(ready.getStatus().region()).isEqualTo("us-west-2");
    assertThat(ready.getStatus().account()).isEqualTo("000000000000");
    assertThat(ready.getStatus().function().version()).isEqualTo("1");
    assertThat(ready.getStatus().registry().state()).isEqualTo("loaded");
    assertThat(ready.getStatus().registry().featureViews()).isEqualTo(1);
    assertThat(condition(ready, ConditionType.RECONCILING).status())
        .isEqualTo(ConditionStatus.False);
    assertThat(condition(ready, ConditionType.STALLED).status()).isEqualTo(ConditionStatus.False);
  }

  @Test
  void removesEverythingAndThenItsFinalizer() {
    world.apply("dev", "");
    FeatureServer ready = world.awaitReady("dev");
    String name = ready.getStatus().function().name();
    assertThat(ready.getMetadata().getFinalizers())
        .containsExactly("featureservers.aws.feast.dev/finalizer");

    world.delete("dev");

    world.awaitGone("dev");
    assertThat(world.region().lambda().find(name)).isEmpty();
    assertThat(world.region().ecr().find(name)).isEmpty();
    assertThat(world.region().apiGateway().list()).isEmpty();
  }
}
