package dev.feast.aws.localaws.apigateway;

import dev.feast.aws.localaws.http.Request;
import dev.feast.aws.localaws.http.Response;
import dev.feast.aws.localaws.logs.LogGroups;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes stages' access logs ("Customize HTTP API access logs", API Gateway developer guide, has
 * the variables).
 */
final class AccessLogs {
  private final LogGroups logGroups;

  AccessLogs(LogGroups logGroups) {
    this.logGroups = logGroups;
  }

  /** A request that was answered. */
  record Entry(
      Api api,
      Stage stage,
      String routeKey,
      Request request,
      Map<String, String> caller,
      String requestId,
      Instant arrived,
      Instant answered,
      Response answer,
      String error) {}

  /** Writes its line where its stage has an access log. */
  void write(Entry entry) {
    entry
        .stage
        .accessLog()
        .ifPresent(
            log ->
                logGroups.write(
                    log.destinationArn(),
                    entry.api.id() + "/" + entry.stage.name(),
                    log.line(variables(entry))));
  }

  private static Map<String, String> variables(Entry entry) {
    Request request = entry.request;
    var variables = new TreeMap<>(entry.caller);
    variables.put("accountId", entry.api.account());
    variables.put("apiId", entry.api.id());
    variables.put("domainPrefix", entry.api.id());
    variables.put("extendedRequestId", entry.requestId);
    variables.put("httpMethod", request.method());
    variables.put("identity.sourceIp", request.remoteAddress());
    request.header("User-Agent").ifPresent(agent -> variables.put("identity.userAgent", agent));
    variables.put("path", request.rawPath());
    variables.put("protocol", "HTTP/1.1");
    variables.put("requestId", entry.requestId);
    variables.put("requestTime", ProxyEvent.TIME.format(entry.arrived.atOffset(ZoneOffset.UTC)));
    variables.put("requestTimeEpoch", Long.toString(entry.arrived.getEpochSecond()));
    variables.put(
        "responseLatency",
        Long.toString(Duration.between(entry.arrived, entry.answered).toMillis()));
    variables.put("responseLength", Long.toString(Math.max(0, entry.answer.body().length())));
    if (!entry.routeKey.isEmpty()) {
      variables.put("routeKey", entry.routeKey);
    }
    variables.put("stage", entry.stage.name());
    variables.put("status", Integer.toString(entry.answer.status()));
    if (!entry.error.isEmpty()) {
      variables.put("error.message", entry.error);
      variables.put("error.messageString", "\"" + entry.error + "\"");
    }
    return variables;
  }
}
