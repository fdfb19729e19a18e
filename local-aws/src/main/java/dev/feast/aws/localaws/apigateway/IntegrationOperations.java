package dev.feast.aws.localaws.apigateway;

import com.fasterxml.jackson.databind.JsonNode;
import dev.feast.aws.localaws.http.Response;
import dev.feast.aws.localaws.rest.RestCall;
import dev.feast.aws.localaws.rest.RestOperation;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Integrations of an API. */
final class IntegrationOperations {
  private static final String INTEGRATIONS = "/v2/apis/{api}/integrations";
  private static final String INTEGRATION = INTEGRATIONS + "/{integration}";

  private final Apis apis;

  IntegrationOperations(Apis apis) {
    this.apis = apis;
  }

  List<RestOperation> operations() {
    return List.of(
        RestOperation.mutates("CreateIntegration", "POST", INTEGRATIONS, this::create),
        RestOperation.reads("GetIntegrations", "GET", INTEGRATIONS, this::list),
        RestOperation.reads("GetIntegration", "GET", INTEGRATION, this::get),
        RestOperation.mutates("UpdateIntegration", "PATCH", INTEGRATION, this::update),
        RestOperation.mutates("DeleteIntegration", "DELETE", INTEGRATION, this::delete));
  }

  private Response create(RestCall call) throws IOException {
    JsonNode input = call.body();
    Api api = ApiOperations.find(apis, call);
    if (!input.path("integrationType").asText().equals("AWS_PROXY")) {
      throw ApiErrors.badRequest("local-aws has integrations of type AWS_PROXY only");
    }
    if (!input.hasNonNull("payloadFormatVersion")) {
      throw ApiErrors.badRequest(
          "PayloadFormatVersion is a required parameter for integration type AWS_PROXY");
    }
    var integration =
        read(
            input,
            new Integration(
                apis.newId(7), "", "", Integration.MAX_TIMEOUT_MILLIS, Optional.empty(), false));
    api.put(integration);
    return answer(201, integration);
  }

  private static Integration read(JsonNode input, Integration before) {
    String uri = input.path("integrationUri").asText(before.uri());
    String format = input.path("payloadFormatVersion").asText(before.payloadFormat());
    int timeout = input.path("timeoutInMillis").asInt(before.timeoutMillis());
    if (!Integration.isFunction(uri)) {
      throw ApiErrors.badRequest("Invalid function ARN or invalid uri");
    }
    if (!format.equals("2.0")) {
      throw ApiErrors.badRequest("local-aws has PayloadFormatVersion 2.0 only");
    }
    if (timeout < 50 || timeout > Integration.MAX_TIMEOUT_MILLIS) {
      throw ApiErrors.badRequest("Timeout should be between 50 ms and 30000 ms");
    }
    return new Integration(
        before.id(),
        uri,
        format,
        timeout,
        Optional.ofNullable(input.get("description")).map(JsonNode::asText).or(before::description),
        before.managed());
  }

  private Response list(RestCall call) {
    return ApiGatewayJson.page(
        call,
        ApiOperations.find(apis, call).integrations(),
        Integration::id,
        ApiGatewayJson::integration);
  }

  private Response get(RestCall call) {
    return answer(200, find(ApiOperations.find(apis, call), call));
  }

  private Response update(RestCall call) throws IOException {
    JsonNode input = call.body();
    Api api = ApiOperations.find(apis, call);
    synchronized (api) {
      Integration changed = read(input, find(api, call));
      api.put(changed);
      return answer(200, changed);
    }
  }

  private Response delete(RestCall call) {
    Api api = ApiOperations.find(apis, call);
    synchronized (api) {
      Integration integration = find(api, call);
      if (integration.managed()) {
        throw ApiErrors.conflict(
            "Integration '%s' is managed by API Gateway and cannot be deleted"
                .formatted(integration.id()));
      }
      for (Route route : api.routes()) {
        if (route.integrationId().equals(Optional.of(integration.id()))) {
          throw ApiErrors.conflict(
              "Cannot delete Integration '%s'. Route '%s' is referencing this Integration."
                  .formatted(integration.id(), route.key().text()));
        }
      }
      api.removeIntegration(integration.id());
    }
    return Response.of(204);
  }

  private static Integration find(Api api, RestCall call) {
    String id = call.variable("integration");
    return api.integration(id)
        .orElseThrow(() -> ApiErrors.notFound("Invalid Integration identifier specified " + id));
  }

  private static Response answer(int status, Integration integration) {
    return Response.json(status, ApiGatewayJson.integration(integration).toString());
  }
}
