package dev.feast.aws.operator.deploy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.feast.aws.operator.model.Access;
import dev.feast.aws.operator.model.DesiredStack;
import dev.feast.aws.operator.model.RouteKey;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.UUID;

/**
 * The event of API Gateway (payload format 2.0) by which a version is asked for its health before
 * it gets traffic: what it answers to this it will answer to callers.
 */
final class ProbeEvent {
  static final RouteKey ROUTE = new RouteKey("GET", "/health");

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String AGENT = "feature-server-operator";

  /** API Gateway writes times as web servers do in their logs. */
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private ProbeEvent() {}

  static String at(DesiredStack desired, Instant now) {
    ObjectNode event = JSON.createObjectNode();
    event
        .put("version", DesiredStack.PAYLOAD_FORMAT)
        .put("routeKey", ROUTE.key())
        .put("rawPath", ROUTE.path())
        .put("rawQueryString", "");
    ObjectNode headers = event.putObject("headers");
    headers.put("accept", "application/json").put("user-agent", AGENT);
    if (desired.access() instanceof Access.ByApiKey byApiKey) {
      headers.put("x-api-key", byApiKey.keys().getFirst().value());
    }
    ObjectNode context = event.putObject("requestContext");
    context
        .put("accountId", desired.location().account())
        .put("apiId", "probe")
        .put("domainName", "probe")
        .put("domainPrefix", "probe")
        .put("requestId", UUID.randomUUID().toString())
        .put("routeKey", ROUTE.key())
        .put("stage", DesiredStack.STAGE)
        .put("time", TIME.format(now))
        .put("timeEpoch", now.toEpochMilli());
    context
        .putObject("http")
        .put("method", ROUTE.method())
        .put("path", ROUTE.path())
        .put("protocol", "HTTP/1.1")
        .put("sourceIp", "127.0.0.1")
        .put("userAgent", AGENT);
    return event.put("isBase64Encoded", false).toString();
  }
}
