package dev.feast.aws.operator.controller;

import dev.feast.aws.operator.plan.Drift;
import dev.feast.aws.operator.plan.Step;
import dev.feast.aws.operator.status.Assessment;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a pass came to and when the next one is due.
 *
 * @param applied what was changed in AWS
 * @param drift what somebody else had changed there before, as {@link Drift#of} tells it
 * @param clients what clients need to know; null where the pass did not come to know it
 */
record Outcome(
    Assessment assessment,
    Next next,
    List<Step> applied,
    List<String> drift,
    @Nullable ClientStore clients) {

  /** When to look again if nothing happens before. */
  sealed interface Next {
    /** Nothing is left to do: at the next resync. */
    record Resync() implements Next {}

    /** After a wait that grows while the same goes wrong. */
    record Backoff() implements Next {}

    record After(Duration delay) implements Next {}

    /**
     * Then, and whatever happens no sooner: what was changed is not known everywhere until then.
     */
    record NotBefore(Duration delay) implements Next {}
  }

  Outcome(Assessment assessment, Next next, List<Step> applied) {
    this(assessment, next, applied, List.of(), null);
  }

  static Outcome resync(Assessment assessment) {
    return new Outcome(assessment, new Next.Resync(), List.of());
  }

  static Outcome backoff(Assessment assessment) {
    return new Outcome(assessment, new Next.Backoff(), List.of());
  }
}
