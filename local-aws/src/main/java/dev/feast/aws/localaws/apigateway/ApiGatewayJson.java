package dev.feast.aws.localaws.apigateway;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.feast.aws.localaws.http.Response;
import dev.feast.aws.localaws.rest.JsonMaps;
import dev.feast.aws.localaws.rest.RestCall;
import dev.feast.aws.localaws.spi.Page;
import java.net.URI;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/** APIs, integrations, authorizers, routes and stages as API Gateway answers them. */
final class ApiGatewayJson {
  private ApiGatewayJson() {}

  static ObjectNode api(Api api, URI endpoint) {
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("apiEndpoint", endpoint + "/_apis/" + api.id())
            .put("apiId", api.id())
            .put("apiKeySelectionExpression", "$request.header.x-api-key")
            .put("createdDate", api.createdAt().truncatedTo(ChronoUnit.SECONDS).toString())
            .put("disableExecuteApiEndpoint", api.endpointDisabled())
            .put("ipAddressType", "ipv4")
            .put("name", api.name())
            .put("protocolType", "HTTP")
            .put("routeSelectionExpression", "$request.method $request.path");
    if (!api.description().isEmpty()) {
      json.put("description", api.description());
    }
    api.cors().ifPresent(cors -> json.set("corsConfiguration", cors.json()));
    json.set("tags", JsonMaps.json(api.tags()));
    return json;
  }

  static ObjectNode integration(Integration integration) {
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("connectionType", "INTERNET")
            .put("integrationId", integration.id())
            .put("integrationMethod", "POST")
            .put("integrationType", "AWS_PROXY")
            .put("integrationUri", integration.uri())
            .put("payloadFormatVersion", integration.payloadFormat())
            .put("timeoutInMillis", integration.timeoutMillis());
    integration.description().ifPresent(text -> json.put("description", text));
    if (integration.managed()) {
      json.put("apiGatewayManaged", true);
    }
    return json;
  }

  static ObjectNode authorizer(Authorizer authorizer) {
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("authorizerId", authorizer.id())
            .put("authorizerType", "JWT")
            .put("name", authorizer.name());
    json.putArray("identitySource").add(authorizer.identitySource());
    ObjectNode jwt = json.putObject("jwtConfiguration").put("issuer", authorizer.issuer());
    authorizer.audience().forEach(jwt.putArray("audience")::add);
    return json;
  }

  static ObjectNode route(Route route) {
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("apiKeyRequired", false)
            .put("authorizationType", route.authorization().type().name())
            .put("routeId", route.id())
            .put("routeKey", route.key().text());
    route.authorization().authorizerId().ifPresent(id -> json.put("authorizerId", id));
    if (!route.authorization().scopes().isEmpty()) {
      route.authorization().scopes().forEach(json.putArray("authorizationScopes")::add);
    }
    route.target().ifPresent(target -> json.put("target", target));
    return json;
  }

  static ObjectNode stage(Stage stage) {
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("autoDeploy", stage.autoDeploy())
            .put("createdDate", stage.createdAt().truncatedTo(ChronoUnit.SECONDS).toString())
            .put("lastUpdatedDate", stage.updatedAt().truncatedTo(ChronoUnit.SECONDS).toString())
            .put("stageName", stage.name());
    stage.description().ifPresent(text -> json.put("description", text));
    json.set("defaultRouteSettings", stage.defaultSettings().json());
    ObjectNode settings = json.putObject("routeSettings");
    stage.routeSettings().forEach((route, of) -> settings.set(route, of.json()));
    stage.accessLog().ifPresent(log -> json.set("accessLogSettings", log.json()));
    json.set("stageVariables", JsonMaps.json(stage.variables()));
    json.putObject("tags");
    return json;
  }

  /** A page of a listing; the SDK sends {@code maxResults} as text. */
  static <T> Response page(
      RestCall call, List<T> items, Function<T, String> key, Function<T, ObjectNode> json) {
    int size;
    Page<T> page;
    try {
      size = call.parameter("maxResults").map(Integer::parseInt).orElse(25);
      page =
          Page.of(
              items.stream().sorted(Comparator.comparing(key)).toList(),
              key,
              call.parameter("nextToken"),
              Math.clamp(size, 1, 500));
    } catch (NumberFormatException e) {
      throw ApiErrors.badRequest("maxResults has to be a number");
    } catch (IllegalArgumentException e) {
      throw ApiErrors.badRequest("Invalid nextToken value provided");
    }
    ObjectNode output = JsonNodeFactory.instance.objectNode();
    output.putArray("items").addAll(page.items().stream().map(json).toList());
    page.next().ifPresent(token -> output.put("nextToken", token));
    return Response.json(200, output.toString());
  }
}
