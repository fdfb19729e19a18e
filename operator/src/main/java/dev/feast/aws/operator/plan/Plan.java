package dev.feast.aws.operator.plan;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The ordered steps from what was observed to what is desired; none in a world that is as it should
 * be.
 *
 * <p>Only the first is ever applied: its answer is folded into what was observed and the plan is
 * made anew, so that each step is decided on the full spec and the newest knowledge. The others say
 * what is foreseen.
 *
 * @param unnoticed those of the steps that no caller notices, done or not: one that AWS refuses
 *     keeps nothing else waiting
 */
public record Plan(List<Step> steps, Set<Step> unnoticed) {
  public Plan {
    steps = List.copyOf(steps);
    unnoticed = Set.copyOf(unnoticed);
  }

  public boolean isEmpty() {
    return steps.isEmpty();
  }

  /** The first step but those that were refused already. */
  public Optional<Step> next(Set<Step> refused) {
    return steps.stream().filter(step -> !refused.contains(step)).findFirst();
  }
}
