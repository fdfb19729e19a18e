package dev.feast.aws.localaws.apigateway;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What CreateApi makes besides the API where its input has a {@code target}: an integration of that
 * function, a route to it ({@code routeKey}, else {@code $default}), and the stage {@code $default}
 * that deploys by itself. All of it is managed by API Gateway: it may be updated and not deleted.
 */
final class QuickCreate {
  /** As AWS' own examples of get-integrations show it. */
  private static final String PAYLOAD_FORMAT = "2.0";

  private QuickCreate() {}

  /** Puts them into a new API. */
  static void into(Api api, JsonNode input, Apis apis, Instant now) {
    if (!input.hasNonNull("target")) {
      return;
    }
    String target = input.path("target").asText();
    if (!Integration.isFunction(target)) {
      throw ApiErrors.badRequest("local-aws has functions as targets only");
    }
    String key = input.path("routeKey").asText(RouteKey.DEFAULT);
    if (!RouteKey.isValid(key)) {
      throw ApiErrors.badRequest("The provided route key is not formatted properly");
    }
    var integration =
        new Integration(
            apis.newId(7),
            target,
            PAYLOAD_FORMAT,
            Integration.MAX_TIMEOUT_MILLIS,
            Optional.empty(),
            true);
    api.put(integration);
    api.put(
        new Route(
            apis.newId(7),
            new RouteKey(key),
            Optional.of("integrations/" + integration.id()),
            RouteAuthorization.NONE));
    api.put(
        new Stage(
            Stage.DEFAULT,
            true,
            Optional.empty(),
            Map.of(),
            RouteSettings.UNSET,
            Map.of(),
            Optional.empty(),
            now,
            now));
  }
}
