package dev.feast.aws.operator.deploy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.feast.aws.operator.aws.Lambda.Invocation;
import dev.feast.aws.operator.model.Health;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a version's answer to {@link ProbeEvent} means.
 *
 * @param failure why it gets no traffic, a sentence for people; empty where it passed
 * @param health what it said of the registry, where it got that far
 */
record ProbeAnswer(Optional<String> failure, @Nullable Health health) {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int OK = 200;

  /** As much of a function's text as goes into a condition. */
  private static final int SHOWN = 500;

  static ProbeAnswer of(Invocation invocation) {
    try {
      JsonNode answer = JSON.readTree(invocation.payload());
      if (invocation.error().isPresent()) {
        return failed(crash(answer, invocation), null);
      }
      JsonNode body = JSON.readTree(body(answer));
      Health health = health(body.path("registry"));
      int status = answer.path("statusCode").asInt(OK);
      if (status != OK) {
        return failed("GET /health answered " + status + reason(health), health);
      }
      if (health == null) {
        return failed(
            "GET /health answered without registry.state: the image is not this project's runtime",
            null);
      }
      return health.isLoaded()
          ? new ProbeAnswer(Optional.empty(), health)
          : failed("Feast's registry is " + health.state() + reason(health), health);
    } catch (JsonProcessingException | IllegalArgumentException e) {
      return failed(
          "GET /health did not answer with JSON: the image is not this project's runtime", null);
    }
  }

  private static ProbeAnswer failed(String why, @Nullable Health health) {
    return new ProbeAnswer(Optional.of(why), health);
  }

  private static String crash(JsonNode answer, Invocation invocation) {
    String type = answer.path("errorType").asText(invocation.error().orElse(""));
    String message = answer.path("errorMessage").asText("");
    return "the function failed: " + shortened(type + (message.isEmpty() ? "" : ": " + message));
  }

  private static String body(JsonNode answer) {
    if (!answer.has("statusCode")) {
      return answer.toString(); // API Gateway takes such an answer as the body of a 200.
    }
    String body = answer.path("body").asText("");
    return answer.path("isBase64Encoded").asBoolean()
        ? new String(Base64.getDecoder().decode(body), StandardCharsets.UTF_8)
        : body;
  }

  private static @Nullable Health health(JsonNode registry) {
    if (!registry.path("state").isTextual()) {
      return null;
    }
    return new Health(
        registry.path("state").asText(),
        text(registry, "reason"),
        text(registry, "message"),
        text(registry, "lastUpdated"),
        number(registry, "entities"),
        number(registry, "featureViews"),
        number(registry, "featureServices"));
  }

  private static String reason(@Nullable Health health) {
    if (health == null || (health.reason() == null && health.message() == null)) {
      return "";
    }
    String reason = health.reason() == null ? "" : " (" + health.reason() + ")";
    return reason + (health.message() == null ? "" : ": " + shortened(health.message()));
  }

  private static @Nullable String text(JsonNode node, String field) {
    return node.path(field).isTextual() ? node.path(field).asText() : null;
  }

  private static @Nullable Integer number(JsonNode node, String field) {
    return node.path(field).isInt() ? node.path(field).asInt() : null;
  }

  private static String shortened(String text) {
    return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
  }
}
