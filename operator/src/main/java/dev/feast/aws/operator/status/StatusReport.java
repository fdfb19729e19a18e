package dev.feast.aws.operator.status;

import dev.feast.aws.api.v1alpha1.Condition;
import dev.feast.aws.api.v1alpha1.ConditionStatus;
import dev.feast.aws.api.v1alpha1.ConditionType;
import dev.feast.aws.api.v1alpha1.FeatureServerStatus;
import dev.feast.aws.operator.status.Assessment.Progress;
import dev.feast.aws.operator.status.Assessment.Summary;
import dev.feast.aws.operator.status.Assessment.Verdict;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Turns an assessment into the next status by Kubernetes' API conventions: each condition with the
 * generation it was found for, lastTransitionTime moved only where the status did.
 */
public final class StatusReport {
  /** The longest message that meta/v1 Conditions allow. */
  private static final int LONGEST_MESSAGE = 32_768;

  private final InstantSource clock;

  public StatusReport(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * The next status; equal to {@code before} where nothing changed.
   *
   * @param generation of the spec that was looked at
   */
  public FeatureServerStatus next(FeatureServerStatus before, long generation, Assessment found) {
    var conditions = new ArrayList<Condition>();
    conditions.add(ready(before, generation, found));
    Summary summary = found.summary();
    conditions.add(
        abnormal(
            ConditionType.RECONCILING,
            summary.progress() == Progress.RECONCILING || summary.progress() == Progress.TIDYING,
            before,
            generation,
            summary));
    conditions.add(
        abnormal(
            ConditionType.STALLED,
            summary.progress() == Progress.STALLED,
            before,
            generation,
            summary));
    for (ConditionType stage :
        List.of(
            ConditionType.SPEC_ACCEPTED,
            ConditionType.IMAGE_READY,
            ConditionType.FUNCTION_READY,
            ConditionType.ENDPOINT_AVAILABLE)) {
      Verdict verdict = found.stages().get(stage);
      if (verdict != null) {
        conditions.add(condition(stage, before, generation, verdict));
      } else {
        before.condition(stage).ifPresent(conditions::add);
      }
    }
    FeatureServerStatus facts = found.facts();
    return new FeatureServerStatus(
        generation,
        facts.project(),
        facts.region(),
        facts.account(),
        facts.assumeRoleArn(),
        facts.endpoint(),
        facts.authorization(),
        conditions,
        facts.function(),
        facts.image(),
        facts.repository(),
        facts.api(),
        facts.adoption(),
        facts.registry(),
        facts.deployed(),
        facts.optionalParts(),
        facts.plan());
  }

  /**
   * Ready's observedGeneration advances only when that generation serves, for kubectl wait goes by
   * it: while an update is under way or fails, Ready stays true for the generation before.
   */
  private Condition ready(FeatureServerStatus before, long generation, Assessment found) {
    Summary summary = found.summary();
    if (summary.progress() == Progress.COMPLETE || summary.progress() == Progress.TIDYING) {
      return condition(
          ConditionType.READY,
          before,
          generation,
          Verdict.yes(summary.reason(), summary.message()));
    }
    Optional<Condition> served =
        before
            .condition(ConditionType.READY)
            .filter(ready -> ready.status() == ConditionStatus.True);
    if (found.serves() && served.isPresent()) {
      long serving = served.get().observedGeneration();
      String message = "Generation %d serves. %s".formatted(serving, summary.message());
      return condition(
          ConditionType.READY, before, serving, Verdict.yes(summary.reason(), message));
    }
    return condition(
        ConditionType.READY, before, generation, Verdict.no(summary.reason(), summary.message()));
  }

  /** Conditions that are true when something is not as it should be, as kstatus reads them. */
  private Condition abnormal(
      ConditionType type,
      boolean holds,
      FeatureServerStatus before,
      long generation,
      Summary summary) {
    Verdict verdict =
        holds
            ? Verdict.yes(summary.reason(), summary.message())
            : Verdict.no(
                summary.progress() == Progress.COMPLETE ? "Complete" : summary.reason(), "");
    return condition(type, before, generation, verdict);
  }

  private Condition condition(
      ConditionType type, FeatureServerStatus before, long generation, Verdict verdict) {
    @Nullable Condition former = before.condition(type).orElse(null);
    String since =
        former != null && former.status() == verdict.status()
            ? former.lastTransitionTime()
            : clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    String message = verdict.message();
    return new Condition(
        type.type(),
        verdict.status(),
        generation,
        since,
        verdict.reason(),
        message.length() > LONGEST_MESSAGE ? message.substring(0, LONGEST_MESSAGE) : message);
  }
}
