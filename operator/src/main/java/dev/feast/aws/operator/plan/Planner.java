package dev.feast.aws.operator.plan;

import dev.feast.aws.operator.model.DesiredStack;
import dev.feast.aws.operator.model.ObservedStack;
import java.util.ArrayList;
import java.util.List;

/**
 * Desired and observed give the steps between them. Pure: the same two give the same plan.
 *
 * <p>The order keeps an endpoint serving: what already serves is repaired first, so that a broken
 * route is put right even while a new version cannot pass its probe. A new endpoint comes last, so
 * that there is none before something can answer behind it. After everything comes what no caller
 * notices, so that it keeps no new version waiting.
 */
public final class Planner {

  /** What brings {@code observed} to {@code desired}. */
  public Plan plan(DesiredStack desired, ObservedStack observed) {
    var steps = new ArrayList<Step>();
    boolean serves = observed.liveVersion().isPresent();
    if (serves) {
      steps.addAll(ApiPlanner.serving(desired, observed));
    }
    steps.addAll(RepositoryPlanner.plan(desired, observed));
    steps.addAll(FunctionPlanner.plan(desired, observed));
    if (!serves) {
      steps.addAll(ApiPlanner.serving(desired, observed));
    }
    steps.addAll(ApiPlanner.upkeep(desired, observed));
    return new Plan(steps);
  }

  /**
   * What removes everything: callers first, so that none gets an error of a function that is half
   * gone, and the repository last, for the function's image is in it.
   */
  public Plan planRemoval(ObservedStack observed, String reason) {
    List<Step> steps = new ArrayList<>();
    if (observed.api() != null) {
      steps.add(new Step.DeleteApi(observed.api().id(), reason));
    }
    observed.surplusApis().forEach(id -> steps.add(new Step.DeleteApi(id, reason)));
    if (observed.function() != null) {
      steps.add(new Step.DeleteFunction(false, reason));
    }
    if (observed.repository() != null) {
      steps.add(new Step.DeleteRepository(reason));
    }
    return new Plan(steps);
  }
}
