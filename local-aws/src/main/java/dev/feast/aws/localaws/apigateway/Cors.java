package dev.feast.aws.localaws.apigateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.feast.aws.localaws.http.Body;
import dev.feast.aws.localaws.http.Headers;
import dev.feast.aws.localaws.http.Request;
import dev.feast.aws.localaws.http.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Who may read an API's answers from a web page of another origin ("Configure CORS for HTTP APIs",
 * API Gateway developer guide).
 *
 * @param allowOrigins origins, {@code *}, {@code https://*} or {@code http://*}
 * @param allowHeaders in lower case
 * @param exposeHeaders in lower case
 * @param maxAge seconds for which a browser may keep the answer to a preflight request
 */
record Cors(
    boolean allowCredentials,
    List<String> allowHeaders,
    List<String> allowMethods,
    List<String> allowOrigins,
    List<String> exposeHeaders,
    Optional<Integer> maxAge) {
  private static final String PREFIX = "access-control-";
  private static final int MAX_AGE = 86_400;

  Cors {
    allowHeaders = List.copyOf(allowHeaders);
    allowMethods = List.copyOf(allowMethods);
    allowOrigins = List.copyOf(allowOrigins);
    exposeHeaders = List.copyOf(exposeHeaders);
  }

  static Cors read(JsonNode input) {
    var cors =
        new Cors(
            input.path("allowCredentials").asBoolean(),
            lowerCase(texts(input.path("allowHeaders"))),
            texts(input.path("allowMethods")),
            texts(input.path("allowOrigins")),
            lowerCase(texts(input.path("exposeHeaders"))),
            Optional.ofNullable(input.get("maxAge")).map(JsonNode::asInt));
    if (cors.allowCredentials && cors.allowOrigins.contains("*")) {
      throw ApiErrors.badRequest(
          "allowCredentials cannot be true where allowOrigins has the wildcard *");
    }
    int age = cors.maxAge.orElse(0);
    if (age < -1 || age > MAX_AGE) {
      throw ApiErrors.badRequest("maxAge is between -1 and 86400 seconds");
    }
    return cors;
  }

  private static List<String> texts(JsonNode array) {
    var texts = new ArrayList<String>();
    array.forEach(text -> texts.add(text.asText()));
    return texts;
  }

  private static List<String> lowerCase(List<String> texts) {
    return texts.stream().map(text -> text.toLowerCase(Locale.ROOT)).toList();
  }

  ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("allowCredentials", allowCredentials);
    put(json, "allowHeaders", allowHeaders);
    put(json, "allowMethods", allowMethods);
    put(json, "allowOrigins", allowOrigins);
    put(json, "exposeHeaders", exposeHeaders);
    maxAge.ifPresent(age -> json.put("maxAge", age));
    return json;
  }

  private static void put(ObjectNode json, String member, List<String> values) {
    if (!values.isEmpty()) {
      values.forEach(json.putArray(member)::add);
    }
  }

  /** Whether a browser asks before it sends; it is answered here, whatever routes there are. */
  static boolean isPreflight(Request request) {
    return request.method().equals("OPTIONS")
        && request.header("Origin").isPresent()
        && request.header("Access-Control-Request-Method").isPresent();
  }

  /** 204, and for an origin that is allowed what it may send. */
  Response preflight(Request request) {
    Headers headers = origin(request);
    if (!headers.fields().isEmpty()) {
      headers = with(headers, "allow-headers", allowHeaders);
      headers = with(headers, "allow-methods", allowMethods);
      headers = with(headers, "expose-headers", exposeHeaders);
      if (maxAge.isPresent()) {
        headers = headers.plus(PREFIX + "max-age", Integer.toString(maxAge.get()));
      }
    }
    return new Response(204, headers, Body.NONE);
  }

  /** An integration's answer, its own words on the matter replaced by these. */
  Response on(Response answer, Request request) {
    Headers headers =
        new Headers(
            answer.headers().fields().stream()
                .filter(field -> !field.name().toLowerCase(Locale.ROOT).startsWith(PREFIX))
                .toList());
    Headers origin = origin(request);
    if (!origin.fields().isEmpty()) {
      headers = with(headers.plus(origin), "expose-headers", exposeHeaders);
    }
    return new Response(answer.status(), headers, answer.body());
  }

  private Headers origin(Request request) {
    String origin = request.header("Origin").orElse("");
    if (origin.isEmpty() || allowOrigins.stream().noneMatch(allowed -> matches(allowed, origin))) {
      return Headers.NONE;
    }
    Headers headers =
        Headers.of(PREFIX + "allow-origin", allowOrigins.contains("*") ? "*" : origin);
    return allowCredentials ? headers.plus(PREFIX + "allow-credentials", "true") : headers;
  }

  private static boolean matches(String allowed, String origin) {
    return allowed.endsWith("*")
        ? origin.startsWith(allowed.substring(0, allowed.length() - 1))
        : allowed.equalsIgnoreCase(origin);
  }

  private static Headers with(Headers headers, String name, List<String> values) {
    return values.isEmpty() ? headers : headers.plus(PREFIX + name, String.join(",", values));
  }
}
