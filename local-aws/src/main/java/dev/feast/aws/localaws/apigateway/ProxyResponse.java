package dev.feast.aws.localaws.apigateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.feast.aws.localaws.http.Body;
import dev.feast.aws.localaws.http.Headers;
import dev.feast.aws.localaws.http.Response;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Set;

/** What a function answered, as the response of a Lambda proxy integration, payload format 2.0. */
final class ProxyResponse {
  /** The gateway's own to set. */
  private static final Set<String> LEFT_OUT =
      Set.of("connection", "content-length", "keep-alive", "transfer-encoding", "upgrade");

  private static final JsonMapper JSON = new JsonMapper();

  private ProxyResponse() {}

  static Response of(byte[] payload) {
    JsonNode json;
    try {
      json = JSON.readTree(payload);
    } catch (IOException e) {
      throw EndpointErrors.internal();
    }
    return json.isObject() && json.has("statusCode") ? formatted(json) : inferred(json);
  }

  /** An answer without a status code is the body of a 200, JSON unless it is a string. */
  private static Response inferred(JsonNode json) {
    return Response.json(200, json.isTextual() ? json.asText() : json.toString());
  }

  private static Response formatted(JsonNode json) {
    JsonNode body = json.path("body");
    if (!body.isMissingNode() && !body.isNull() && !body.isTextual()) {
      throw EndpointErrors.internal();
    }
    var headers = Headers.NONE;
    for (var header : json.path("headers").properties()) {
      if (!LEFT_OUT.contains(header.getKey().toLowerCase(Locale.ROOT))
          && header.getValue().isValueNode()) {
        headers = headers.plus(header.getKey(), header.getValue().asText());
      }
    }
    for (JsonNode cookie : json.path("cookies")) {
      headers = headers.plus("Set-Cookie", cookie.asText());
    }
    if (!headers.has("Content-Type")) {
      headers = headers.plus("Content-Type", "text/plain; charset=utf-8");
    }
    return new Response(
        status(json.path("statusCode")),
        headers,
        new Body.Bytes(bytes(body.asText(""), json.path("isBase64Encoded").asBoolean())));
  }

  private static int status(JsonNode json) {
    int status = json.asInt(0);
    if (status < 100 || status > 599) {
      throw EndpointErrors.internal();
    }
    return status;
  }

  private static byte[] bytes(String body, boolean base64) {
    try {
      return base64 ? Base64.getDecoder().decode(body) : body.getBytes(StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw EndpointErrors.internal();
    }
  }
}
