package dev.feast.aws.operator.controller;

import dev.feast.aws.operator.plan.Drift;
import dev.feast.aws.operator.plan.Step;
import dev.feast.aws.operator.status.Assessment;
import java.time.Duration;
import java.util.List;

/**
 * What a pass came to and when the next one is due.
 *
 * @param applied what was changed in AWS
 * @param drift what somebody else had changed there before, as {@link Drift#of} tells it
 */
record Outcome(Assessment assessment, Next next, List<Step> applied, List<String> drift) {

  /** When to look again if nothing happens before. */
  sealed interface Next {
    /** Nothing is left to do: at the next resync. */
    record Resync() implements Next {}

    /** After a wait that grows while the same goes wrong. */
    record Backoff() implements Next {}

    record After(Duration delay) implements Next {}
  }

  Outcome(Assessment assessment, Next next, List<Step> applied) {
    this(assessment, next, applied, List.of());
  }

  static Outcome resync(Assessment assessment) {
    return new Outcome(assessment, new Next.Resync(), List.of());
  }

  static Outcome backoff(Assessment assessment) {
    return new Outcome(assessment, new Next.Backoff(), List.of());
  }
}
