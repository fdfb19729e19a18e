package dev.feast.aws.operator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feast.aws.api.v1alpha1.ConditionStatus;
import dev.feast.aws.api.v1alpha1.ConditionType;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A call of one FeatureServer that AWS does not answer holds up no other one. */
@EnableKubernetesMockClient(crud = true)
class SlowNeighbourTest {
  @SuppressWarnings("NullAway.Init") // Set by the extension.
  static KubernetesClient client;

  private final CountDownLatch hangs = new CountDownLatch(1);
  private final CountDownLatch answered = new CountDownLatch(1);

  @Test
  void becomesReadyWhileACallOfAnotherHangs(@TempDir Path folder) throws Exception {
    try (TestWorld world = new TestWorld(folder, client).start()) {
      world.answering(
          invocation -> {
            if (invocation.functionName().contains("slow")) {
              hangs.countDown();
              awaitAnswer();
            }
            return TestWorld.healthy();
          });
      world.apply("slow", "");
      assertThat(hangs.await(60, TimeUnit.SECONDS)).isTrue();

      world.apply("quick", "");
      world.awaitReady("quick");

      assertThat(TestWorld.condition(world.get("slow"), ConditionType.READY).status())
          .isNotEqualTo(ConditionStatus.True);
      answered.countDown();
      world.awaitReady("slow");
    }
  }

  private void awaitAnswer() {
    try {
      assertThat(answered.await(2, TimeUnit.MINUTES)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
