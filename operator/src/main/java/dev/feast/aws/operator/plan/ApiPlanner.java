package dev.feast.aws.operator.plan;

import dev.feast.aws.operator.model.Access;
import dev.feast.aws.operator.model.AccessLog;
import dev.feast.aws.operator.model.Cors;
import dev.feast.aws.operator.model.DesiredStack;
import dev.feast.aws.operator.model.ObservedStack;
import dev.feast.aws.operator.model.ObservedStack.Api;
import dev.feast.aws.operator.model.ObservedStack.Authorizer;
import dev.feast.aws.operator.model.ObservedStack.Integration;
import dev.feast.aws.operator.model.ObservedStack.Permission;
import dev.feast.aws.operator.model.ObservedStack.Route;
import dev.feast.aws.operator.model.ObservedStack.Stage;
import dev.feast.aws.operator.model.RouteKey;
import dev.feast.aws.operator.model.Throttle;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP API: one integration to the alias, the runtime's routes and whom they let through, the
 * stage, and who may invoke the alias.
 */
final class ApiPlanner {
  private static final String NO_CORS = "no page of another origin may read its answers";
  private static final String NO_AUTHORIZER = "the API has no authorizer";

  private ApiPlanner() {}

  /** What callers of the endpoint need. */
  static List<Step> serving(DesiredStack desired, ObservedStack observed) {
    var steps = new ArrayList<Step>();
    Api api = observed.api();
    if (api == null) {
      steps.add(new Step.CreateApi("there is no API " + desired.name()));
      if (desired.endpoint().cors() != null) {
        steps.add(new Step.SetCors(NO_CORS));
      }
      if (desired.access() instanceof Access.ByJwt) {
        steps.add(new Step.CreateAuthorizer(NO_AUTHORIZER));
      }
      steps.add(new Step.CreateIntegration("the API has no integration"));
      desired.routes().forEach(route -> steps.add(createRoute(route)));
      steps.add(new Step.CreateStage("the API has no stage " + DesiredStack.STAGE));
      if (desired.endpoint().throttle() != null) {
        steps.add(new Step.ThrottleRoutes(desired.routes(), "the stage throttles no route"));
      }
      steps.addAll(permissions(desired, observed, Optional.empty()));
    } else {
      List<Step> closing = closing(desired, observed, api);
      boolean leadsToTheAlias = desired.integration(api).filter(desired::isRight).isPresent();
      // Before anything that lets callers reach a version which asks for nothing by itself.
      if (leadsToTheAlias) {
        steps.addAll(closing);
      }
      var reaching = new ArrayList<Step>();
      if (api.endpointDisabled()) {
        reaching.add(new Step.UpdateApi("its endpoint is disabled"));
      }
      // Before the integration: an adopted API serves already, and loses no caller when it is led
      // to the alias.
      reaching.addAll(permissions(desired, observed, Optional.of(api.id())));
      if (leadsToTheAlias && letsCallersIn(reaching)) {
        steps.addAll(untilClosed(desired, api, closing));
      }
      steps.addAll(reaching);
      steps.addAll(AdoptionPlanner.switching(desired, observed, api));
      if (!leadsToTheAlias) {
        steps.addAll(closing);
      }
      steps.addAll(cors(desired, api));
      steps.addAll(integrationAndRoutes(desired, observed, api));
      steps.addAll(stage(desired, observed, api));
    }
    return steps;
  }

  /** Has API Gateway check who asks on the routes that there are. */
  private static List<Step> closing(DesiredStack desired, ObservedStack observed, Api api) {
    if (!desired.access().isCheckedByTheApi()) {
      return List.of();
    }
    var steps = new ArrayList<>(authorizer(desired, api));
    if (!desired.guardsWithTheVersion(observed)) {
      for (RouteKey key : desired.routes()) {
        route(api, key).ifPresent(found -> steps.addAll(guard(desired, api, key, found)));
      }
    }
    return steps;
  }

  private static boolean letsCallersIn(List<Step> steps) {
    return steps.stream()
        .anyMatch(step -> step instanceof Step.AddPermission || step instanceof Step.UpdateApi);
  }

  /** Until callers meet the guards that are to be there, where any of them is new. */
  private static List<Step> untilClosed(DesiredStack desired, Api api, List<Step> closing) {
    boolean guards = closing.stream().anyMatch(Step.SetRouteAuthorization.class::isInstance);
    boolean isNew =
        desired.routes().stream()
            .flatMap(key -> route(api, key).stream())
            .anyMatch(Route::guardIsNew);
    return guards || isNew
        ? List.of(new Step.AwaitRoutes("whom the routes let through is new"))
        : List.of();
  }

  /** Until no caller meets the version before, which asked for no keys. */
  private static List<Step> untilMoved(DesiredStack desired, ObservedStack observed) {
    Optional<Long> live = observed.liveVersion();
    if (live.isEmpty() || !(desired.access() instanceof Access.ByApiKey)) {
      return List.of();
    }
    long served = observed.requireFunction().served();
    return served == 0 || served == live.get()
        ? List.of()
        : List.of(
            new Step.AwaitTraffic("the version that asks for keys has only just the traffic"));
  }

  /** What whom the routes let through waits for: see {@link DesiredStack#guardsWithTheVersion}. */
  static List<Step> guardsOfTheNextVersion(DesiredStack desired, ObservedStack observed) {
    Api api = observed.api();
    if (api == null || !desired.guardsWithTheVersion(observed)) {
      return List.of();
    }
    List<Step> guards = guards(desired, observed, api);
    if (desired.access().isCheckedByTheApi()) {
      return concat(guards, untilClosed(desired, api, guards));
    }
    return guards.isEmpty()
        ? guards
        : concat(
            List.of(new Step.AwaitTraffic("the version that asks for keys comes first")), guards);
  }

  private static List<Step> concat(List<Step> first, List<Step> then) {
    return Stream.concat(first.stream(), then.stream()).toList();
  }

  private static List<Step> guards(DesiredStack desired, ObservedStack observed, Api api) {
    var steps = new ArrayList<Step>();
    for (RouteKey key : desired.routes()) {
      Optional<Route> found = route(api, key);
      if (found.isPresent()) {
        steps.addAll(guard(desired, api, key, found.get()));
      } else if (routesWait(desired, observed)) {
        steps.add(createRoute(key));
      }
    }
    return steps;
  }

  /** What no caller notices: name, tags, the access log, second APIs and authorizers. */
  static List<Step> upkeep(DesiredStack desired, ObservedStack observed) {
    var steps = new ArrayList<Step>();
    Api api = observed.api();
    if (api != null) {
      // Switching the endpoint on sets the name as well.
      // By its name Feast's own CLI finds an API that it made, until what it led to is gone.
      if (!api.name().equals(desired.name())
          && !api.endpointDisabled()
          && observed.former() == null) {
        steps.add(new Step.UpdateApi("its name is " + api.name()));
      }
      steps.addAll(TagPlanner.plan(desired, api.tags(), Step.TagApi::new));
      Optional<Authorizer> used = desired.authorizer(api);
      api.authorizers().stream()
          .filter(found -> used.map(kept -> !kept.id().equals(found.id())).orElse(true))
          .forEach(
              found ->
                  steps.add(
                      new Step.DeleteAuthorizer(
                          found.id(), "no route needs authorizer " + found.id())));
    }
    steps.addAll(accessLog(desired, api));
    observed
        .surplusApis()
        .forEach(
            id -> steps.add(new Step.DeleteApi(id, "it is a second API of this FeatureServer")));
    return steps;
  }

  private static List<Step> accessLog(DesiredStack desired, @Nullable Api api) {
    AccessLog wanted = desired.accessLog().orElse(null);
    AccessLog found = api == null || api.stage() == null ? null : api.stage().accessLog();
    if (Objects.equals(wanted, found)) {
      return List.of();
    }
    if (wanted == null) {
      return List.of(new Step.DeleteAccessLog("an access log is written, and none is wanted"));
    }
    return List.of(
        new Step.SetAccessLog(
            found == null
                ? "no access log is written"
                : found.destinationArn().equals(wanted.destinationArn())
                    ? "the access log has another format"
                    : "the access log goes to " + found.destinationArn()));
  }

  private static List<Step> cors(DesiredStack desired, Api api) {
    Cors wanted = desired.endpoint().cors();
    if (Objects.equals(wanted, api.cors())) {
      return List.of();
    }
    if (wanted == null) {
      return List.of(new Step.DeleteCors("pages of other origins may read its answers"));
    }
    return List.of(
        new Step.SetCors(
            api.cors() == null ? NO_CORS : "pages of other origins may read other answers"));
  }

  private static List<Step> authorizer(DesiredStack desired, Api api) {
    if (!(desired.access() instanceof Access.ByJwt jwt)) {
      return List.of();
    }
    Optional<Authorizer> found = desired.authorizer(api);
    if (found.isEmpty()) {
      return List.of(new Step.CreateAuthorizer(NO_AUTHORIZER));
    }
    return DesiredStack.isRight(found.get(), jwt)
        ? List.of()
        : List.of(
            new Step.UpdateAuthorizer(
                found.get().id(), "the authorizer takes other tokens than are wanted"));
  }

  private static Step createRoute(RouteKey route) {
    return new Step.CreateRoute(route, "the API has no route " + route.key());
  }

  private static Optional<Route> route(Api api, RouteKey key) {
    return api.routes().stream().filter(found -> found.key().equals(key.key())).findFirst();
  }

  /** Empty where it is right; an authorizer that is not there yet is the next step's. */
  private static List<Step> guard(DesiredStack desired, Api api, RouteKey key, Route found) {
    return desired.guard(api).equals(Optional.of(found.guard()))
        ? List.of()
        : List.of(
            new Step.SetRouteAuthorization(
                key,
                found.id(),
                "route %s has authorization %s%s"
                    .formatted(
                        key.key(),
                        found.guard().type(),
                        found.guard().isJwt() && desired.access() instanceof Access.ByJwt
                            ? ", with another authorizer or other scopes"
                            : "")));
  }

  /** Until the version that asks for keys is live, a new route would be open to everybody. */
  private static boolean routesWait(DesiredStack desired, ObservedStack observed) {
    return desired.guardsWithTheVersion(observed) && !desired.access().isCheckedByTheApi();
  }

  private static List<Step> integrationAndRoutes(
      DesiredStack desired, ObservedStack observed, Api api) {
    // What closes routes is done before; what opens them, once they lead where they are to.
    boolean guardLater =
        desired.access().isCheckedByTheApi() || desired.guardsWithTheVersion(observed);
    boolean routeLater = routesWait(desired, observed);
    List<Step> untilMoved = untilMoved(desired, observed);
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
      Optional<Route> found = route(api, route);
      found.ifPresent(r -> kept.add(r.id()));
      if (found.isEmpty()) {
        if (!routeLater) {
          steps.addAll(untilMoved);
          steps.add(createRoute(route));
        }
        continue;
      }
      List<Step> guard = guardLater ? List.of() : guard(desired, api, route, found.get());
      if (!guard.isEmpty()) {
        steps.addAll(untilMoved);
        steps.addAll(guard);
      }
      if (!leadsTo(found.get(), integration)) {
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
    return integration.map(used -> used.target().equals(route.target())).orElse(false);
  }

  private static List<Step> stage(DesiredStack desired, ObservedStack observed, Api api) {
    var steps = new ArrayList<Step>();
    Stage stage = api.stage();
    if (stage == null) {
      steps.add(new Step.CreateStage("the API has no stage " + DesiredStack.STAGE));
    } else if (!stage.autoDeploy()) {
      steps.add(new Step.UpdateStage("changes to the API do not reach its stage by themselves"));
    }
    // API Gateway refuses settings of routes that are not there.
    List<RouteKey> routes =
        desired.routes().stream()
            .filter(key -> route(api, key).isPresent() || !routesWait(desired, observed))
            .toList();
    steps.addAll(throttles(desired, routes, stage == null ? Map.of() : stage.throttles()));
    return steps;
  }

  /**
   * For each route, as what a stage has for all of them cannot be unset any more: API Gateway takes
   * nothing for 0, which lets nobody through.
   */
  private static List<Step> throttles(
      DesiredStack desired, List<RouteKey> routes, Map<String, Throttle> found) {
    Throttle wanted = desired.endpoint().throttle();
    if (wanted == null) {
      return routes.stream()
          .map(RouteKey::key)
          .filter(found::containsKey)
          .<Step>map(
              key -> new Step.UnthrottleRoute(key, "route " + key + " has a throttle of its own"))
          .toList();
    }
    List<RouteKey> differing =
        routes.stream().filter(route -> !wanted.equals(found.get(route.key()))).toList();
    return differing.isEmpty()
        ? List.of()
        : List.of(
            new Step.ThrottleRoutes(
                differing,
                "not throttled as wanted: "
                    + differing.stream().map(RouteKey::key).collect(Collectors.joining(", "))));
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
