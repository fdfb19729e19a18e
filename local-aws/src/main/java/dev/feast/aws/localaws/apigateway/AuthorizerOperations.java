package dev.feast.aws.localaws.apigateway;

import com.fasterxml.jackson.databind.JsonNode;
import dev.feast.aws.localaws.http.Response;
import dev.feast.aws.localaws.rest.RestCall;
import dev.feast.aws.localaws.rest.RestOperation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Authorizers of an API. */
final class AuthorizerOperations {
  private static final String AUTHORIZERS = "/v2/apis/{api}/authorizers";
  private static final String AUTHORIZER = AUTHORIZERS + "/{authorizer}";

  private final Apis apis;
  private final Issuers issuers;

  AuthorizerOperations(Apis apis, Issuers issuers) {
    this.apis = apis;
    this.issuers = issuers;
  }

  List<RestOperation> operations() {
    return List.of(
        RestOperation.mutates("CreateAuthorizer", "POST", AUTHORIZERS, this::create),
        RestOperation.reads("GetAuthorizers", "GET", AUTHORIZERS, this::list),
        RestOperation.reads("GetAuthorizer", "GET", AUTHORIZER, this::get),
        RestOperation.mutates("UpdateAuthorizer", "PATCH", AUTHORIZER, this::update),
        RestOperation.mutates("DeleteAuthorizer", "DELETE", AUTHORIZER, this::delete));
  }

  private Response create(RestCall call) throws IOException {
    JsonNode input = call.body();
    Api api = ApiOperations.find(apis, call);
    if (!input.path("authorizerType").asText().equals("JWT")) {
      throw ApiErrors.badRequest("local-aws has authorizers of type JWT only");
    }
    Authorizer authorizer = read(input, new Authorizer(apis.newId(6), "", "", "", List.of()));
    api.put(authorizer);
    return answer(201, authorizer);
  }

  /** Asks the issuer before it is taken, and holds no lock meanwhile. */
  private Authorizer read(JsonNode input, Authorizer before) {
    String name = input.path("name").asText(before.name());
    if (name.isEmpty() || name.length() > 128) {
      throw ApiErrors.badRequest("Authorizer name has 1 to 128 characters");
    }
    List<String> sources = texts(input.path("identitySource"), List.of(before.identitySource()));
    if (sources.size() != 1 || !Authorizer.isSource(sources.getFirst())) {
      throw ApiErrors.badRequest(
          "JWT authorizers take one identity source, $request.header.<name> or"
              + " $request.querystring.<name>");
    }
    JsonNode jwt = input.path("jwtConfiguration");
    String issuer = jwt.path("issuer").asText(before.issuer());
    List<String> audience = texts(jwt.path("audience"), before.audience());
    if (audience.isEmpty()) {
      throw ApiErrors.badRequest("JWT authorizers need an audience");
    }
    Issuers.Found found = issuers.ask(issuer);
    if (found instanceof Issuers.Found.Unreachable unreachable) {
      throw ApiErrors.badRequest(unreachable.text());
    }
    return new Authorizer(before.id(), name, sources.getFirst(), issuer, audience);
  }

  private static List<String> texts(JsonNode array, List<String> otherwise) {
    if (!array.isArray()) {
      return otherwise;
    }
    var texts = new ArrayList<String>();
    array.forEach(text -> texts.add(text.asText()));
    return texts;
  }

  private Response list(RestCall call) {
    return ApiGatewayJson.page(
        call,
        ApiOperations.find(apis, call).authorizers(),
        Authorizer::id,
        ApiGatewayJson::authorizer);
  }

  private Response get(RestCall call) {
    return answer(200, find(ApiOperations.find(apis, call), call));
  }

  private Response update(RestCall call) throws IOException {
    JsonNode input = call.body();
    Api api = ApiOperations.find(apis, call);
    Authorizer changed = read(input, find(api, call));
    api.put(changed);
    return answer(200, changed);
  }

  private Response delete(RestCall call) {
    Api api = ApiOperations.find(apis, call);
    synchronized (api) {
      Authorizer authorizer = find(api, call);
      for (Route route : api.routes()) {
        if (route.authorization().authorizerId().equals(Optional.of(authorizer.id()))) {
          throw ApiErrors.conflict(
              "Cannot delete Authorizer '%s'. Route '%s' is referencing this Authorizer."
                  .formatted(authorizer.id(), route.key().text()));
        }
      }
      api.removeAuthorizer(authorizer.id());
    }
    return Response.of(204);
  }

  private static Authorizer find(Api api, RestCall call) {
    String id = call.variable("authorizer");
    return api.authorizer(id)
        .orElseThrow(() -> ApiErrors.notFound("Invalid Authorizer identifier specified " + id));
  }

  private static Response answer(int status, Authorizer authorizer) {
    return Response.json(status, ApiGatewayJson.authorizer(authorizer).toString());
  }
}
