package dev.feast.aws.operator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feast.aws.api.v1alpha1.Condition;
import dev.feast.aws.api.v1alpha1.ConditionStatus;
import dev.feast.aws.api.v1alpha1.ConditionType;
import dev.feast.aws.api.v1alpha1.FeatureServer;
import dev.feast.aws.api.v1alpha1.FeatureServerStatus;
import dev.feast.aws.operator.metrics.FeatureServerState;
import dev.feast.aws.operator.metrics.FeatureServerState.Progress;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which state a FeatureServer is counted in. */
class FeatureServersTest {

  @ParameterizedTest
  @CsvSource({
    "True,  False, False, Serving,     false, COMPLETE",
    "True,  True,  False, Deploying,   false, RECONCILING",
    "False, True,  False, ProbeFailed, false, RECONCILING",
    "True,  False, True,  RegistryPath, false, STALLED",
    "True,  False, False, Suspended,   false, OFF",
    "False, False, False, Disabled,    false, OFF",
    "True,  True,  False, AwsThrottled, true, DELETING",
  })
  void readsTheConditions(
      ConditionStatus ready,
      ConditionStatus reconciling,
      ConditionStatus stalled,
      String reason,
      boolean deleted,
      Progress progress) {
    FeatureServer resource = resource(deleted);
    resource.setStatus(
        status(
            condition(ConditionType.READY, ready, reason),
            condition(ConditionType.RECONCILING, reconciling, reason),
            condition(ConditionType.STALLED, stalled, reason)));

    FeatureServerState state = FeatureServers.state(resource);

    assertThat(state)
        .isEqualTo(
            new FeatureServerState(
                "team", "a", ready == ConditionStatus.True, progress, reason, null));
  }

  @Test
  void takesOneThatNobodyLookedAtYetForOneUnderWay() {
    assertThat(FeatureServers.state(resource(false)))
        .isEqualTo(
            new FeatureServerState("team", "a", false, Progress.RECONCILING, "Pending", null));
  }

  private static FeatureServer resource(boolean deleted) {
    var resource = new FeatureServer();
    resource.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace("team")
            .withName("a")
            .withDeletionTimestamp(deleted ? "2026-01-01T00:00:00Z" : null)
            .build());
    return resource;
  }

  private static FeatureServerStatus status(Condition... conditions) {
    return new FeatureServerStatus(
        1L,
        null,
        null,
        null,
        null,
        null,
        null,
        List.of(conditions),
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        List.of(),
        null);
  }

  private static Condition condition(ConditionType type, ConditionStatus status, String reason) {
    return new Condition(type.type(), status, 1, "2026-01-01T00:00:00Z", reason, "");
  }
}
