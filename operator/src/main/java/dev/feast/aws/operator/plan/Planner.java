package dev.feast.aws.operator.plan;

import dev.feast.aws.operator.model.Claim;
import dev.feast.aws.operator.model.DesiredStack;
import dev.feast.aws.operator.model.ObservedStack;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Desired and observed give the steps between them. Pure: the same two give the same plan.
 *
 * <p>The order keeps an endpoint serving: what already serves is repaired first, so that a broken
 * route is put right even while a new version cannot pass its probe. A new endpoint comes last, so
 * that there is none before something can answer behind it. Where it is the function that checks
 * keys, before or after a change, routes are closed right before the alias moves to a version that
 * asks for none, and opened once it points to one that does. After everything comes what no caller
 * notices, so that it keeps no new version waiting; only versions that failed their probe go before
 * the alias moves past them, and where they cannot, it moves all the same.
 */
public final class Planner {

  /** What brings {@code observed} to {@code desired}. */
  public Plan plan(DesiredStack desired, ObservedStack observed) {
    Claim claim = observed.claim();
    if (claim == null) {
      return planOwn(desired, observed);
    }
    Plan then = planOwn(desired, observed.claimed());
    return new Plan(
        Stream.concat(Stream.of(AdoptionPlanner.claim(claim)), then.steps().stream()).toList(),
        then.unnoticed());
  }

  private static Plan planOwn(DesiredStack desired, ObservedStack observed) {
    var steps = new ArrayList<Step>();
    boolean serves = observed.liveVersion().isPresent();
    if (serves) {
      steps.addAll(ApiPlanner.serving(desired, observed));
    }
    steps.addAll(RepositoryPlanner.plan(desired, observed));
    List<Step> log = LogPlanner.plan(desired, observed);
    boolean exists = observed.function() != null;
    if (!exists) {
      steps.addAll(log);
    }
    List<Step> guards = ApiPlanner.guardsOfTheNextVersion(desired, observed);
    boolean closing = desired.access().isCheckedByTheApi();
    steps.addAll(FunctionPlanner.plan(desired, observed, closing ? guards : List.of()));
    if (!closing) {
      steps.addAll(guards);
    }
    if (!serves) {
      steps.addAll(ApiPlanner.serving(desired, observed));
    }
    var unnoticed = new ArrayList<Step>();
    if (exists) {
      unnoticed.addAll(log);
    }
    unnoticed.addAll(RepositoryPlanner.tags(desired, observed));
    unnoticed.addAll(FunctionPlanner.tags(desired, observed));
    unnoticed.addAll(ApiPlanner.upkeep(desired, observed));
    unnoticed.addAll(FunctionPlanner.formerVersions(desired, observed));
    List<Step> repository = RepositoryPlanner.unused(desired, observed);
    unnoticed.addAll(
        repository.isEmpty() ? RepositoryPlanner.unusedImages(desired, observed) : repository);
    unnoticed.addAll(CapacityPlanner.reserveLast(desired, observed));
    unnoticed.addAll(AdoptionPlanner.ending(desired, observed));
    steps.addAll(unnoticed);
    unnoticed.addAll(CapacityPlanner.release(desired, observed));
    unnoticed.addAll(FunctionPlanner.failedVersions(desired, observed));
    return new Plan(steps, Set.copyOf(unnoticed));
  }

  /**
   * What removes everything: callers first, so that none gets an error of a function that is half
   * gone, and after it the repository, for its image is in it, and its log, for it writes there.
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
    if (observed.logGroup() != null && observed.logGroup().isOurs()) {
      steps.add(new Step.DeleteLogGroup(reason));
    }
    return new Plan(steps, Set.of());
  }
}
