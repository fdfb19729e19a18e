package dev.feast.aws.operator.deploy;

import dev.feast.aws.operator.aws.ApiGateway;
import dev.feast.aws.operator.aws.AwsRegion;
import dev.feast.aws.operator.model.Access;
import dev.feast.aws.operator.model.AccessLog;
import dev.feast.aws.operator.model.Cors;
import dev.feast.aws.operator.model.DesiredStack;
import dev.feast.aws.operator.model.Location;
import dev.feast.aws.operator.model.ObservedStack;
import dev.feast.aws.operator.model.ObservedStack.Api;
import dev.feast.aws.operator.model.ObservedStack.Authorizer;
import dev.feast.aws.operator.model.ObservedStack.Guard;
import dev.feast.aws.operator.model.ObservedStack.Integration;
import dev.feast.aws.operator.model.ObservedStack.Route;
import dev.feast.aws.operator.model.ObservedStack.Stage;
import dev.feast.aws.operator.model.RouteKey;
import dev.feast.aws.operator.model.Throttle;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;

/** The steps on the API that are one call each. */
final class ApiApplier {
  private final AwsRegion aws;
  private final ApiGateway apis;
  private final Location location;

  ApiApplier(AwsRegion aws) {
    this.aws = aws;
    this.apis = aws.apiGateway();
    this.location = aws.location();
  }

  /** Creates it, or takes the one that is there already and was not looked for until now. */
  ObservedStack create(DesiredStack desired, ObservedStack observed) {
    ObservedStack listed =
        Observer.observeApis(aws, desired.owner(), observed, desired.optionalParts());
    return listed.api() == null
        ? observed.withApi(apis.create(desired.name(), desired.tags()))
        : listed;
  }

  ObservedStack update(DesiredStack desired, ObservedStack observed) {
    apis.update(observed.requireApi().id(), desired.name());
    return observed.changingApi(api -> api.withSettings(desired.name(), false));
  }

  ObservedStack tag(ObservedStack observed, Map<String, String> set, List<String> remove) {
    String arn = location.api(observed.requireApi().id());
    return observed.changingApi(
        api ->
            api.withTags(
                TagChange.apply(
                    api.tags(),
                    set,
                    remove,
                    tags -> apis.tag(arn, tags),
                    keys -> apis.untag(arn, keys))));
  }

  ObservedStack setCors(DesiredStack desired, ObservedStack observed) {
    Cors cors = Objects.requireNonNull(desired.endpoint().cors());
    apis.setCors(observed.requireApi().id(), cors);
    return observed.changingApi(api -> api.withCors(cors));
  }

  ObservedStack deleteCors(ObservedStack observed) {
    apis.deleteCors(observed.requireApi().id());
    return observed.changingApi(api -> api.withCors(null));
  }

  ObservedStack createAuthorizer(DesiredStack desired, ObservedStack observed) {
    Authorizer created = apis.createAuthorizer(observed.requireApi().id(), jwt(desired));
    return observed.changingApi(api -> withAuthorizer(api, created));
  }

  ObservedStack updateAuthorizer(DesiredStack desired, ObservedStack observed, String id) {
    Authorizer updated = apis.updateAuthorizer(observed.requireApi().id(), id, jwt(desired));
    return observed.changingApi(api -> withAuthorizer(api, updated));
  }

  ObservedStack deleteAuthorizer(ObservedStack observed, String id) {
    apis.deleteAuthorizer(observed.requireApi().id(), id);
    return observed.changingApi(
        api ->
            api.withAuthorizers(
                api.authorizers().stream().filter(found -> !found.id().equals(id)).toList()));
  }

  private static Access.ByJwt jwt(DesiredStack desired) {
    return desired.access() instanceof Access.ByJwt jwt ? jwt : tooEarly("an authorizer for none");
  }

  ObservedStack createIntegration(DesiredStack desired, ObservedStack observed) {
    Integration created =
        apis.createIntegration(
            observed.requireApi().id(), desired.aliasArn(), DesiredStack.PAYLOAD_FORMAT);
    return observed.changingApi(api -> withIntegration(api, created));
  }

  ObservedStack updateIntegration(DesiredStack desired, ObservedStack observed, String id) {
    Integration updated =
        apis.updateIntegration(
            observed.requireApi().id(), id, desired.aliasArn(), DesiredStack.PAYLOAD_FORMAT);
    return observed.changingApi(api -> withIntegration(api, updated));
  }

  ObservedStack deleteIntegration(ObservedStack observed, String id) {
    apis.deleteIntegration(observed.requireApi().id(), id);
    return observed.changingApi(
        api ->
            api.withIntegrations(
                api.integrations().stream().filter(found -> !found.id().equals(id)).toList()));
  }

  ObservedStack createRoute(DesiredStack desired, ObservedStack observed, RouteKey route) {
    Api api = observed.requireApi();
    Route created =
        apis.createRoute(api.id(), route.key(), target(desired, api), guard(desired, api));
    return observed.withApi(withRoute(api, created));
  }

  ObservedStack updateRoute(
      DesiredStack desired, ObservedStack observed, RouteKey route, String id) {
    Api api = observed.requireApi();
    String target = target(desired, api);
    apis.updateRoute(api.id(), id, route.key(), target);
    return observed.withApi(withRoute(api, route(api, id).withTarget(target)));
  }

  ObservedStack setRouteAuthorization(
      DesiredStack desired, ObservedStack observed, RouteKey key, String id) {
    Api api = observed.requireApi();
    Route route = route(api, id);
    Guard guard = guard(desired, api);
    apis.updateRoute(api.id(), id, key.key(), route.guard(), guard);
    return observed.withApi(withRoute(api, route.withGuard(guard)));
  }

  private static Route route(Api api, String id) {
    return api.routes().stream()
        .filter(found -> found.id().equals(id))
        .findFirst()
        .orElseGet(() -> tooEarly("a change of a route that is not there"));
  }

  private static Guard guard(DesiredStack desired, Api api) {
    return desired.guard(api).orElseGet(() -> tooEarly("a route before its authorizer"));
  }

  ObservedStack deleteRoute(ObservedStack observed, String id) {
    apis.deleteRoute(observed.requireApi().id(), id);
    return observed.changingApi(
        api ->
            api.withRoutes(api.routes().stream().filter(found -> !found.id().equals(id)).toList()));
  }

  ObservedStack createStage(ObservedStack observed) {
    return observed.changingApi(
        api -> api.withStage(apis.createStage(api.id(), DesiredStack.STAGE)));
  }

  ObservedStack updateStage(ObservedStack observed) {
    apis.updateStage(observed.requireApi().id(), DesiredStack.STAGE);
    return changingStage(observed, Stage::withAutoDeploy);
  }

  ObservedStack throttleRoutes(
      DesiredStack desired, ObservedStack observed, List<RouteKey> routes) {
    Throttle throttle = Objects.requireNonNull(desired.endpoint().throttle());
    var throttles = new HashMap<String, Throttle>();
    routes.forEach(route -> throttles.put(route.key(), throttle));
    apis.throttle(observed.requireApi().id(), DesiredStack.STAGE, throttles);
    return changingStage(
        observed,
        stage -> {
          var all = new HashMap<>(stage.throttles());
          all.putAll(throttles);
          return stage.withThrottles(all);
        });
  }

  ObservedStack unthrottleRoute(ObservedStack observed, String routeKey) {
    apis.unthrottle(observed.requireApi().id(), DesiredStack.STAGE, routeKey);
    return changingStage(
        observed,
        stage -> {
          var rest = new HashMap<>(stage.throttles());
          rest.remove(routeKey);
          return stage.withThrottles(rest);
        });
  }

  ObservedStack setAccessLog(DesiredStack desired, ObservedStack observed) {
    AccessLog log = desired.accessLog().orElseThrow();
    apis.setAccessLog(observed.requireApi().id(), DesiredStack.STAGE, log);
    return changingStage(observed, stage -> stage.withAccessLog(log));
  }

  ObservedStack deleteAccessLog(ObservedStack observed) {
    apis.deleteAccessLog(observed.requireApi().id(), DesiredStack.STAGE);
    return changingStage(observed, stage -> stage.withAccessLog(null));
  }

  private static ObservedStack changingStage(ObservedStack observed, UnaryOperator<Stage> change) {
    return observed.changingApi(
        api ->
            api.withStage(
                change.apply(
                    api.stage() == null ? tooEarly("a setting before its stage") : api.stage())));
  }

  ObservedStack delete(ObservedStack observed, String id) {
    apis.delete(id);
    ObservedStack now =
        observed.withSurplusApis(
            observed.surplusApis().stream().filter(surplus -> !surplus.equals(id)).toList());
    return now.api() != null && now.api().id().equals(id) ? now.withApi(null) : now;
  }

  private static String target(DesiredStack desired, Api api) {
    return desired
        .integration(api)
        .map(Integration::target)
        .orElseGet(() -> tooEarly("a route before its integration"));
  }

  private static <T> T tooEarly(String what) {
    throw new IllegalStateException("The planner wants " + what);
  }

  private static Api withAuthorizer(Api api, Authorizer authorizer) {
    var authorizers = new ArrayList<>(api.authorizers());
    authorizers.removeIf(found -> found.id().equals(authorizer.id()));
    authorizers.add(authorizer);
    return api.withAuthorizers(authorizers);
  }

  private static Api withIntegration(Api api, Integration integration) {
    var integrations = new ArrayList<>(api.integrations());
    integrations.removeIf(found -> found.id().equals(integration.id()));
    integrations.add(integration);
    return api.withIntegrations(integrations);
  }

  private static Api withRoute(Api api, Route route) {
    var routes = new ArrayList<>(api.routes());
    routes.removeIf(found -> found.id().equals(route.id()));
    routes.add(route);
    return api.withRoutes(routes);
  }
}
