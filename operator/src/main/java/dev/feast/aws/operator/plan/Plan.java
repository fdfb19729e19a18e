package dev.feast.aws.operator.plan;

import java.util.List;
import java.util.Optional;

/**
 * The ordered steps from what was observed to what is desired; none in a world that is as it should
 * be.
 *
 * <p>Only the first is ever applied: its answer is folded into what was observed and the plan is
 * made anew, so that each step is decided on the full spec and the newest knowledge. The others say
 * what is foreseen.
 */
public record Plan(List<Step> steps) {
  public Plan {
    steps = List.copyOf(steps);
  }

  public boolean isEmpty() {
    return steps.isEmpty();
  }

  public Optional<Step> next() {
    return steps.stream().findFirst();
  }
}
