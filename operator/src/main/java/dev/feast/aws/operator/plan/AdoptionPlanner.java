package dev.feast.aws.operator.plan;

import dev.feast.aws.operator.model.Claim;
import dev.feast.aws.operator.model.DesiredStack;
import dev.feast.aws.operator.model.Former;
import dev.feast.aws.operator.model.Former.Remains;
import dev.feast.aws.operator.model.ObservedStack;
import dev.feast.aws.operator.model.ObservedStack.Api;
import java.util.List;

/**
 * Taking over another's API: the claim first, then all as with an API of our own, and when that
 * serves, what the API led to before goes.
 */
final class AdoptionPlanner {
  private AdoptionPlanner() {}

  static Step claim(Claim claim) {
    return new Step.ClaimApi(
        claim.api().id(),
        "it is to be adopted: %s; it leads to Lambda function %s"
            .formatted(claim.whose(), claim.former().function().name()));
  }

  /** Callers must not be led to a function that API Gateway may not be let invoke yet. */
  static List<Step> switching(DesiredStack desired, ObservedStack observed, Api api) {
    Former former = observed.former();
    boolean leadsElsewhere =
        desired.integration(api).filter(found -> !desired.isRight(found)).isPresent();
    return former == null || former.permitted() || !leadsElsewhere
        ? List.of()
        : List.of(
            new Step.AwaitPermissions(
                "what lets API %s invoke Lambda function %s is new"
                    .formatted(api.id(), desired.name())));
  }

  /**
   * One step at a time: the tags of the API are all that tells of the next, so that none may go
   * before the one in front of it.
   */
  static List<Step> ending(DesiredStack desired, ObservedStack observed) {
    Former former = observed.former();
    if (former == null) {
      return List.of();
    }
    Remains function = former.function();
    Remains repository = former.repository();
    if (!former.replaced()) {
      return List.of(
          new Step.AwaitReplacement(
              "Lambda function %s stays until the endpoint has answered without it"
                  .formatted(function.name())));
    }
    if (function.isToBeRemoved()) {
      return List.of(
          new Step.DeleteFormerFunction(
              function.name(),
              "the API that it was for is adopted and leads to " + desired.name()));
    }
    if (repository != null && repository.isToBeRemoved()) {
      return List.of(
          new Step.DeleteFormerRepository(
              repository.name(), "the function that ran from it is replaced by " + desired.name()));
    }
    String left = former.left();
    return List.of(
        new Step.EndAdoption(
            "it led to Lambda function %s and leads to %s now%s"
                .formatted(function.name(), desired.name(), left.isEmpty() ? "" : "; " + left)));
  }
}
