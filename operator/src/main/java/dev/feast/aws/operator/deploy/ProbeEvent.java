package dev.feast.aws.operator.deploy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.feast.aws.operator.model.Access;
import dev.feast.aws.operator.model.DesiredStack;
import dev.feast.aws.operator.model.ProbeLookup;
import dev.feast.aws.operator.model.RouteKey;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.UUID;

/**
 * The events of API Gateway (payload format 2.0) by which a version is asked before it gets
 * traffic: what it answers to these it will answer to callers.
 */
final class ProbeEvent {
  static final RouteKey HEALTH = new RouteKey("GET", "/health");

  static final String KEY_HEADER = "x-api-key";

  private static final JsonMapper JSON = JsonMapper.builder().build();
  static final String AGENT = "feature-server-operator";

  /** API Gateway writes times as web servers do in their logs. */
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private ProbeEvent() {}

  /** Asks for its health. */
  static String health(DesiredStack desired, Instant now) {
    return event(desired, HEALTH, now).put("isBase64Encoded", false).toString();
  }

  /** Asks what the user asks. */
  static String lookup(DesiredStack desired, ProbeLookup lookup, Instant now) {
    ObjectNode event = event(desired, lookup.route(), now);
    event.withObjectProperty("headers").put("content-type", "application/json");
    return event.put("body", lookup.request()).put("isBase64Encoded", false).toString();
  }

  private static ObjectNode event(DesiredStack desired, RouteKey route, Instant now) {
    ObjectNode event = JSON.createObjectNode();
    event
        .put("version", DesiredStack.PAYLOAD_FORMAT)
        .put("routeKey", route.key())
        .put("rawPath", route.path())
        .put("rawQueryString", "");
    ObjectNode headers = event.putObject("headers");
    headers.put("accept", "application/json").put("user-agent", AGENT);
    if (desired.access() instanceof Access.ByApiKey byApiKey) {
      headers.put(KEY_HEADER, byApiKey.keys().getFirst().value());
    }
    ObjectNode context = event.putObject("requestContext");
    context
        .put("accountId", desired.location().account())
        .put("apiId", "probe")
        .put("domainName", "probe")
        .put("domainPrefix", "probe")
        .put("requestId", UUID.randomUUID().toString())
        .put("routeKey", route.key())
        .put("stage", DesiredStack.STAGE)
        .put("time", TIME.format(now))
        .put("timeEpoch", now.toEpochMilli());
    context
        .putObject("http")
        .put("method", route.method())
        .put("path", route.path())
        .put("protocol", "HTTP/1.1")
        .put("sourceIp", "127.0.0.1")
        .put("userAgent", AGENT);
    return event;
  }
}
