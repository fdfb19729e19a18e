package dev.feast.aws.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feast.aws.api.v1alpha1.Condition;
import dev.feast.aws.api.v1alpha1.ConditionStatus;
import dev.feast.aws.api.v1alpha1.ConditionType;
import dev.feast.aws.api.v1alpha1.FeatureServerStatus;
import dev.feast.aws.operator.status.Assessment.Progress;
import dev.feast.aws.operator.status.Assessment.Summary;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StatusReportTest {
  private Instant now = Instant.parse("2026-11-22T10:00:00Z");
  private final StatusReport report = new StatusReport(() -> now);

  @Test
  void keepsReadyForTheFormerGenerationWhileItServes() {
    FeatureServerStatus served = report.next(FeatureServerStatus.empty(), 1, complete());
    now = now.plusSeconds(60);

    FeatureServerStatus updating = report.next(served, 2, working(true));

    Condition ready = condition(updating, ConditionType.READY);
    assertThat(ready.status()).isEqualTo(ConditionStatus.True);
    assertThat(ready.observedGeneration()).isEqualTo(1);
    assertThat(ready.lastTransitionTime()).isEqualTo("2026-11-22T10:00:00Z");
    assertThat(ready.reason()).isEqualTo("ProbeFailed");
    assertThat(updating.observedGeneration()).isEqualTo(2);
    Condition reconciling = condition(updating, ConditionType.RECONCILING);
    assertThat(reconciling.status()).isEqualTo(ConditionStatus.True);
    assertThat(reconciling.lastTransitionTime()).isEqualTo("2026-11-22T10:01:00Z");
  }

  @Test
  void isNotReadyOnceNothingServes() {
    FeatureServerStatus served = report.next(FeatureServerStatus.empty(), 1, complete());

    Condition ready = condition(report.next(served, 2, working(false)), ConditionType.READY);

    assertThat(ready.status()).isEqualTo(ConditionStatus.False);
    assertThat(ready.observedGeneration()).isEqualTo(2);
  }

  @Test
  void isEqualWhereNothingChanged() {
    FeatureServerStatus served = report.next(FeatureServerStatus.empty(), 1, complete());
    now = now.plusSeconds(600);

    assertThat(report.next(served, 1, complete())).isEqualTo(served);
  }

  private static Condition condition(FeatureServerStatus status, ConditionType type) {
    return status.condition(type).orElseThrow();
  }

  private static Assessment complete() {
    return new Assessment(
        new Summary(Progress.COMPLETE, "Serving", "It serves.", false),
        Map.of(),
        true,
        FeatureServerStatus.empty());
  }

  private static Assessment working(boolean serves) {
    return new Assessment(
        new Summary(Progress.RECONCILING, "ProbeFailed", "Not yet.", true),
        Map.of(),
        serves,
        FeatureServerStatus.empty());
  }
}
