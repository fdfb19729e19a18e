package dev.feast.aws.runtime.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.feast.aws.runtime.http.Answer;
import dev.feast.aws.runtime.http.Deadline;
import dev.feast.aws.runtime.http.Request;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ApiGatewayEventsTest {

  private static final JsonMapper JSON = new JsonMapper();

  private final List<Request> requests = new ArrayList<>();
  private Answer answer = new Answer(200, Map.of(), "{}".getBytes(StandardCharsets.UTF_8));

  @Test
  void handsOnMethodPathAndBody() throws IOException {
    JsonNode payload =
        answer(
            """
            {"version": "2.0", "routeKey": "POST /get-online-features",
             "rawPath": "/get-online-features", "rawQueryString": "a=b", "cookies": ["x"],
             "headers": {"content-type": "application/json", "X-Api-Key": "Zoë", "odd": [1]},
             "requestContext": {"accountId": "1", "stage": "$default", "authorizer": {"iam": {}},
                                "http": {"method": "POST", "path": "/get-online-features"}},
             "body": "{\\"features\\": \\"Zoë\\"}", "isBase64Encoded": false}
            """);
    assertThat(requests).hasSize(1);
    assertThat(requests.getFirst().method()).isEqualTo("POST");
    assertThat(requests.getFirst().path()).isEqualTo("/get-online-features");
    assertThat(body(requests.getFirst())).isEqualTo("{\"features\": \"Zoë\"}");
    assertThat(requests.getFirst().headers())
        .isEqualTo(Map.of("content-type", "application/json", "x-api-key", "Zoë"));
    assertThat(payload.get("statusCode").intValue()).isEqualTo(200);
    assertThat(payload.get("headers").get("content-type").textValue())
        .isEqualTo("application/json");
    assertThat(payload.get("body").textValue()).isEqualTo("{}");
    assertThat(payload.get("isBase64Encoded").booleanValue()).isFalse();
  }

  /** What API Gateway makes of the form type that {@code curl -d} sends. */
  @Test
  void undoesBase64() throws IOException {
    String body = Base64.getEncoder().encodeToString("{\"ü\": 1}".getBytes(StandardCharsets.UTF_8));
    answer(event("/health", "GET", "$default", "\"" + body + "\"", true));
    assertThat(body(requests.getFirst())).isEqualTo("{\"ü\": 1}");
  }

  @Test
  void refusesABodyThatIsNotTheBase64ItIsSaidToBe() throws IOException {
    JsonNode payload = answer(event("/health", "GET", "$default", "\"{}\"", true));
    assertThat(payload.get("statusCode").intValue()).isEqualTo(400);
    assertThat(requests).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "[]", "\"x-api-key: a\"", "{}"})
  void takesAnEventWithoutHeaders(String headers) throws IOException {
    answer(
        """
        {"rawPath": "/health", "headers": %s, "requestContext": {"http": {"method": "GET"}}}
        """
            .formatted(headers));
    assertThat(requests.getFirst().headers()).isEmpty();
  }

  @Test
  void takesAnEventWithoutBody() throws IOException {
    answer(event("/health", "GET", "$default", "null", false));
    assertThat(requests.getFirst().body()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "/health, $default, /health",
    "/prod/health, prod, /health",
    "/prod, prod, /prod",
    "/production/health, prod, /production/health",
    "/prod/health, $default, /prod/health",
  })
  void takesTheStageOffThePath(String rawPath, String stage, String path) throws IOException {
    answer(event(rawPath, "GET", stage, "null", false));
    assertThat(requests.getFirst().path()).isEqualTo(path);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "null",
        "{}",
        "{\"rawPath\": \"/health\"}",
        "{\"rawPath\": \"/health\", \"requestContext\": {\"http\": []}}",
        "{\"rawPath\": 1, \"requestContext\": {\"http\": {\"method\": \"GET\"}}}",
        "{\"httpMethod\": \"GET\", \"path\": \"/health\"}"
      })
  void saysThatAnEventIsNoRequest(String event) throws IOException {
    JsonNode payload = answer(event);
    assertThat(payload.get("statusCode").intValue()).isEqualTo(400);
    assertThat(payload.get("body").textValue()).contains("payload format 2.0");
    assertThat(requests).isEmpty();
  }

  @Test
  void passesHeadersOn() throws IOException {
    answer = new Answer(405, Map.of("allow", "POST"), new byte[] {'1'});
    JsonNode payload = answer(event("/health", "GET", "$default", "null", false));
    assertThat(payload.get("headers").get("allow").textValue()).isEqualTo("POST");
  }

  /** The limit counts what Lambda gets, with every quote in the body escaped. */
  @ParameterizedTest
  @CsvSource({"a, 6291556, 200", "a, 6291557, 413", "'\"', 6291556, 200", "'\"', 6291558, 413"})
  void answersWithTooLargeBeforeLambdaRefuses(String content, int payloadBytes, int status)
      throws IOException {
    String event = event("/health", "GET", "$default", "null", false);
    answer = new Answer(200, Map.of(), new byte[0]);
    int around = bytes(event).length;
    int each = content.equals("\"") ? 2 : 1;
    byte[] body = content.repeat((payloadBytes - around) / each).getBytes(StandardCharsets.UTF_8);
    answer = new Answer(200, Map.of(), body);
    int expected = around + body.length * each;
    assertThat(expected).isBetween(payloadBytes - 1, payloadBytes);

    byte[] payload = bytes(event);
    JsonNode json = JSON.readTree(payload);
    assertThat(json.get("statusCode").intValue()).isEqualTo(status);
    assertThat(payload.length).isLessThanOrEqualTo(6_291_556);
    if (status == 413) {
      assertThat(json.get("body").textValue()).contains("RESPONSE_TOO_LARGE").contains("6291556");
    }
  }

  /** A body that is as large as it may be leaves room for what is around it. */
  @Test
  void handsOnTheLargestBody() throws IOException {
    answer = Answer.ok(json -> json.writeString("a".repeat(Answer.MAX_BODY_BYTES - 4)));
    byte[] payload = bytes(event("/health", "GET", "$default", "null", false));
    assertThat(JSON.readTree(payload).get("statusCode").intValue()).isEqualTo(200);
    assertThat(payload.length).isBetween(Answer.MAX_BODY_BYTES, 6_291_556);
  }

  /** API Gateway counts from when it got the request, Lambda from when it called the function. */
  @ParameterizedTest
  @CsvSource({
    // Seconds since API Gateway got it, seconds that are left.
    "0, 29",
    "20, 9",
    "28, 1",
    // Over already: made up, by another clock, or nobody waits.
    "29, 60",
    "300, 60",
    "1000000000, 60",
    // Later than Lambda's.
    "-100, 60",
  })
  void goesByTheEarlierDeadline(long secondsAgo, long left) throws IOException {
    deadlineWith(Long.toString(Instant.now().minusSeconds(secondsAgo).toEpochMilli()));
    assertThat(requests.getFirst().deadline().remaining())
        .isBetween(Duration.ofSeconds(left).minusMillis(900), Duration.ofSeconds(left));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "\"soon\"",
        "1e3",
        "[1]",
        "9223372036854775807",
        "1e99999",
        "-5",
        "99999999999999999999999999"
      })
  void goesByLambdasDeadlineWhereApiGatewaySaysNone(String timeEpoch) throws IOException {
    deadlineWith(timeEpoch);
    assertThat(requests.getFirst().deadline().remaining())
        .isBetween(Duration.ofSeconds(55), Duration.ofSeconds(60));
  }

  private void deadlineWith(String timeEpoch) {
    String event =
        """
        {"rawPath": "/health",
         "requestContext": {"timeEpoch": %s, "http": {"method": "GET"}}}
        """
            .formatted(timeEpoch);
    var unused = bytes(event, Duration.ofSeconds(60));
  }

  private JsonNode answer(String event) throws IOException {
    return JSON.readTree(bytes(event));
  }

  private byte[] bytes(String event) {
    return bytes(event, Duration.ofSeconds(5));
  }

  private byte[] bytes(String event, Duration patience) {
    return new ApiGatewayEvents(
            request -> {
              requests.add(request);
              return answer;
            })
        .answer(event.getBytes(StandardCharsets.UTF_8), Deadline.in(patience));
  }

  private static String event(
      String rawPath, String method, String stage, String body, boolean base64) {
    return """
    {"version": "2.0", "rawPath": "%s", "body": %s, "isBase64Encoded": %s,
     "requestContext": {"stage": "%s", "http": {"method": "%s"}}}
    """
        .formatted(rawPath, body, base64, stage, method);
  }

  private static String body(Request request) {
    return new String(request.body(), StandardCharsets.UTF_8);
  }
}
