package dev.feast.aws.localaws.apigateway;

import com.fasterxml.jackson.databind.JsonNode;
import dev.feast.aws.localaws.http.Response;
import dev.feast.aws.localaws.rest.RestCall;
import dev.feast.aws.localaws.rest.RestOperation;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Routes of an API. */
final class RouteOperations {
  private static final String ROUTES = "/v2/apis/{api}/routes";
  private static final String ROUTE = ROUTES + "/{route}";

  private final Apis apis;

  RouteOperations(Apis apis) {
    this.apis = apis;
  }

  List<RestOperation> operations() {
    return List.of(
        RestOperation.mutates("CreateRoute", "POST", ROUTES, this::create),
        RestOperation.reads("GetRoutes", "GET", ROUTES, this::list),
        RestOperation.reads("GetRoute", "GET", ROUTE, this::get),
        RestOperation.mutates("UpdateRoute", "PATCH", ROUTE, this::update),
        RestOperation.mutates("DeleteRoute", "DELETE", ROUTE, this::delete));
  }

  private Response create(RestCall call) throws IOException {
    JsonNode input = call.body();
    Api api = ApiOperations.find(apis, call);
    synchronized (api) {
      Route route =
          read(
              input,
              new Route(apis.newId(7), new RouteKey(""), Optional.empty(), RouteAuthorization.NONE),
              api);
      api.put(route);
      return answer(201, route);
    }
  }

  private static Route read(JsonNode input, Route before, Api api) {
    String key = input.path("routeKey").asText(before.key().text());
    if (!RouteKey.isValid(key)) {
      throw ApiErrors.badRequest(
          "The provided route key is not formatted properly for HTTP protocol. Format should be"
              + " \"<HTTP METHOD> /<RESOURCE PATH>\" or \"$default\"");
    }
    if (api.routes().stream()
        .anyMatch(other -> other.key().text().equals(key) && !other.id().equals(before.id()))) {
      throw ApiErrors.conflict("Route with key " + key + " already exists for this API");
    }
    Optional<String> target =
        input.hasNonNull("target") ? Optional.of(input.path("target").asText()) : before.target();
    target.ifPresent(text -> checkTarget(text, api));
    return new Route(
        before.id(),
        new RouteKey(key),
        target,
        RouteAuthorization.read(input, before.authorization(), api));
  }

  private static void checkTarget(String target, Api api) {
    if (!target.startsWith("integrations/")
        || api.integration(target.substring("integrations/".length())).isEmpty()) {
      throw ApiErrors.badRequest("The provided target is invalid: " + target);
    }
  }

  private Response list(RestCall call) {
    return ApiGatewayJson.page(
        call, ApiOperations.find(apis, call).routes(), Route::id, ApiGatewayJson::route);
  }

  private Response get(RestCall call) {
    return answer(200, find(ApiOperations.find(apis, call), call));
  }

  private Response update(RestCall call) throws IOException {
    JsonNode input = call.body();
    Api api = ApiOperations.find(apis, call);
    synchronized (api) {
      Route changed = read(input, find(api, call), api);
      api.put(changed);
      return answer(200, changed);
    }
  }

  private Response delete(RestCall call) {
    Api api = ApiOperations.find(apis, call);
    synchronized (api) {
      Route route = find(api, call);
      api.removeRoute(route.id());
      api.stages().forEach(stage -> api.put(stage.withoutSettings(route.key().text())));
    }
    return Response.of(204);
  }

  private static Route find(Api api, RestCall call) {
    String id = call.variable("route");
    return api.route(id).orElseThrow(() -> ApiErrors.notFound("Unable to find Route by id " + id));
  }

  private static Response answer(int status, Route route) {
    return Response.json(status, ApiGatewayJson.route(route).toString());
  }
}
