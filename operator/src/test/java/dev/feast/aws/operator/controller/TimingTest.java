package dev.feast.aws.operator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feast.aws.api.v1alpha1.FeatureServerStatus;
import dev.feast.aws.operator.controller.Outcome.Next;
import dev.feast.aws.operator.plan.Step;
import dev.feast.aws.operator.status.Assessment;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class TimingTest {
  private static final ResourceID DEV = new ResourceID("dev", "team");

  /** Its doubles are a half, which is no jitter. */
  private static final RandomGenerator STEADY = () -> 1L << 63;

  private final Timing timing =
      new Timing(Duration.ofMinutes(10), Duration.ofSeconds(1), Duration.ofMinutes(5), STEADY);

  @Test
  void waitsTwiceAsLongEachTimeForTheSame() {
    assertThat(List.of(failing("A"), failing("A"), failing("A"), failing("A")))
        .containsExactly(seconds(1), seconds(2), seconds(4), seconds(8));
    for (int i = 0; i < 10; i++) {
      failing("A");
    }
    assertThat(failing("A")).isEqualTo(seconds(300));
  }

  @Test
  void waitsShortlyForSomethingElse() {
    failing("A");
    failing("A");

    assertThat(failing("B")).isEqualTo(seconds(1));
  }

  @Test
  void waitsLongerForTwoThatTakeTurns() {
    failing("A");
    failing("B");

    assertThat(failing("A")).isEqualTo(seconds(2));
    assertThat(failing("B")).isEqualTo(seconds(2));
  }

  @Test
  void waitsShortlyAfterAnythingThatWasDoneOrChanged() {
    failing("A");
    failing("A");
    assertThat(wait(1, "A", new Next.Backoff(), List.of(new Step.CreateApi("none"))))
        .isEqualTo(seconds(1));
    assertThat(failing("A")).isEqualTo(seconds(2));
    assertThat(wait(2, "A", new Next.Backoff(), List.of())).isEqualTo(seconds(1));
    assertThat(wait(2, "A", new Next.Backoff(), List.of())).isEqualTo(seconds(2));
    assertThat(wait(2, "A", new Next.Resync(), List.of())).isEqualTo(seconds(600));
    assertThat(wait(2, "A", new Next.Backoff(), List.of())).isEqualTo(seconds(1));
  }

  private Duration failing(String reason) {
    return wait(1, reason, new Next.Backoff(), List.of());
  }

  private Duration wait(long generation, String reason, Next next, List<Step> applied) {
    var summary = new Assessment.Summary(Assessment.Progress.RECONCILING, reason, "", true);
    var assessment = new Assessment(summary, Map.of(), true, FeatureServerStatus.empty());
    return timing.wait(DEV, generation, new Outcome(assessment, next, applied));
  }

  private static Duration seconds(long seconds) {
    return Duration.ofSeconds(seconds);
  }
}
