package dev.feast.aws.localaws.apigateway;

import com.fasterxml.jackson.databind.JsonNode;
import dev.feast.aws.localaws.http.Response;
import dev.feast.aws.localaws.iam.Iam;
import dev.feast.aws.localaws.logs.LogGroups;
import dev.feast.aws.localaws.rest.RestCall;
import dev.feast.aws.localaws.rest.RestOperation;
import dev.feast.aws.localaws.spi.Caller;
import dev.feast.aws.localaws.spi.Permission;
import java.io.IOException;
import java.time.Clock;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Stages of an API. */
final class StageOperations {
  private static final String STAGES = "/v2/apis/{api}/stages";
  private static final String STAGE = STAGES + "/{stage}";

  /**
   * What whoever has access logs written, or no longer written, has to be allowed: "Logging that
   * requires additional permissions [V1]", CloudWatch Logs user guide. Which of these each change
   * needs is not told.
   */
  private static final List<String> DELIVERIES =
      List.of(
          "logs:CreateLogDelivery",
          "logs:GetLogDelivery",
          "logs:UpdateLogDelivery",
          "logs:DeleteLogDelivery",
          "logs:ListLogDeliveries",
          "logs:PutResourcePolicy",
          "logs:DescribeResourcePolicies");

  private final Apis apis;
  private final LogGroups logGroups;
  private final Iam iam;
  private final Clock clock;

  StageOperations(Apis apis, LogGroups logGroups, Iam iam, Clock clock) {
    this.apis = apis;
    this.logGroups = logGroups;
    this.iam = iam;
    this.clock = clock;
  }

  List<RestOperation> operations() {
    return List.of(
        RestOperation.mutates("CreateStage", "POST", STAGES, this::create),
        RestOperation.reads("GetStages", "GET", STAGES, this::list),
        RestOperation.reads("GetStage", "GET", STAGE, this::get),
        RestOperation.mutates("UpdateStage", "PATCH", STAGE, this::update),
        RestOperation.mutates("DeleteStage", "DELETE", STAGE, this::delete),
        RestOperation.mutates(
            "DeleteRouteSettings",
            "DELETE",
            STAGE + "/routesettings/{route}",
            this::deleteRouteSettings),
        RestOperation.mutates(
            "DeleteAccessLogSettings",
            "DELETE",
            STAGE + "/accesslogsettings",
            this::deleteAccessLog));
  }

  private Response create(RestCall call) throws IOException {
    JsonNode input = call.body();
    checkDelivery(input, call);
    Api api = ApiOperations.find(apis, call);
    String name = input.path("stageName").asText();
    if (!name.equals(Stage.DEFAULT) && !name.matches("[a-zA-Z0-9_-]{1,128}")) {
      throw ApiErrors.badRequest(
          "Stage name only allows a-zA-Z0-9_- (and $default), at most 128 characters");
    }
    synchronized (api) {
      if (api.stage(name).isPresent()) {
        throw ApiErrors.conflict("Stage already exists");
      }
      Stage stage =
          read(
              input,
              new Stage(
                  name,
                  false,
                  Optional.empty(),
                  Map.of(),
                  RouteSettings.UNSET,
                  Map.of(),
                  Optional.empty(),
                  clock.instant(),
                  clock.instant()),
              api);
      api.put(stage);
      return answer(201, stage);
    }
  }

  private Stage read(JsonNode input, Stage before, Api api) {
    Map<String, String> variables = new LinkedHashMap<>(before.variables());
    input
        .path("stageVariables")
        .properties()
        .forEach(v -> variables.put(v.getKey(), v.getValue().asText()));
    return new Stage(
        before.name(),
        input.path("autoDeploy").asBoolean(before.autoDeploy()),
        Optional.ofNullable(input.get("description")).map(JsonNode::asText).or(before::description),
        variables,
        input.hasNonNull("defaultRouteSettings")
            ? RouteSettings.read(input.path("defaultRouteSettings"))
            : before.defaultSettings(),
        routeSettings(input, before, api),
        accessLog(input, before),
        before.createdAt(),
        clock.instant());
  }

  /** Those that are named; others stay, until DeleteRouteSettings. */
  private static Map<String, RouteSettings> routeSettings(JsonNode input, Stage before, Api api) {
    var settings = new HashMap<>(before.routeSettings());
    for (var named : input.path("routeSettings").properties()) {
      String key = named.getKey();
      if (api.routes().stream().noneMatch(route -> route.key().text().equals(key))) {
        throw ApiErrors.badRequest(
            "Unable to find Route by key " + key + " within the provided RouteSettings");
      }
      settings.put(key, RouteSettings.read(named.getValue()));
    }
    return settings;
  }

  private Optional<AccessLog> accessLog(JsonNode input, Stage before) {
    if (!input.hasNonNull("accessLogSettings")) {
      return before.accessLog();
    }
    AccessLog log = AccessLog.read(input.path("accessLogSettings"));
    if (!logGroups.has(log.destinationArn())) {
      throw ApiErrors.badRequest(
          "Invalid access log destination: there is no log group " + log.destinationArn());
    }
    return Optional.of(log);
  }

  private void checkDelivery(JsonNode input, RestCall call) {
    if (input.hasNonNull("accessLogSettings")) {
      checkDelivery(call.caller());
    }
  }

  /** API Gateway sets the delivery up as whoever asks for it. */
  private void checkDelivery(Caller caller) {
    var groups =
        Permission.of(
            "logs:DescribeLogGroups",
            "arn:aws:logs:%s:%s:log-group:*".formatted(caller.region(), caller.accountId()));
    if (Stream.concat(
            Stream.of(groups), DELIVERIES.stream().map(action -> Permission.of(action, "*")))
        .anyMatch(needed -> iam.refusal(caller, needed).isPresent())) {
      throw ApiErrors.badRequest("Insufficient permissions to enable logging");
    }
  }

  private Response deleteRouteSettings(RestCall call) {
    Api api = ApiOperations.find(apis, call);
    synchronized (api) {
      Stage stage = find(api, call);
      String route = call.variable("route");
      if (!stage.routeSettings().containsKey(route)) {
        throw ApiErrors.notFound("Unable to find RouteSettings by key " + route);
      }
      api.put(stage.withoutSettings(route));
    }
    return Response.of(204);
  }

  private Response deleteAccessLog(RestCall call) {
    checkDelivery(call.caller());
    Api api = ApiOperations.find(apis, call);
    synchronized (api) {
      api.put(find(api, call).withoutAccessLog());
    }
    return Response.of(204);
  }

  private Response list(RestCall call) {
    return ApiGatewayJson.page(
        call, ApiOperations.find(apis, call).stages(), Stage::name, ApiGatewayJson::stage);
  }

  private Response get(RestCall call) {
    return answer(200, find(ApiOperations.find(apis, call), call));
  }

  private Response update(RestCall call) throws IOException {
    JsonNode input = call.body();
    checkDelivery(input, call);
    Api api = ApiOperations.find(apis, call);
    synchronized (api) {
      Stage changed = read(input, find(api, call), api);
      api.put(changed);
      return answer(200, changed);
    }
  }

  private Response delete(RestCall call) {
    Api api = ApiOperations.find(apis, call);
    api.removeStage(find(api, call).name());
    return Response.of(204);
  }

  private static Stage find(Api api, RestCall call) {
    String name = call.variable("stage");
    return api.stage(name)
        .orElseThrow(() -> ApiErrors.notFound("Invalid stage identifier specified"));
  }

  private static Response answer(int status, Stage stage) {
    return Response.json(status, ApiGatewayJson.stage(stage).toString());
  }
}
