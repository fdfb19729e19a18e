package dev.feast.aws.runtime.lambda;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.feast.aws.runtime.Fixtures;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.provider.MethodSource;

/** Any bytes as an event. docs/runtime.md says how to let it look for minutes. */
class EventFuzzTest {

  private static final JsonMapper JSON = new JsonMapper();
  private static final EventCheck CHECK = new EventCheck();

  /** The recorded requests, as text and in base64, on both routes. */
  static Stream<byte[]> recorded() throws IOException {
    List<byte[]> events = new ArrayList<>();
    events.add(event("GET", "/health", null, false));
    for (JsonNode recorded : JSON.readTree(Fixtures.text("feast-0.67/answers.json"))) {
      String body = recorded.get("request").toString();
      events.add(event("POST", "/get-online-features", body, false));
      events.add(
          event(
              "POST",
              "/v2/get-online-features",
              Base64.getEncoder().encodeToString(body.getBytes(StandardCharsets.UTF_8)),
              true));
    }
    return events.stream();
  }

  @MethodSource("recorded")
  @FuzzTest(maxDuration = "5m")
  void answersEveryEvent(byte @Nullable [] event) throws IOException {
    if (event != null) {
      CHECK.check(event);
    }
  }

  static byte[] event(String method, String path, @Nullable String body, boolean base64)
      throws IOException {
    ObjectNode event = JSON.createObjectNode().put("version", "2.0").put("rawPath", path);
    event
        .putObject("requestContext")
        .put("stage", "$default")
        .putObject("http")
        .put("method", method);
    return JSON.writeValueAsBytes(event.put("body", body).put("isBase64Encoded", base64));
  }
}
