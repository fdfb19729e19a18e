package dev.feast.aws.operator.plan;

import dev.feast.aws.operator.model.DesiredStack;
import dev.feast.aws.operator.model.ObservedStack;
import dev.feast.aws.operator.model.ObservedStack.Api;
import dev.feast.aws.operator.model.ObservedStack.Integration;
import dev.feast.aws.operator.model.ObservedStack.Permission;
import dev.feast.aws.operator.model.ObservedStack.Route;
import dev.feast.aws.operator.model.ObservedStack.Stage;
import dev.feast.aws.operator.model.RouteKey;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * The HTTP API: one integration to the alias, the runtime's routes, the stage, and who may invoke
 * the alias.
 */
final class ApiPlanner {
  private ApiPlanner() {}

  /** What callers of the endpoint need. */
  static List<Step> serving(DesiredStack desired, ObservedStack observed) {
    var steps = new ArrayList<Step>();
    Api api = observed.api();
    if (api == null) {
      steps.add(new Step.CreateApi("there is no API " + desired.name()));
      steps.add(new Step.CreateIntegration("the API has no integration"));
      desired
          .routes()
          .forEach(
              route ->
                  steps.add(new Step.CreateRoute(route, "the API has no route " + route.key())));
      steps.add(new Step.CreateStage("the API has no stage " + DesiredStack.STAGE));
      steps.addAll(permissions(desired, observed, Optional.empty()));
    } else {
      if (api.endpointDisabled()) {
        steps.add(new Step.UpdateApi("its endpoint is disabled"));
      }
      steps.addAll(integrationAndRoutes(desired, api));
      steps.addAll(stage(api));
      steps.addAll(permissions(desired, observed, Optional.of(api.id())));
    }
    return steps;
  }

  /** What no caller notices: name, tags, and second APIs. */
  static List<Step> upkeep(DesiredStack desired, ObservedStack observed) {
    var steps = new ArrayList<Step>();
    Api api = observed.api();
    if (api != null) {
      // Switching the endpoint on sets the name as well.
      if (!api.name().equals(desired.name()) && !api.endpointDisabled()) {
        steps.add(new Step.UpdateApi("its name is " + api.name()));
      }
      steps.addAll(TagPlanner.plan(desired, api.tags(), Step.TagApi::new));
    }
    observed
        .surplusApis()
        .forEach(
            id -> steps.add(new Step.DeleteApi(id, "it is a second API of this FeatureServer")));
    return steps;
  }

  private static List<Step> integrationAndRoutes(DesiredStack desired, Api api) {
    var steps = new ArrayList<Step>();
    Optional<Integration> integration = desired.integration(api);
    if (integration.isEmpty()) {
      steps.add(new Step.CreateIntegration("the API has no integration"));
    } else if (!desired.isRight(integration.get())) {
      steps.add(
          new Step.UpdateIntegration(
              integration.get().id(), integrationDifference(desired, integration.get())));
    }
    var kept = new HashSet<String>();
    for (RouteKey route : desired.routes()) {
      Optional<Route> found =
          api.routes().stream().filter(r -> r.key().equals(route.key())).findFirst();
      found.ifPresent(r -> kept.add(r.id()));
      if (found.isEmpty()) {
        steps.add(new Step.CreateRoute(route, "the API has no route " + route.key()));
      } else if (!leadsTo(found.get(), integration)) {
        steps.add(
            new Step.UpdateRoute(
                route,
                found.get().id(),
                "route " + route.key() + " does not lead to the integration"));
      }
    }
    api.routes().stream()
        .filter(route -> !kept.contains(route.id()))
        .forEach(
            route ->
                steps.add(
                    new Step.DeleteRoute(
                        route.id(), "route " + route.key() + " is not the runtime's")));
    // Last: an integration that a route still leads to cannot be deleted.
    api.integrations().stream()
        .filter(found -> integration.map(used -> !used.id().equals(found.id())).orElse(true))
        .forEach(
            found ->
                steps.add(
                    new Step.DeleteIntegration(
                        found.id(), "no route needs integration " + found.id())));
    return steps;
  }

  private static String integrationDifference(DesiredStack desired, Integration found) {
    var differences = new ArrayList<String>();
    if (!desired.aliasArn().equals(found.uri())) {
      differences.add("the integration does not invoke " + desired.aliasArn());
    }
    if (!DesiredStack.PAYLOAD_FORMAT.equals(found.payloadFormat())) {
      differences.add("its payload format is " + found.payloadFormat());
    }
    return String.join(", ", differences);
  }

  private static boolean leadsTo(Route route, Optional<Integration> integration) {
    return integration.map(used -> used.target().equals(route.target())).orElse(false)
        && route.authorization().equals(Route.OPEN);
  }

  private static List<Step> stage(Api api) {
    Stage stage = api.stage();
    if (stage == null) {
      return List.of(new Step.CreateStage("the API has no stage " + DesiredStack.STAGE));
    }
    return stage.autoDeploy()
        ? List.of()
        : List.of(new Step.UpdateStage("changes to the API do not reach its stage by themselves"));
  }

  private static List<Step> permissions(
      DesiredStack desired, ObservedStack observed, Optional<String> apiId) {
    var steps = new ArrayList<Step>();
    List<Permission> found =
        observed.function() == null ? List.of() : observed.function().permissions();
    List<Permission> wanted =
        apiId
            .map(
                id ->
                    desired.routes().stream().map(route -> desired.permission(id, route)).toList())
            .orElse(List.of());
    found.stream()
        .filter(permission -> permission.statementId().startsWith(RouteKey.STATEMENT_PREFIX))
        .filter(permission -> !wanted.contains(permission))
        .forEach(
            permission ->
                steps.add(
                    new Step.RemovePermission(
                        permission,
                        "statement "
                            + permission.statementId()
                            + " is not for a route of this API")));
    for (RouteKey route : desired.routes()) {
      boolean granted =
          apiId.map(id -> found.contains(desired.permission(id, route))).orElse(false);
      if (!granted) {
        steps.add(
            new Step.AddPermission(route, "the API may not invoke the alias for " + route.key()));
      }
    }
    return steps;
  }
}
