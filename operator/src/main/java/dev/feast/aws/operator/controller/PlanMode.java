package dev.feast.aws.operator.controller;

import dev.feast.aws.api.v1alpha1.FeatureServer;
import dev.feast.aws.api.v1alpha1.PlanStatus;
import dev.feast.aws.api.v1alpha1.PlannedStep;
import dev.feast.aws.operator.model.ObservedStack;
import dev.feast.aws.operator.plan.Plan;
import java.util.Map;

/** The annotation that asks what would be done in AWS, and keeps it from being done. */
final class PlanMode {
  static final String ANNOTATION = RelevantUpdates.PREFIX + "plan";

  private PlanMode() {}

  /** Any value but "false" is one: a mistake in writing it must not change what is in AWS. */
  static boolean isOn(FeatureServer resource) {
    Map<String, String> annotations = resource.getMetadata().getAnnotations();
    String value = annotations == null ? null : annotations.get(ANNOTATION);
    return value != null && !value.strip().equalsIgnoreCase("false");
  }

  /**
   * The plan as the status has it.
   *
   * @param name of repository, function and API
   */
  static PlanStatus plan(FeatureServer resource, Plan plan, String name, ObservedStack observed) {
    return new PlanStatus(
        resource.getMetadata().getGeneration(),
        plan.steps().stream()
            .map(step -> new PlannedStep(step.object(name, observed), step.action(), step.reason()))
            .toList());
  }
}
