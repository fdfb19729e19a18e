package dev.feast.aws.operator.controller;

import dev.feast.aws.api.v1alpha1.AdoptionPhase;
import dev.feast.aws.api.v1alpha1.AdoptionStatus;
import dev.feast.aws.api.v1alpha1.FeatureServerStatus;
import dev.feast.aws.operator.deploy.Deployment;
import dev.feast.aws.operator.deploy.EndpointAnswer;
import dev.feast.aws.operator.deploy.Pace;
import dev.feast.aws.operator.model.Adoption;
import dev.feast.aws.operator.model.Claim;
import dev.feast.aws.operator.model.DesiredStack;
import dev.feast.aws.operator.model.Former;
import dev.feast.aws.operator.model.Former.Remains;
import dev.feast.aws.operator.model.ObservedStack;
import dev.feast.aws.operator.model.ObservedStack.Api;
import dev.feast.aws.operator.model.Tags;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How far the adoption of an API is, from pass to pass. What belongs to it in AWS the API's tags
 * tell; the status keeps what they cannot: that it was asked for and done, whatever became of the
 * API since, and that callers were seen to be answered without what it led to before.
 */
final class AdoptionProgress {
  private final Pace pace;
  private final InstantSource clock;

  AdoptionProgress(Pace pace, InstantSource clock) {
    this.pace = pace;
    this.clock = clock;
  }

  /**
   * Whether what the annotation asks for was done before; an API that is gone since then is drift.
   */
  static boolean isDone(Adoption adoption, @Nullable AdoptionStatus known) {
    return known != null
        && known.phase() != AdoptionPhase.Claiming
        && adoption.isDoneBy(known.from(), known.apiId());
  }

  /** The API that has answered since it leads to our function; null where none has. */
  static @Nullable String replaced(@Nullable AdoptionStatus known) {
    return known != null && known.phase() == AdoptionPhase.Replaced ? known.apiId() : null;
  }

  /** The API that may have been claimed by a pass that died; null where there is none. */
  static @Nullable String claiming(@Nullable AdoptionStatus known) {
    return known != null && known.phase() == AdoptionPhase.Claiming ? known.apiId() : null;
  }

  /** Written before the claim: a pass that dies after it leaves an API that is found by its id. */
  FeatureServerStatus claiming(FeatureServerStatus before, Adoption adoption, Claim claim) {
    AdoptionStatus known = before.adoption();
    return Objects.equals(claiming(known), claim.api().id())
            && adoption.text().equals(Objects.requireNonNull(known).from())
        ? before
        : before.withAdoption(
            progress(adoption.text(), claim.api().id(), claim.former(), AdoptionPhase.Claiming));
  }

  /**
   * After a deployment, complete or not.
   *
   * @param found what was there before it
   * @param answer what the endpoint said to it
   */
  @Nullable AdoptionStatus after(
      @Nullable AdoptionStatus known,
      DesiredStack desired,
      ObservedStack found,
      Deployment deployment,
      EndpointAnswer answer) {
    Api api = deployment.now().api();
    String from = api == null ? null : api.tags().get(Tags.ADOPTED_FROM);
    if (api == null || from == null) {
      return withoutAdoptedApi(known, api);
    }
    Former former = deployment.now().former();
    AdoptionStatus before =
        known != null && known.apiId().equals(api.id()) && known.phase() != AdoptionPhase.Claiming
            ? known
            : progress(from, api.id(), former, AdoptionPhase.Claimed);
    return former == null
        ? in(AdoptionPhase.Ended, before)
        : in(next(before, desired, found, deployment, answer), before);
  }

  private AdoptionPhase next(
      AdoptionStatus before,
      DesiredStack desired,
      ObservedStack found,
      Deployment deployment,
      EndpointAnswer answer) {
    // Not what this pass has made so: callers may be led elsewhere still.
    if (found.former() == null || !desired.isServedBy(found)) {
      return AdoptionPhase.Claimed;
    }
    return switch (before.phase()) {
      case Claiming, Claimed -> AdoptionPhase.Switched;
      case Switched ->
          isSince(before, pace.replaced())
                  && deployment.applied().isEmpty()
                  && isAnswered(desired, deployment, answer)
              ? AdoptionPhase.Replaced
              : AdoptionPhase.Switched;
      case Replaced, Ended -> before.phase();
    };
  }

  /** As far as the operator can know: where API Gateway checks callers, it lets no operator in. */
  private static boolean isAnswered(
      DesiredStack desired, Deployment deployment, EndpointAnswer answer) {
    return switch (answer) {
      case EndpointAnswer.Available available ->
          available.byTheFunction() || desired.access().isCheckedByTheApi();
      case EndpointAnswer.NotAsked() -> deployment.rolledOut();
      case EndpointAnswer.Wrong _, EndpointAnswer.Unreachable _ -> false;
    };
  }

  private @Nullable AdoptionStatus withoutAdoptedApi(
      @Nullable AdoptionStatus known, @Nullable Api api) {
    if (known == null || (known.phase() == AdoptionPhase.Claiming && api != null)) {
      return null;
    }
    return known.phase() == AdoptionPhase.Claiming ? known : in(AdoptionPhase.Ended, known);
  }

  /** Once nothing is left in AWS. */
  @Nullable AdoptionStatus afterRemoval(@Nullable AdoptionStatus known) {
    return known == null || known.phase() == AdoptionPhase.Claiming
        ? null
        : in(AdoptionPhase.Ended, known);
  }

  /**
   * What is left in AWS because the API was lost on the way, as a sentence for people; empty where
   * that is not so.
   */
  static Optional<String> lost(FeatureServerStatus before, FeatureServerStatus now) {
    AdoptionStatus known = before.adoption();
    if (known == null || now.adoption() == null || now.adoption().phase() != AdoptionPhase.Ended) {
      return Optional.empty();
    }
    boolean isThere = known.apiId().equals(Facts.apiId(now));
    return switch (known.phase()) {
      case Claimed, Switched -> Optional.of(lost(known));
      case Replaced -> isThere ? Optional.empty() : Optional.of(lost(known));
      case Claiming, Ended -> Optional.empty();
    };
  }

  private static String lost(AdoptionStatus known) {
    return "API %s is not being adopted any more: it is gone, or its tags are. What it led to is left, where it is still there: %s."
        .formatted(
            known.apiId(),
            Stream.of(
                    Optional.ofNullable(known.function()).map("Lambda function "::concat),
                    Optional.ofNullable(known.repository()).map("ECR repository "::concat))
                .flatMap(Optional::stream)
                .collect(Collectors.joining(", ")));
  }

  private AdoptionStatus progress(
      String from, String apiId, @Nullable Former former, AdoptionPhase phase) {
    Remains repository = former == null ? null : former.repository();
    return new AdoptionStatus(
        from,
        apiId,
        former == null ? null : former.function().name(),
        repository == null ? null : repository.name(),
        phase,
        now());
  }

  private AdoptionStatus in(AdoptionPhase phase, AdoptionStatus before) {
    return phase == before.phase()
        ? before
        : new AdoptionStatus(
            before.from(), before.apiId(), before.function(), before.repository(), phase, now());
  }

  private String now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS).toString();
  }

  private boolean isSince(AdoptionStatus known, Duration wait) {
    try {
      return !Instant.parse(known.lastTransitionTime()).plus(wait).isAfter(clock.instant());
    } catch (DateTimeParseException e) {
      return true; // Somebody edited the status; when it was is not known any more.
    }
  }
}
