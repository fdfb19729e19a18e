package dev.feast.aws.localaws.apigateway;

import com.fasterxml.jackson.databind.JsonNode;
import dev.feast.aws.localaws.http.Response;
import dev.feast.aws.localaws.rest.RestCall;
import dev.feast.aws.localaws.rest.RestOperation;
import java.io.IOException;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Stages of an API. */
final class StageOperations {
  private static final String STAGES = "/v2/apis/{api}/stages";
  private static final String STAGE = STAGES + "/{stage}";

  private final Apis apis;
  private final Clock clock;

  StageOperations(Apis apis, Clock clock) {
    this.apis = apis;
    this.clock = clock;
  }

  List<RestOperation> operations() {
    return List.of(
        RestOperation.mutates("CreateStage", "POST", STAGES, this::create),
        RestOperation.reads("GetStages", "GET", STAGES, this::list),
        RestOperation.reads("GetStage", "GET", STAGE, this::get),
        RestOperation.mutates("UpdateStage", "PATCH", STAGE, this::update),
        RestOperation.mutates("DeleteStage", "DELETE", STAGE, this::delete));
  }

  private Response create(RestCall call) throws IOException {
    JsonNode input = call.body();
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
              new Stage(name, false, Optional.empty(), Map.of(), clock.instant(), clock.instant()));
      api.put(stage);
      return answer(201, stage);
    }
  }

  private Stage read(JsonNode input, Stage before) {
    // Throttling and access logs are not done here, so they are not taken either.
    for (String member : List.of("accessLogSettings", "routeSettings", "defaultRouteSettings")) {
      if (input.hasNonNull(member) && !input.path(member).isEmpty()) {
        throw ApiErrors.badRequest("local-aws has no " + member);
      }
    }
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
        before.createdAt(),
        clock.instant());
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
    Api api = ApiOperations.find(apis, call);
    synchronized (api) {
      Stage changed = read(input, find(api, call));
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
