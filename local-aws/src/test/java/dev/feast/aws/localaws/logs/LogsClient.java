package dev.feast.aws.localaws.logs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;

/**
 * CloudWatch Logs' wire format, as the SDK of the build's version cannot be had: of the root of
 * account 000000000000 in us-west-2.
 */
public final class LogsClient implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();

  private final URI endpoint;
  private final HttpClient http = HttpClient.newHttpClient();

  public LogsClient(URI endpoint) {
    this.endpoint = endpoint;
  }

  /** The answer, an error's included. */
  public JsonNode call(String operation, String input) {
    try {
      var request =
          HttpRequest.newBuilder(endpoint)
              .header("X-Amz-Target", "Logs_20140328." + operation)
              .header("Content-Type", "application/x-amz-json-1.1")
              .header(
                  "Authorization",
                  "AWS4-HMAC-SHA256 Credential=test/20260101/us-west-2/logs/aws4_request,"
                      + " SignedHeaders=host, Signature="
                      + "0".repeat(64))
              .POST(HttpRequest.BodyPublishers.ofString(input))
              .build();
      return JSON.readTree(http.send(request, BodyHandlers.ofString()).body());
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** Makes a log group; its ARN. */
  public String group(String name) {
    call("CreateLogGroup", "{\"logGroupName\":\"%s\"}".formatted(name));
    return "arn:aws:logs:us-west-2:000000000000:log-group:" + name;
  }

  /** What was written into a log group. */
  public List<String> lines(String group) {
    return call("FilterLogEvents", "{\"logGroupName\":\"%s\"}".formatted(group))
        .path("events")
        .valueStream()
        .map(event -> event.path("message").asText())
        .toList();
  }

  @Override
  public void close() {
    http.close();
  }
}
