package dev.feast.aws.operator.controller;

import static dev.feast.aws.operator.controller.TestWorld.condition;
import static dev.feast.aws.operator.controller.TestWorld.function;
import static org.assertj.core.api.Assertions.assertThat;

import dev.feast.aws.api.v1alpha1.ConditionStatus;
import dev.feast.aws.api.v1alpha1.ConditionType;
import dev.feast.aws.api.v1alpha1.FeatureServer;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Functions that Lambda works on for longer than it should. */
@EnableKubernetesMockClient(crud = true)
class StuckFunctionTest {
  @SuppressWarnings("NullAway.Init") // Set by the extension.
  KubernetesClient client;

  private final CountDownLatch done = new CountDownLatch(1);
  private TestWorld world;

  @BeforeEach
  void start(@TempDir Path folder) throws Exception {
    world = new TestWorld(folder, client);
    world.callingStuckAfter(Duration.ofMillis(500));
    world.start();
  }

  @AfterEach
  void close() {
    done.countDown();
    world.close();
  }

  @Test
  void saysThatACreationIsStuckHoldsUpNoOtherAndGoesOnWhenItGetsOn() {
    hangingImagesOf("stuck");
    world.apply("stuck", "");

    FeatureServer stuck =
        world.awaitCondition(
            "stuck", ConditionType.FUNCTION_READY, ConditionStatus.False, "FunctionStuck");

    assertThat(condition(stuck, ConditionType.FUNCTION_READY).message())
        .contains("delete the function in AWS and it will be made again");
    assertThat(condition(stuck, ConditionType.RECONCILING).status())
        .isEqualTo(ConditionStatus.True);
    assertThat(condition(stuck, ConditionType.STALLED).status()).isEqualTo(ConditionStatus.False);
    world.apply("other", "");
    world.awaitReady("other");
    done.countDown();
    assertThat(function(world.awaitReady("stuck")).version()).isEqualTo("1");
  }

  @Test
  void keepsServingWhileAnUpdateIsStuckAndGoesOnWhenItGetsOn() {
    world.apply("stuck", "");
    FeatureServer before = world.awaitReady("stuck");
    hangingImagesOf("stuck");

    world.edit("stuck", TestWorld.storedAt("s3://feast/registries/second"));

    FeatureServer stuck =
        world.awaitCondition(
            "stuck", ConditionType.RECONCILING, ConditionStatus.True, "FunctionStuck");
    assertThat(condition(stuck, ConditionType.RECONCILING).message())
        .contains("The former version keeps serving");
    assertThat(condition(stuck, ConditionType.READY).status()).isEqualTo(ConditionStatus.True);
    assertThat(stuck.getStatus().endpoint()).isEqualTo(before.getStatus().endpoint());
    done.countDown();
    assertThat(function(world.awaitReady("stuck")).version()).isEqualTo("2");
  }

  private void hangingImagesOf(String name) {
    world.preparing(
        image -> {
          if (image.repositoryUri().contains(name)) {
            awaitEnd();
          }
        });
  }

  private void awaitEnd() {
    try {
      assertThat(done.await(2, TimeUnit.MINUTES)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
