package dev.feast.aws.operator.deploy;

import dev.feast.aws.operator.aws.ApiGateway;
import dev.feast.aws.operator.aws.AwsRegion;
import dev.feast.aws.operator.model.DesiredStack;
import dev.feast.aws.operator.model.Location;
import dev.feast.aws.operator.model.ObservedStack;
import dev.feast.aws.operator.model.ObservedStack.Api;
import dev.feast.aws.operator.model.ObservedStack.Integration;
import dev.feast.aws.operator.model.ObservedStack.Route;
import dev.feast.aws.operator.model.RouteKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

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
    ObservedStack listed = Observer.observeApis(aws, desired.owner(), observed);
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
    Route created = apis.createRoute(api.id(), route.key(), target(desired, api));
    return observed.withApi(withRoute(api, created));
  }

  ObservedStack updateRoute(
      DesiredStack desired, ObservedStack observed, RouteKey route, String id) {
    Api api = observed.requireApi();
    Route updated = apis.updateRoute(api.id(), id, route.key(), target(desired, api));
    return observed.withApi(withRoute(api, updated));
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
    return observed.changingApi(
        api -> api.withStage(apis.updateStage(api.id(), DesiredStack.STAGE)));
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
        .orElseThrow(
            () -> new IllegalStateException("The planner wants a route before its integration"));
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
