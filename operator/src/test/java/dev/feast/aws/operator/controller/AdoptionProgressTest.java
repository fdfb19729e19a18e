package dev.feast.aws.operator.controller;

import static dev.feast.aws.operator.plan.Worlds.complete;
import static dev.feast.aws.operator.plan.Worlds.desired;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.feast.aws.api.v1alpha1.AdoptionPhase;
import dev.feast.aws.api.v1alpha1.AdoptionStatus;
import dev.feast.aws.operator.deploy.Deployment;
import dev.feast.aws.operator.deploy.EndpointAnswer;
import dev.feast.aws.operator.deploy.Pace;
import dev.feast.aws.operator.model.Access;
import dev.feast.aws.operator.model.Adoption;
import dev.feast.aws.operator.model.DesiredEndpoint;
import dev.feast.aws.operator.model.DesiredStack;
import dev.feast.aws.operator.model.Former;
import dev.feast.aws.operator.model.Former.Remains;
import dev.feast.aws.operator.model.ObservedStack;
import dev.feast.aws.operator.model.Tags;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** When what an adopted API led to before is no longer needed. */
class AdoptionProgressTest {
  private static final Instant THEN = Instant.parse("2026-11-01T00:00:00Z");
  private static final Instant LATER = THEN.plus(Pace.PRODUCTION.replaced());
  private static final Former FORMER =
      new Former(Remains.toRemove("former"), Remains.toRemove("repository"), true, false);

  private static final EndpointAnswer OURS = new EndpointAnswer.Available("200", null, true);
  private static final EndpointAnswer API_GATEWAYS =
      new EndpointAnswer.Available("403 or 429", null, false);

  private final DesiredStack open = with(new Access.Open());

  private static DesiredStack with(Access access) {
    return desired(desired(), DesiredEndpoint.OPEN.with(access));
  }

  private static ObservedStack led(DesiredStack desired) {
    return complete(desired)
        .changingApi(api -> api.withTags(Map.of(Tags.ADOPTED_FROM, "feast-alpha")))
        .withFormer(FORMER);
  }

  /** As the switch finds it: nothing leads to our function. */
  private static ObservedStack ledElsewhere(DesiredStack desired) {
    return led(desired).changingApi(api -> api.withRoutes(List.of()));
  }

  private static Deployment deployed(ObservedStack now) {
    return new Deployment(now, List.of(), null, true, null, null);
  }

  private static AdoptionStatus known(DesiredStack desired, AdoptionPhase phase) {
    return new AdoptionStatus(
        "feast-alpha",
        led(desired).requireApi().id(),
        "former",
        "repository",
        phase,
        THEN.toString());
  }

  private static @Nullable AdoptionStatus after(
      @Nullable AdoptionStatus known,
      DesiredStack desired,
      ObservedStack found,
      Deployment deployment,
      EndpointAnswer answer,
      Instant now) {
    return new AdoptionProgress(Pace.PRODUCTION, () -> now)
        .after(known, desired, found, deployment, answer);
  }

  private AdoptionPhase phase(
      AdoptionPhase before, ObservedStack found, EndpointAnswer answer, Instant now) {
    return requireNonNull(after(known(open, before), open, found, deployed(led(open)), answer, now))
        .phase();
  }

  /** What answered may have been the former function still, which may answer just as ours does. */
  @Test
  void doesNotTrustTheAnswerOfThePassThatLedTheApiToOurFunction() {
    assertThat(phase(AdoptionPhase.Claimed, ledElsewhere(open), OURS, LATER))
        .isEqualTo(AdoptionPhase.Claimed);
    assertThat(phase(AdoptionPhase.Claimed, led(open), OURS, LATER))
        .isEqualTo(AdoptionPhase.Switched);
  }

  @Test
  void waitsUntilTheChangeIsKnownEverywhereAndTheEndpointHasAnsweredAfterThat() {
    assertThat(phase(AdoptionPhase.Switched, led(open), OURS, LATER.minusMillis(1)))
        .isEqualTo(AdoptionPhase.Switched);
    assertThat(phase(AdoptionPhase.Switched, led(open), OURS, LATER))
        .isEqualTo(AdoptionPhase.Replaced);
  }

  @Test
  void beginsAnewWhereSomebodyLedTheApiElsewhereMeanwhile() {
    for (AdoptionPhase before : List.of(AdoptionPhase.Switched, AdoptionPhase.Replaced)) {
      assertThat(phase(before, ledElsewhere(open), OURS, LATER)).isEqualTo(AdoptionPhase.Claimed);
    }
  }

  static Stream<Arguments> answers() {
    return Stream.of(
        Arguments.of(new Access.Open(), OURS, true),
        Arguments.of(new Access.Open(), API_GATEWAYS, false),
        Arguments.of(new Access.Open(), new EndpointAnswer.NotAsked(), true),
        Arguments.of(new Access.Open(), new EndpointAnswer.Wrong("500"), false),
        Arguments.of(new Access.Open(), new EndpointAnswer.Unreachable("timeout"), false),
        // It never lets the operator through: there is nothing more to learn.
        Arguments.of(new Access.ByIam(), API_GATEWAYS, true));
  }

  @ParameterizedTest
  @MethodSource("answers")
  void countsOnlyAnAnswerThatTellsOfTheFunctionWhereThatCanBeHad(
      Access access, EndpointAnswer answer, boolean counts) {
    DesiredStack desired = with(access);
    AdoptionStatus now =
        after(
            known(desired, AdoptionPhase.Switched),
            desired,
            led(desired),
            deployed(led(desired)),
            answer,
            LATER);
    assertThat(requireNonNull(now).phase())
        .isEqualTo(counts ? AdoptionPhase.Replaced : AdoptionPhase.Switched);
  }

  @Test
  void knowsNothingFromAnEndpointThatWasNotAskedBecauseSomethingIsWrong() {
    var blocked = new Deployment(led(open), List.of(), null, false, null, null);
    AdoptionStatus now =
        after(
            known(open, AdoptionPhase.Switched),
            open,
            led(open),
            blocked,
            new EndpointAnswer.NotAsked(),
            LATER);
    assertThat(requireNonNull(now).phase()).isEqualTo(AdoptionPhase.Switched);
  }

  @Test
  void isDoneForGoodWhateverBecomesOfTheApi() {
    AdoptionStatus ended =
        after(
            known(open, AdoptionPhase.Ended),
            open,
            complete(open),
            deployed(complete(open)),
            OURS,
            LATER);
    assertThat(requireNonNull(ended).phase()).isEqualTo(AdoptionPhase.Ended);
    assertThat(AdoptionProgress.isDone(new Adoption.OfAlpha(null), ended)).isTrue();
    assertThat(AdoptionProgress.isDone(new Adoption.OfAlpha(ended.apiId()), ended)).isTrue();
    assertThat(AdoptionProgress.isDone(new Adoption.OfAlpha("another"), ended)).isFalse();
    assertThat(AdoptionProgress.isDone(new Adoption.OfCluster("cluster-2"), ended)).isFalse();
  }

  /** As an operator left it that wrote nothing of adoptions into the status. */
  @Test
  void learnsOfAnAdoptionFromTheTagsOfTheApi() {
    AdoptionStatus under = after(null, open, led(open), deployed(led(open)), OURS, LATER);
    assertThat(under)
        .isEqualTo(
            new AdoptionStatus(
                "feast-alpha",
                led(open).requireApi().id(),
                "former",
                "repository",
                AdoptionPhase.Switched,
                LATER.toString()));
    ObservedStack over = led(open).withFormer(null);
    assertThat(requireNonNull(after(null, open, over, deployed(over), OURS, LATER)).phase())
        .isEqualTo(AdoptionPhase.Ended);
  }

  @Test
  void forgetsAClaimThatCameToNothingOnceThereIsAnApi() {
    AdoptionStatus claiming = known(open, AdoptionPhase.Claiming);
    Deployment without = deployed(complete(open).withApi(null));
    assertThat(after(claiming, open, complete(open).withApi(null), without, OURS, LATER))
        .isEqualTo(claiming);
    assertThat(after(claiming, open, complete(open), deployed(complete(open)), OURS, LATER))
        .isNull();
  }
}
