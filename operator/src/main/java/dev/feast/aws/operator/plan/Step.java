package dev.feast.aws.operator.plan;

import dev.feast.aws.operator.model.DesiredStack;
import dev.feast.aws.operator.model.ObservedStack;
import dev.feast.aws.operator.model.ObservedStack.Permission;
import dev.feast.aws.operator.model.PolicyStatement;
import dev.feast.aws.operator.model.RouteKey;
import dev.feast.aws.operator.model.StackName;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;

/**
 * One call to AWS that brings what is there closer to what is desired, and why. A step names what
 * is ours to decide; ids that AWS gives (of an API, an integration, a version) are looked up in
 * what was observed when the step is applied, so that a plan can hold steps behind one whose answer
 * is not there yet.
 */
public sealed interface Step {

  /** A clause that says what was found, for logs and Events. */
  String reason();

  // The repository and its image.

  record CreateRepository(String reason) implements Step {}

  /**
   * Sets who may pull.
   *
   * @param statements the whole policy: our statement and those that others put beside it
   */
  record SetRepositoryPolicy(List<PolicyStatement> statements, String reason) implements Step {}

  record TagRepository(SortedMap<String, String> set, List<String> remove, String reason)
      implements Step {}

  record CopyImage(String digest, String reason) implements Step {}

  /**
   * Removes images that nothing runs from.
   *
   * @param digests at least one
   */
  record DeleteImages(List<String> digests, String reason) implements Step {
    public DeleteImages {
      digests = List.copyOf(digests);
    }
  }

  record DeleteRepository(String reason) implements Step {}

  // The function's log group.

  record CreateLogGroup(String reason) implements Step {}

  /** Sets how long it keeps what is logged, or that it keeps it for ever. */
  record SetLogRetention(String reason) implements Step {}

  record TagLogGroup(SortedMap<String, String> set, List<String> remove, String reason)
      implements Step {}

  record DeleteLogGroup(String reason) implements Step {}

  // The function. At most one of these that changes it runs before its state is looked at again.

  record CreateFunction(String reason) implements Step {}

  /** The function is busy: nothing can be done to it, look again later. */
  record AwaitFunction(String reason) implements Step {}

  /**
   * Sets image and architecture.
   *
   * @param again whether the same was tried before and failed
   */
  record UpdateFunctionCode(boolean again, String reason) implements Step {}

  record UpdateFunctionConfiguration(String reason) implements Step {}

  record TagFunction(SortedMap<String, String> set, List<String> remove, String reason)
      implements Step {}

  record PublishVersion(String reason) implements Step {}

  /**
   * Asks the newest version for its health; changes nothing, but what comes after it waits for the
   * answer.
   */
  record ProbeVersion(String reason) implements Step {}

  /** Waits until Lambda has prepared the newest version, which gets the traffic unprobed. */
  record AwaitVersion(String reason) implements Step {}

  /** Reserves concurrency for the function, or gives it back. */
  record ReserveConcurrency(String reason) implements Step {}

  /**
   * Asks for as many initialized environments of the version that is to serve as are desired.
   *
   * @param again whether the same was tried before and failed
   */
  record ProvisionVersion(boolean again, String reason) implements Step {}

  /** Lambda is at work on these environments: look again later. */
  record AwaitProvisioned(String reason) implements Step {}

  /**
   * Gives up environments that serve nobody any more.
   *
   * @param qualifier the version or alias of which they are
   */
  record ReleaseProvisioned(String qualifier, String reason) implements Step {}

  record CreateAlias(String reason) implements Step {}

  record MoveAlias(String reason) implements Step {}

  record DeleteVersion(long version, String reason) implements Step {}

  /**
   * Deletes the function with all that belongs to it.
   *
   * @param recreates whether it makes way for a new one, having failed at creation
   */
  record DeleteFunction(boolean recreates, String reason) implements Step {}

  // The API.

  record CreateApi(String reason) implements Step {}

  record UpdateApi(String reason) implements Step {}

  record TagApi(SortedMap<String, String> set, List<String> remove, String reason)
      implements Step {}

  /** Sets which web pages may read its answers. */
  record SetCors(String reason) implements Step {}

  record DeleteCors(String reason) implements Step {}

  record CreateAuthorizer(String reason) implements Step {}

  record UpdateAuthorizer(String authorizerId, String reason) implements Step {}

  record DeleteAuthorizer(String authorizerId, String reason) implements Step {}

  record CreateIntegration(String reason) implements Step {}

  record UpdateIntegration(String integrationId, String reason) implements Step {}

  record DeleteIntegration(String integrationId, String reason) implements Step {}

  /** A route that lets nobody through but who may ask. */
  record CreateRoute(RouteKey route, String reason) implements Step {}

  /** Sets where it leads. */
  record UpdateRoute(RouteKey route, String routeId, String reason) implements Step {}

  /** Sets whom it lets through. */
  record SetRouteAuthorization(RouteKey route, String routeId, String reason) implements Step {}

  record DeleteRoute(String routeId, String reason) implements Step {}

  record CreateStage(String reason) implements Step {}

  record UpdateStage(String reason) implements Step {}

  /**
   * Sets how many requests each of these routes lets through.
   *
   * @param routes at least one
   */
  record ThrottleRoutes(List<RouteKey> routes, String reason) implements Step {
    public ThrottleRoutes {
      routes = List.copyOf(routes);
    }
  }

  /** Has it let through what stage and account do. */
  record UnthrottleRoute(String routeKey, String reason) implements Step {}

  record SetAccessLog(String reason) implements Step {}

  record DeleteAccessLog(String reason) implements Step {}

  record DeleteApi(String apiId, String reason) implements Step {}

  // What is adopted, and what it led to before.

  /** Makes another's API ours; what comes then is planned anew. */
  record ClaimApi(String apiId, String reason) implements Step {}

  /** Nobody is led to a version that asks for nothing before the routes do for all callers. */
  record AwaitRoutes(String reason) implements Step {}

  /** Routes are opened only when no caller meets the version that asks for nothing any more. */
  record AwaitTraffic(String reason) implements Step {}

  /** The adopted API is led to our function only when it is known everywhere that it may. */
  record AwaitPermissions(String reason) implements Step {}

  /** What the adopted API led to goes only after the endpoint has answered without it. */
  record AwaitReplacement(String reason) implements Step {}

  record DeleteFormerFunction(String function, String reason) implements Step {}

  record DeleteFormerRepository(String repository, String reason) implements Step {}

  /** Takes off the API what said that it is being adopted. */
  record EndAdoption(String reason) implements Step {}

  // Who may invoke the alias.

  record AddPermission(RouteKey route, String reason) implements Step {}

  record RemovePermission(Permission permission, String reason) implements Step {}

  /** What in AWS a step is about. */
  enum Part {
    REPOSITORY,
    LOG_GROUP,
    FUNCTION,
    ALIAS,
    /** Who may invoke the alias. */
    ALIAS_POLICY,
    API
  }

  /** What it is about. */
  default Part part() {
    return switch (this) {
      case CreateRepository _,
          SetRepositoryPolicy _,
          TagRepository _,
          CopyImage _,
          DeleteImages _,
          DeleteRepository _,
          DeleteFormerRepository _ ->
          Part.REPOSITORY;
      case CreateLogGroup _, SetLogRetention _, TagLogGroup _, DeleteLogGroup _ -> Part.LOG_GROUP;
      case CreateFunction _,
          AwaitFunction _,
          UpdateFunctionCode _,
          UpdateFunctionConfiguration _,
          TagFunction _,
          PublishVersion _,
          ProbeVersion _,
          AwaitVersion _,
          ReserveConcurrency _,
          ProvisionVersion _,
          AwaitProvisioned _,
          ReleaseProvisioned _,
          DeleteVersion _,
          DeleteFunction _,
          DeleteFormerFunction _ ->
          Part.FUNCTION;
      case CreateAlias _, MoveAlias _ -> Part.ALIAS;
      case AddPermission _, RemovePermission _ -> Part.ALIAS_POLICY;
      case CreateApi _,
          UpdateApi _,
          TagApi _,
          SetCors _,
          DeleteCors _,
          CreateAuthorizer _,
          UpdateAuthorizer _,
          DeleteAuthorizer _,
          CreateIntegration _,
          UpdateIntegration _,
          DeleteIntegration _,
          CreateRoute _,
          UpdateRoute _,
          SetRouteAuthorization _,
          DeleteRoute _,
          CreateStage _,
          UpdateStage _,
          ThrottleRoutes _,
          UnthrottleRoute _,
          SetAccessLog _,
          DeleteAccessLog _,
          DeleteApi _,
          ClaimApi _,
          AwaitRoutes _,
          AwaitTraffic _,
          AwaitPermissions _,
          AwaitReplacement _,
          EndAdoption _ ->
          Part.API;
    };
  }

  /**
   * What it is about, as people know it: "Lambda function feast-team-dev-1a2b3c".
   *
   * @param name of repository, function and API
   */
  default String object(String name, ObservedStack observed) {
    return switch (part()) {
      case REPOSITORY ->
          "ECR repository "
              + (this instanceof DeleteFormerRepository(String former, String _) ? former : name);
      case LOG_GROUP -> "log group " + StackName.logGroup(name);
      case FUNCTION ->
          "Lambda function "
              + (this instanceof DeleteFormerFunction(String former, String _) ? former : name);
      case ALIAS -> "alias %s of Lambda function %s".formatted(DesiredStack.ALIAS, name);
      case ALIAS_POLICY ->
          "policy of alias %s of Lambda function %s".formatted(DesiredStack.ALIAS, name);
      case API -> {
        if (this instanceof DeleteApi delete) {
          yield "API " + delete.apiId();
        }
        if (this instanceof ClaimApi claim) {
          yield "API " + claim.apiId();
        }
        yield "API " + (observed.api() == null ? name : observed.api().id());
      }
    };
  }

  /** Whether applying it changes something in AWS. */
  default boolean changes() {
    return !(this instanceof AwaitFunction
        || this instanceof ProbeVersion
        || this instanceof AwaitVersion
        || this instanceof AwaitRoutes
        || this instanceof AwaitTraffic
        || this instanceof AwaitPermissions
        || this instanceof AwaitReplacement
        || this instanceof AwaitProvisioned);
  }

  /** Its kind, as people read it: "create route". */
  default String action() {
    return getClass()
        .getSimpleName()
        .replaceAll("(?<=[a-z])(?=[A-Z])", " ")
        .toLowerCase(Locale.ROOT);
  }
}
