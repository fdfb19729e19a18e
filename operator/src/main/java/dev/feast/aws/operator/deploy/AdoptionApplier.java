package dev.feast.aws.operator.deploy;

import dev.feast.aws.operator.aws.AwsRegion;
import dev.feast.aws.operator.model.Claim;
import dev.feast.aws.operator.model.Former;
import dev.feast.aws.operator.model.ObservedStack;
import dev.feast.aws.operator.model.ObservedStack.Api;
import dev.feast.aws.operator.model.Tags;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** The steps of an adoption. */
final class AdoptionApplier {
  /** The reason of conditions while an adoption is under way. */
  static final String ADOPTING = "Adopting";

  private final AwsRegion aws;
  private final Rollout rollout;

  AdoptionApplier(AwsRegion aws, Rollout rollout) {
    this.aws = aws;
    this.rollout = rollout;
  }

  /**
   * Puts our tags on the API, all in one call, where it still is as it was when it was found: of
   * two operators that claim it at once, each learns in its next pass whose it is.
   */
  Applied claim(ObservedStack observed) {
    Claim claim = observed.requireClaim();
    String id = claim.api().id();
    Optional<Api> anew = aws.apiGateway().find(id);
    if (!anew.map(Api::tags).equals(Optional.of(claim.api().tags()))) {
      return new Applied.NotYet(
          new Blocked(
              Stage.ENDPOINT,
              "AwsConflict",
              "API %s was changed while it was about to be adopted. It is looked at again."
                  .formatted(id),
              rollout.soon()));
    }
    aws.apiGateway().tag(aws.location().api(id), claim.tags());
    return new Applied.DoneForNow(
        new Blocked(
            Stage.ENDPOINT,
            ADOPTING,
            ("API %s is adopted. It leads to Lambda function %s until the FeatureServer's own"
                    + " version serves.")
                .formatted(id, claim.former().function().name()),
            rollout.soon()));
  }

  /** The next pass goes on. */
  Applied awaitPermissions(String reason) {
    return notYet(reason, rollout.soon());
  }

  /** The next pass finds whether the endpoint has answered. */
  Applied awaitReplacement(String reason) {
    return notYet(reason, rollout.untilReplaced());
  }

  private static Applied notYet(String reason, Duration wait) {
    return new Applied.NotYet(new Blocked(Stage.ENDPOINT, ADOPTING, reason + ".", wait));
  }

  ObservedStack deleteFunction(ObservedStack observed, String name) {
    aws.lambda().delete(name);
    return observed.changingFormer(Former::withoutFunction);
  }

  ObservedStack deleteRepository(ObservedStack observed, String name) {
    aws.ecr().delete(name);
    return observed.changingFormer(Former::withoutRepository);
  }

  ObservedStack end(ObservedStack observed) {
    Api api = observed.requireApi();
    List<String> keys = Tags.endingAdoption(api.tags());
    aws.apiGateway().untag(aws.location().api(api.id()), keys);
    var left = new TreeMap<>(api.tags());
    left.keySet().removeAll(keys);
    return observed.withApi(api.withTags(left)).withFormer(null);
  }
}
