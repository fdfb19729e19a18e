package dev.feast.aws.localaws.apigateway;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.feast.aws.localaws.http.Headers;
import dev.feast.aws.localaws.http.Parameters;
import dev.feast.aws.localaws.http.Request;
import dev.feast.aws.localaws.rest.JsonMaps;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** A request as the event of a Lambda proxy integration, payload format 2.0. */
final class ProxyEvent {
  /** Of the connection between client and gateway, or carried elsewhere in the event. */
  private static final Set<String> LEFT_OUT =
      Set.of("connection", "cookie", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade");

  private static final Set<String> TEXT_TYPES =
      Set.of("application/json", "application/xml", "application/javascript");
  static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ENGLISH);

  private ProxyEvent() {}

  static byte[] of(
      Endpoints.Routed routed, byte[] body, String requestId, String traceId, Instant now) {
    Request request = routed.request();
    ObjectNode event = JsonNodeFactory.instance.objectNode();
    event
        .put("version", "2.0")
        .put("routeKey", routed.route().key().text())
        .put("rawPath", request.rawPath())
        .put("rawQueryString", request.rawQuery());
    List<String> cookies = cookies(request.headers());
    if (!cookies.isEmpty()) {
      cookies.forEach(event.putArray("cookies")::add);
    }
    event.set("headers", headers(request, traceId));
    if (!request.rawQuery().isEmpty()) {
      event.set("queryStringParameters", JsonMaps.json(joined(request.query())));
    }
    event.set("requestContext", context(routed, requestId, now));
    if (!routed.pathParameters().isEmpty()) {
      event.set("pathParameters", JsonMaps.json(routed.pathParameters()));
    }
    if (!routed.stage().variables().isEmpty()) {
      event.set("stageVariables", JsonMaps.json(routed.stage().variables()));
    }
    boolean base64 = body.length > 0 && !isText(request.header("Content-Type"));
    if (body.length > 0) {
      event.put(
          "body",
          base64
              ? Base64.getEncoder().encodeToString(body)
              : new String(body, StandardCharsets.UTF_8));
    }
    event.put("isBase64Encoded", base64);
    return event.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static boolean isText(Optional<String> contentType) {
    String type = contentType.orElse("").split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    return type.startsWith("text/") || TEXT_TYPES.contains(type);
  }

  private static List<String> cookies(Headers headers) {
    return headers.all("Cookie").stream()
        .flatMap(line -> List.of(line.split(";", -1)).stream())
        .map(String::strip)
        .filter(cookie -> !cookie.isEmpty())
        .toList();
  }

  /** Names in lower case, the values of one name joined by commas. */
  private static ObjectNode headers(Request request, String traceId) {
    var headers = new TreeMap<String, String>();
    for (Headers.Field field : request.headers().fields()) {
      String name = field.name().toLowerCase(Locale.ROOT);
      if (!LEFT_OUT.contains(name)) {
        headers.merge(name, field.value(), (one, other) -> one + "," + other);
      }
    }
    headers.put("x-amzn-trace-id", traceId);
    headers.merge(
        "x-forwarded-for", request.remoteAddress(), (before, last) -> before + ", " + last);
    headers.putIfAbsent("x-forwarded-proto", "http");
    headers.putIfAbsent("x-forwarded-port", port(request));
    return JsonMaps.json(headers);
  }

  private static String port(Request request) {
    String host = request.header("Host").orElse("");
    int colon = host.lastIndexOf(':');
    return colon < 0 ? "80" : host.substring(colon + 1);
  }

  private static Map<String, String> joined(Parameters parameters) {
    var joined = new TreeMap<String, String>();
    for (Parameters.Parameter parameter : parameters.list()) {
      joined.merge(parameter.name(), parameter.value(), (one, other) -> one + "," + other);
    }
    return joined;
  }

  private static ObjectNode context(Endpoints.Routed routed, String requestId, Instant now) {
    Request request = routed.request();
    Api api = routed.api();
    String host = request.header("Host").orElse("127.0.0.1");
    ObjectNode context =
        JsonNodeFactory.instance
            .objectNode()
            .put("accountId", api.account())
            .put("apiId", api.id());
    ObjectNode authorizer = routed.authorized().json();
    if (!authorizer.isEmpty()) {
      context.set("authorizer", authorizer);
    }
    context.put("domainName", host.replaceFirst(":\\d+$", "")).put("domainPrefix", api.id());
    context
        .putObject("http")
        .put("method", request.method())
        .put("path", request.rawPath())
        .put("protocol", "HTTP/1.1")
        .put("sourceIp", request.remoteAddress())
        .put("userAgent", request.header("User-Agent").orElse(""));
    return context
        .put("requestId", requestId)
        .put("routeKey", routed.route().key().text())
        .put("stage", routed.stage().name())
        .put("time", TIME.format(now.atOffset(ZoneOffset.UTC)))
        .put("timeEpoch", now.toEpochMilli());
  }
}
