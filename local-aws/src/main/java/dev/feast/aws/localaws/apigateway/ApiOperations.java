package dev.feast.aws.localaws.apigateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.feast.aws.localaws.http.Response;
import dev.feast.aws.localaws.rest.JsonMaps;
import dev.feast.aws.localaws.rest.RestCall;
import dev.feast.aws.localaws.rest.RestOperation;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** APIs and their tags. */
final class ApiOperations {
  private static final String APIS = "/v2/apis";
  private static final String API = APIS + "/{api}";
  private static final String TAGS = "/v2/tags/{arn}";
  private static final int MAX_TAGS = 50;

  private final Apis apis;
  private final Supplier<URI> endpoint;
  private final Clock clock;

  ApiOperations(Apis apis, Supplier<URI> endpoint, Clock clock) {
    this.apis = apis;
    this.endpoint = endpoint;
    this.clock = clock;
  }

  List<RestOperation> operations() {
    return List.of(
        RestOperation.mutates("CreateApi", "POST", APIS, this::create),
        RestOperation.reads("GetApis", "GET", APIS, this::list),
        RestOperation.reads("GetApi", "GET", API, this::get),
        RestOperation.mutates("UpdateApi", "PATCH", API, this::update),
        RestOperation.mutates("DeleteApi", "DELETE", API, this::delete),
        RestOperation.mutates("DeleteCorsConfiguration", "DELETE", API + "/cors", this::deleteCors),
        RestOperation.mutates("TagResource", "POST", TAGS, this::tag),
        RestOperation.mutates("UntagResource", "DELETE", TAGS, this::untag),
        RestOperation.reads("GetTags", "GET", TAGS, this::tags));
  }

  private Response create(RestCall call) throws IOException {
    JsonNode input = call.body();
    String name = name(input);
    if (!input.path("protocolType").asText().equals("HTTP")) {
      throw ApiErrors.badRequest("local-aws has APIs with protocolType HTTP only");
    }
    Optional<Cors> cors = cors(input);
    Map<String, String> tags = tagsOf(input);
    var api =
        new Api(
            apis.newId(10),
            call.caller().accountId(),
            call.caller().region(),
            name,
            clock.instant());
    api.description(input.path("description").asText(""));
    api.endpointDisabled(input.path("disableExecuteApiEndpoint").asBoolean());
    api.cors(cors);
    api.tag(tags);
    QuickCreate.into(api, input, apis, clock.instant());
    apis.add(api);
    return answer(201, api);
  }

  private static String name(JsonNode input) {
    String name = input.path("name").asText("");
    if (name.isEmpty() || name.length() > 128) {
      throw ApiErrors.badRequest("Invalid API name specified. It has 1 to 128 characters");
    }
    return name;
  }

  private static Optional<Cors> cors(JsonNode input) {
    return input.hasNonNull("corsConfiguration")
        ? Optional.of(Cors.read(input.path("corsConfiguration")))
        : Optional.empty();
  }

  private Response list(RestCall call) {
    return ApiGatewayJson.page(
        call,
        apis.list(call.caller().accountId(), call.caller().region()),
        Api::id,
        api -> ApiGatewayJson.api(api, endpoint.get()));
  }

  private Response get(RestCall call) {
    return answer(200, find(apis, call));
  }

  private Response update(RestCall call) throws IOException {
    JsonNode input = call.body();
    Api api = find(apis, call);
    Optional<Cors> cors = cors(input);
    synchronized (api) {
      if (cors.isPresent()) {
        api.cors(cors);
      }
      if (input.hasNonNull("name")) {
        api.name(name(input));
      }
      if (input.hasNonNull("description")) {
        api.description(input.path("description").asText());
      }
      if (input.hasNonNull("disableExecuteApiEndpoint")) {
        api.endpointDisabled(input.path("disableExecuteApiEndpoint").asBoolean());
      }
      return answer(200, api);
    }
  }

  private Response deleteCors(RestCall call) {
    find(apis, call).cors(Optional.empty());
    return Response.of(204);
  }

  private Response delete(RestCall call) {
    apis.remove(find(apis, call));
    return Response.of(204);
  }

  /** The API that the path names, in the caller's account and region. */
  static Api find(Apis apis, RestCall call) {
    return find(apis, call.variable("api"), call);
  }

  private static Api find(Apis apis, String id, RestCall call) {
    return apis.find(id)
        .filter(api -> api.account().equals(call.caller().accountId()))
        .filter(api -> api.region().equals(call.caller().region()))
        .orElseThrow(() -> ApiErrors.apiNotFound(call.caller().accountId(), id));
  }

  private Response answer(int status, Api api) {
    return Response.json(status, ApiGatewayJson.api(api, endpoint.get()).toString());
  }

  private Response tag(RestCall call) throws IOException {
    Api api = tagged(call);
    Map<String, String> more = tagsOf(call.body());
    synchronized (api) {
      var all = api.tags();
      all.putAll(more);
      checkTagCount(all);
      api.tag(more);
    }
    return Response.json(201, "{}");
  }

  private Response untag(RestCall call) {
    tagged(call).untag(call.request().query().all("tagKeys"));
    return Response.of(204);
  }

  private Response tags(RestCall call) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.set("tags", JsonMaps.json(tagged(call).tags()));
    return Response.json(200, json.toString());
  }

  private Api tagged(RestCall call) {
    String arn = call.variable("arn");
    String prefix = "arn:aws:apigateway:" + call.caller().region() + "::/apis/";
    if (!arn.startsWith(prefix)) {
      throw ApiErrors.badRequest("Invalid resource ARN: " + arn);
    }
    return find(apis, arn.substring(prefix.length()), call);
  }

  private static Map<String, String> tagsOf(JsonNode input) {
    var tags = new LinkedHashMap<String, String>();
    input.path("tags").properties().forEach(t -> tags.put(t.getKey(), t.getValue().asText()));
    checkTagCount(tags);
    return tags;
  }

  private static void checkTagCount(Map<String, String> tags) {
    if (tags.size() > MAX_TAGS) {
      throw ApiErrors.badRequest("A resource may have at most " + MAX_TAGS + " tags");
    }
  }
}
