package dev.feast.aws.operator.deploy;

import dev.feast.aws.operator.aws.AwsException;
import dev.feast.aws.operator.aws.AwsException.Kind;
import dev.feast.aws.operator.aws.AwsRegion;
import dev.feast.aws.operator.aws.Lambda.Invocation;
import dev.feast.aws.operator.model.Access;
import dev.feast.aws.operator.model.ApiKey;
import dev.feast.aws.operator.model.DesiredStack;
import dev.feast.aws.operator.model.FunctionConfiguration;
import dev.feast.aws.operator.model.FunctionConfiguration.State;
import dev.feast.aws.operator.model.Health;
import dev.feast.aws.operator.model.ObservedStack;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
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
    Duration waited = since(configuration.modified());
    boolean stuck = waited.compareTo(pace.stuck()) > 0;
    return new Applied.NotYet(
        new Blocked(
            Stage.FUNCTION,
            stuck ? "FunctionStuck" : "FunctionPending",
            stuck ? stuck(configuration, serves, reason, waited) : reason,
            pace.afterWaiting(waited)));
  }

  private static String stuck(
      FunctionConfiguration configuration, boolean serves, String reason, Duration waited) {
    String why =
        configuration.stateReason().isEmpty()
            ? configuration.lastUpdateReason()
            : configuration.stateReason();
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
  Applied orLater(
      FunctionConfiguration configuration, String reason, Supplier<ObservedStack> step) {
    Duration left =
        configuration.modified() == null
            ? Duration.ZERO
            : pace.again().minus(since(configuration.modified()));
    return left.isPositive()
        ? new Applied.NotYet(new Blocked(Stage.FUNCTION, "FunctionFailed", reason, left))
        : new Applied.Done(step.get());
  }

  /**
   * Asks the candidate for its health.
   *
   * @param before the probes that it failed already; null where this is the first, or where
   *     something changed since
   */
  Applied probe(
      AwsRegion aws, DesiredStack desired, ObservedStack observed, @Nullable ProbeRecord before) {
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
    return switch (configuration.state()) {
      case PENDING, LEAVING ->
          awaiting(
              configuration,
              observed.liveVersion().isPresent(),
              "Lambda is still preparing version " + version);
      case FAILED ->
          unfit(
              version, failed, "Lambda could not prepare it: " + configuration.stateReason(), null);
      case ACTIVE, INACTIVE -> invoke(aws, desired, observed, version, failed, configuration);
    };
  }

  private Applied invoke(
      AwsRegion aws,
      DesiredStack desired,
      ObservedStack observed,
      long version,
      int failed,
      FunctionConfiguration configuration) {
    Invocation invocation;
    try {
      invocation =
          aws.lambda().invoke(desired.name(), version, ProbeEvent.at(desired, clock.instant()));
    } catch (AwsException e) {
      if (e.kind() == Kind.NOT_YET && configuration.state() == State.INACTIVE) {
        return new Applied.NotYet(
            new Blocked(
                Stage.FUNCTION, "FunctionPending", "Lambda is waking up version " + version, null));
      }
      throw e;
    }
    ProbeAnswer answer = ProbeAnswer.of(invocation);
    if (answer.failure().isPresent()) {
      // An image of the user's own may write its environment into answers and log. The log itself
      // is CloudWatch's, whose readers are the user's choice; here it is for debugging only.
      String failure = masked(desired, answer.failure().get());
      LOG.warn("The probe of version {} failed: {}", version, failure);
      LOG.debug("Version {} logged: {}", version, masked(desired, invocation.log()));
      return unfit(version, failed, failure, answer.health());
    }
    return new Applied.Verified(
        observed.changingFunction(function -> function.withVerified(version)), answer.health());
  }

  /** Without what may be secret: values of the environment, and the key that the probe sent. */
  private static String masked(DesiredStack desired, String text) {
    String masked = desired.function().settings().environment().masking(text);
    return switch (desired.access()) {
      case Access.Open() -> masked;
      case Access.ByApiKey(List<ApiKey> keys) -> {
        for (ApiKey key : keys) {
          masked = masked.replace(key.value(), "***");
        }
        yield masked;
      }
    };
  }

  private Applied unfit(long version, int failedBefore, String why, @Nullable Health health) {
    return new Applied.Unfit(
        new ProbeRecord(
            version,
            failedBefore + 1,
            clock.instant(),
            "Version %d gets no traffic: %s".formatted(version, why)),
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
