package dev.feast.aws.operator.deploy;

import dev.feast.aws.operator.model.Health;
import dev.feast.aws.operator.model.ObservedStack;
import org.jspecify.annotations.Nullable;

/** What became of a step. Errors of AWS are exceptions; this is what was foreseen. */
sealed interface Applied {

  /** It is done; the answer to it is folded into what was observed. */
  record Done(ObservedStack now) implements Applied {}

  /** The version passed its probe. */
  record Verified(ObservedStack now, @Nullable Health health) implements Applied {}

  /** The version did not pass, whatever its health was; what served before goes on serving. */
  record Unfit(ProbeRecord probes, @Nullable Health health) implements Applied {}

  /** It is done, and what it came to is to be read anew: the pass ends with it. */
  record DoneForNow(Blocked then) implements Applied {}

  /** Later. */
  record NotYet(Blocked blocked) implements Applied {}
}
