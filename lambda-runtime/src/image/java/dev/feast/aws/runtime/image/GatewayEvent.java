package dev.feast.aws.runtime.image;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Events as an HTTP API of API Gateway sends them to a function (payload format 2.0).
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html">the
 *     format</a>
 */
public final class GatewayEvent {
  private static final ObjectMapper JSON = new ObjectMapper();

  private GatewayEvent() {}

  public static byte[] get(String path) {
    return event(
        "GET", path, Map.of("accept", "*/*", "host", "id.execute-api.example.com"), null, false);
  }

  /** A body of type application/json, which API Gateway passes on as text. */
  public static byte[] postJson(String path, String body) {
    return event(
        "POST", path, Map.of("accept", "*/*", "content-type", "application/json"), body, false);
  }

  /**
   * A body without a type, or with the one that {@code curl -d} gives it: API Gateway encodes it.
   */
  public static byte[] postBase64(String path, String body) {
    return event(
        "POST",
        path,
        Map.of("accept", "*/*", "content-type", "application/x-www-form-urlencoded"),
        Base64.getEncoder().encodeToString(body.getBytes(StandardCharsets.UTF_8)),
        true);
  }

  private static byte[] event(
      String method,
      String path,
      Map<String, String> headers,
      @Nullable String body,
      boolean base64) {
    var http = new LinkedHashMap<String, Object>();
    http.put("method", method);
    http.put("path", path);
    http.put("protocol", "HTTP/1.1");
    http.put("sourceIp", "192.0.2.1");
    http.put("userAgent", "curl/8.5.0");
    var context = new LinkedHashMap<String, Object>();
    context.put("accountId", "000000000000");
    context.put("apiId", "id");
    context.put("domainName", "id.execute-api.example.com");
    context.put("http", http);
    context.put("requestId", "id=");
    context.put("routeKey", method + " " + path);
    context.put("stage", "$default");
    context.put("time", "22/Nov/2026:00:00:00 +0000");
    context.put("timeEpoch", 1_795_305_600_000L);
    var event = new LinkedHashMap<String, Object>();
    event.put("version", "2.0");
    event.put("routeKey", method + " " + path);
    event.put("rawPath", path);
    event.put("rawQueryString", "");
    event.put("headers", headers);
    event.put("requestContext", context);
    if (body != null) {
      event.put("body", body);
    }
    event.put("isBase64Encoded", base64);
    try {
      return JSON.writeValueAsBytes(event);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
