package dev.feast.aws.operator.deploy;

import dev.feast.aws.operator.model.Health;
import dev.feast.aws.operator.model.ObservedStack;
import dev.feast.aws.operator.plan.Step;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How far a pass came.
 *
 * @param now what is in AWS now
 * @param applied the steps that changed something
 * @param blocked what keeps it from being complete; null once nothing is left to do
 * @param rolledOut whether nothing is left to do but what no caller notices
 * @param health of the version that was probed in this pass, whether it passed or not; null where
 *     none said
 * @param probes of the version that has not passed yet
 */
public record Deployment(
    ObservedStack now,
    List<Step> applied,
    @Nullable Blocked blocked,
    boolean rolledOut,
    @Nullable Health health,
    @Nullable ProbeRecord probes) {

  public Optional<Blocked> blocker() {
    return Optional.ofNullable(blocked);
  }

  public Optional<Health> reported() {
    return Optional.ofNullable(health);
  }

  public Optional<ProbeRecord> failedProbes() {
    return Optional.ofNullable(probes);
  }
}
