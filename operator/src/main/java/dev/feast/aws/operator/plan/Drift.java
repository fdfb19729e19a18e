package dev.feast.aws.operator.plan;

import dev.feast.aws.operator.model.DesiredStack;
import dev.feast.aws.operator.model.ObservedStack;
import dev.feast.aws.operator.model.ObservedStack.Function;
import dev.feast.aws.operator.model.ObservedStack.Version;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What was changed in AWS behind the operator's back: that part of a plan which puts back what was
 * there before, and was as the spec asks for.
 */
public final class Drift {

  /**
   * What was in AWS when all of it was last as desired.
   *
   * @param endpointHash {@link DesiredStack#endpointHash()}; empty where it never was
   * @param version the one that served; 0 where none did, and while the operator itself changes the
   *     function
   */
  public record Known(String endpointHash, long version) {
    public static final Known NOTHING = new Known("", 0);
  }

  private final DesiredStack desired;
  private final ObservedStack observed;
  private final Known known;
  private final Plan plan;

  private Drift(DesiredStack desired, ObservedStack observed, Known known, Plan plan) {
    this.desired = desired;
    this.observed = observed;
    this.known = known;
    this.plan = plan;
  }

  /**
   * Clauses for people, as in "API a1b2c3: the API has no route GET /health"; none where only the
   * spec, what it refers to, or the operator changed. Of an object that is gone its parts are not
   * named.
   *
   * @param plan from {@code observed} to {@code desired}
   */
  public static List<String> of(
      DesiredStack desired, ObservedStack observed, Known known, Plan plan) {
    var drift = new Drift(desired, observed, known, plan);
    return plan.steps().stream()
        .filter(drift::putsBack)
        .map(step -> step.object(desired.name(), observed) + ": " + step.reason())
        .distinct()
        .toList();
  }

  private boolean putsBack(Step step) {
    return switch (step) {
      // They change nothing, or take away what nobody needs any more.
      case Step.AwaitFunction _,
          Step.ProbeVersion _,
          Step.AwaitVersion _,
          Step.AwaitProvisioned _,
          Step.DeleteImages _,
          Step.DeleteRepository _,
          Step.DeleteLogGroup _,
          Step.DeleteApi _,
          Step.AwaitRoutes _,
          Step.AwaitTraffic _,
          Step.AwaitPermissions _,
          Step.AwaitReplacement _,
          Step.DeleteFormerFunction _,
          Step.DeleteFormerRepository _,
          Step.EndAdoption _ ->
          false;

      case Step.CreateRepository _ -> versionIsWanted();
      case Step.SetRepositoryPolicy _, Step.CopyImage _ ->
          versionIsWanted() && !plans(Step.CreateRepository.class::isInstance);

      case Step.CreateFunction _ -> versionIsWanted();
      case Step.DeleteFunction _ -> false; // Creating it anew is what counts.
      // Without a repository the image that is wanted has no name yet to be compared.
      case Step.UpdateFunctionCode _ ->
          versionIsWanted() && !plans(Step.CreateRepository.class::isInstance);
      case Step.UpdateFunctionConfiguration _ -> versionIsWanted();
      case Step.PublishVersion _ -> false; // Whatever it is published for.
      case Step.DeleteVersion delete -> versionIsWanted() && delete.version() > known.version();
      case Step.ReserveConcurrency _ ->
          endpointIsWanted() && versionIsWanted() && !plans(Step.CreateFunction.class::isInstance);
      case Step.ProvisionVersion(boolean again, String _) ->
          !again && endpointIsWanted() && versionIsWanted() && !plansAVersion();
      case Step.ReleaseProvisioned _ -> endpointIsWanted() && versionIsWanted();
      case Step.CreateAlias _ -> versionIsWanted() && !plans(Step.CreateFunction.class::isInstance);
      case Step.MoveAlias _ -> versionIsWanted();

      case Step.CreateLogGroup _ -> endpointIsWanted();
      case Step.SetLogRetention _ ->
          endpointIsWanted() && !plans(Step.CreateLogGroup.class::isInstance);
      case Step.TagRepository _, Step.TagFunction _, Step.TagApi _, Step.TagLogGroup _ ->
          endpointIsWanted();
      case Step.ClaimApi _ -> false; // Somebody asks for it.
      case Step.CreateApi _, Step.UpdateApi _ -> endpointIsWanted();
      case Step.SetCors _,
          Step.DeleteCors _,
          Step.CreateAuthorizer _,
          Step.UpdateAuthorizer _,
          Step.DeleteAuthorizer _,
          Step.CreateIntegration _,
          Step.UpdateIntegration _,
          Step.DeleteIntegration _,
          Step.CreateRoute _,
          Step.UpdateRoute _,
          Step.SetRouteAuthorization _,
          Step.DeleteRoute _,
          Step.CreateStage _,
          Step.UpdateStage _,
          Step.ThrottleRoutes _,
          Step.UnthrottleRoute _,
          Step.SetAccessLog _,
          Step.DeleteAccessLog _ ->
          endpointIsWanted() && !plans(Step.CreateApi.class::isInstance);
      case Step.AddPermission _, Step.RemovePermission _ ->
          endpointIsWanted()
              && !plans(Step.CreateApi.class::isInstance)
              && !plans(Step.CreateAlias.class::isInstance);
    };
  }

  /** Whether what is desired beside function and image is what was there. */
  private boolean endpointIsWanted() {
    return known.endpointHash().equals(desired.endpointHash());
  }

  /** Whether the version that served is what is desired, or is gone, which nobody asked for. */
  private boolean versionIsWanted() {
    if (known.version() == 0) {
      return false;
    }
    Function function = observed.function();
    Optional<Version> served =
        function == null
            ? Optional.empty()
            : function.versions().stream()
                .filter(version -> version.number() == known.version())
                .findFirst();
    return served.map(version -> desired.isAsDesired(version, observed)).orElse(true);
  }

  /** One that is made anew is provisioned as part of that. */
  private boolean plansAVersion() {
    return plans(Step.PublishVersion.class::isInstance);
  }

  private boolean plans(Predicate<Step> kind) {
    return plan.steps().stream().anyMatch(kind);
  }
}
