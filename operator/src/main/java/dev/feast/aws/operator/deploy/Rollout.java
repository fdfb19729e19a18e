package dev.feast.aws.operator.deploy;

import dev.feast.aws.operator.aws.AwsException;
import dev.feast.aws.operator.aws.AwsException.Kind;
import dev.feast.aws.operator.aws.AwsRegion;
import dev.feast.aws.operator.aws.Lambda.Invocation;
import dev.feast.aws.operator.model.DesiredStack;
import dev.feast.aws.operator.model.FunctionConfiguration;
import dev.feast.aws.operator.model.FunctionConfiguration.State;
import dev.feast.aws.operator.model.Health;
import dev.feast.aws.operator.model.ObservedStack;
import dev.feast.aws.operator.model.ProbeLookup;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What of a rollout takes time: waits for Lambda, and probes. */
final class Rollout {
  private static final Logger LOG = LoggerFactory.getLogger(Rollout.class);

  private final Pace pace;
  private final InstantSource clock;

  Rollout(Pace pace, InstantSource clock) {
    this.pace = pace;
    this.clock = clock;
  }

  /**
   * Lambda works on the function: look again later.
   *
   * @param serves whether a version of it has traffic, which goes on whatever becomes of this
   */
  Applied awaiting(FunctionConfiguration configuration, boolean serves, String reason) {
    return awaiting(
        configuration.modified(),
        serves,
        reason,
        configuration.stateReason().isEmpty()
            ? configuration.lastUpdateReason()
            : configuration.stateReason());
  }

  /**
   * The same of any of Lambda's work.
   *
   * @param begun null where it began just now
   * @param why Lambda's words for how it stands; empty where it has none
   */
  Applied awaiting(@Nullable Instant begun, boolean serves, String reason, String why) {
    Duration waited = since(begun);
    boolean stuck = waited.compareTo(pace.stuck()) > 0;
    return new Applied.NotYet(
        new Blocked(
            Stage.FUNCTION,
            stuck ? "FunctionStuck" : "FunctionPending",
            stuck ? stuck(why, serves, reason, waited) : reason,
            pace.afterWaiting(waited)));
  }

  /** When to look again at what was changed just now and takes a moment to be known everywhere. */
  Duration soon() {
    return pace.probe();
  }

  /** What was changed for callers in this pass is known everywhere by the next one. */
  Applied propagating(String reason) {
    return new Applied.NotYet(
        new Blocked(Stage.ENDPOINT, Blocked.ENDPOINT_PENDING, reason + ".", soon()));
  }

  /** When what an adopted API led to before may go, at the earliest. */
  Duration untilReplaced() {
    return pace.replaced();
  }

  private static String stuck(String why, boolean serves, String reason, Duration waited) {
    return "%s for %d minutes now; it usually takes less than two%s. %s."
        .formatted(
            reason,
            waited.toMinutes(),
            why.isEmpty() ? "" : " (Lambda says: " + why + ")",
            serves
                ? "The former version keeps serving"
                : "If it does not end, delete the function in AWS and it will be made again");
  }

  /**
   * Tries the same once more when a failure of Lambda's own is old enough, and at once where Lambda
   * does not say how old it is: the wait for what is tried then keeps the pace.
   */
  Applied orLater(@Nullable Instant modified, String reason, Supplier<ObservedStack> step) {
    Duration left = modified == null ? Duration.ZERO : pace.again().minus(since(modified));
    return left.isPositive()
        ? new Applied.NotYet(new Blocked(Stage.FUNCTION, "FunctionFailed", reason, left))
        : new Applied.Done(step.get());
  }

  /**
   * Asks the candidate for its health, and then what the user would have it asked.
   *
   * @param before the probes that it failed already; null where this is the first, or where
   *     something changed since
   */
  Applied probe(
      AwsRegion aws, DesiredStack desired, ObservedStack observed, @Nullable ProbeRecord before) {
    return oncePrepared(
        aws, desired, observed, before, trial -> asked(aws, desired, observed, trial));
  }

  /** The candidate gets the traffic unasked, but not before Lambda can invoke it. */
  Applied awaitVersion(
      AwsRegion aws, DesiredStack desired, ObservedStack observed, @Nullable ProbeRecord before) {
    return oncePrepared(
        aws, desired, observed, before, trial -> passed(observed, trial.version(), null));
  }

  /**
   * A version that Lambda has prepared.
   *
   * @param failed how often it failed before
   */
  private record Trial(long version, int failed, State state) {}

  private Applied oncePrepared(
      AwsRegion aws,
      DesiredStack desired,
      ObservedStack observed,
      @Nullable ProbeRecord before,
      Function<Trial, Applied> then) {
    long version = new FunctionApplier(aws, desired).candidate(observed).number();
    int failed = before != null && before.version() == version ? before.failed() : 0;
    if (before != null && failed > 0) {
      Duration left = pace.afterProbes(failed).minus(since(before.last()));
      if (left.isPositive()) {
        return new Applied.NotYet(
            new Blocked(Stage.FUNCTION, "ProbeFailed", before.message(), left));
      }
    }
    FunctionConfiguration configuration = aws.lambda().version(desired.name(), version);
    var trial = new Trial(version, failed, configuration.state());
    return switch (configuration.state()) {
      case PENDING, LEAVING ->
          awaiting(
              configuration,
              observed.liveVersion().isPresent(),
              "Lambda is still preparing version " + version);
      case FAILED ->
          unfit(
              desired,
              trial,
              "Lambda could not prepare it: " + configuration.stateReason(),
              "",
              null);
      case ACTIVE, INACTIVE -> then.apply(trial);
    };
  }

  private Applied asked(AwsRegion aws, DesiredStack desired, ObservedStack observed, Trial trial) {
    Health health = null;
    try {
      Invocation answered =
          invoke(aws, desired, trial, ProbeEvent.health(desired, clock.instant()));
      ProbeAnswer answer = ProbeAnswer.toHealth(answered);
      health = answer.health() == null ? null : Shown.health(desired, answer.health());
      ProbeLookup lookup = desired.rollout().lookup();
      if (answer.failure().isEmpty() && lookup != null) {
        answered = invoke(aws, desired, trial, ProbeEvent.lookup(desired, lookup, clock.instant()));
        answer = ProbeAnswer.toLookup(lookup, answered);
      }
      if (answer.failure().isPresent()) {
        return unfit(desired, trial, answer.failure().get(), answered.log(), health);
      }
    } catch (AwsException e) {
      if (e.kind() == Kind.NOT_YET && trial.state() == State.INACTIVE) {
        return new Applied.NotYet(
            new Blocked(
                Stage.FUNCTION,
                "FunctionPending",
                "Lambda is waking up version " + trial.version(),
                null));
      }
      if (e.kind() == Kind.SNAPSHOT_UNUSABLE) {
        return unfit(
            desired,
            trial,
            "Lambda could not restore it from its snapshot: " + e.getMessage(),
            "",
            health);
      }
      throw e;
    }
    return passed(observed, trial.version(), health);
  }

  private static Invocation invoke(AwsRegion aws, DesiredStack desired, Trial trial, String event) {
    return aws.lambda().invoke(desired.name(), trial.version(), event);
  }

  private static Applied passed(ObservedStack observed, long version, @Nullable Health health) {
    return new Applied.Verified(
        observed.changingFunction(function -> function.withVerified(version)), health);
  }

  private Applied unfit(
      DesiredStack desired, Trial trial, String why, String log, @Nullable Health health) {
    String shown = Shown.text(desired, why);
    LOG.warn("The probe of version {} failed: {}", trial.version(), shown);
    return new Applied.Unfit(
        new ProbeRecord(
            trial.version(),
            trial.failed() + 1,
            clock.instant(),
            "Version %d gets no traffic: %s".formatted(trial.version(), shown),
            LogTail.of(desired.withoutSecrets(log), log.getBytes(StandardCharsets.UTF_8).length)),
        health);
  }

  /** The wait until the next probe. */
  Blocked until(ProbeRecord probes) {
    return new Blocked(
        Stage.FUNCTION, "ProbeFailed", probes.message(), pace.afterProbes(probes.failed()));
  }

  private Duration since(@Nullable Instant then) {
    if (then == null) {
      return Duration.ZERO;
    }
    Duration since = Duration.between(then, clock.instant());
    return since.isNegative() ? Duration.ZERO : since;
  }
}
