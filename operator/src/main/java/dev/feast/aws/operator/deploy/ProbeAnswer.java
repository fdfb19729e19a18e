package dev.feast.aws.operator.deploy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.feast.aws.operator.aws.Lambda.Invocation;
import dev.feast.aws.operator.model.Health;
import dev.feast.aws.operator.model.ProbeLookup;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a version's answer to a {@link ProbeEvent} means.
 *
 * @param failure why it gets no traffic, a clause for people of any length, with the function's own
 *     words in it; empty where it passed
 * @param health what it said of the registry, where it was asked and got that far
 */
record ProbeAnswer(Optional<String> failure, @Nullable Health health) {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int OK = 200;

  /** What a version answered to {@link ProbeEvent#health}. */
  static ProbeAnswer toHealth(Invocation invocation) {
    try {
      JsonNode answer = JSON.readTree(invocation.payload());
      if (invocation.error().isPresent()) {
        return failed(crash(answer, invocation), null);
      }
      JsonNode body = JSON.readTree(body(answer));
      Health health = health(body).orElse(null);
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

  /** What a version answered to {@link ProbeEvent#lookup}. */
  static ProbeAnswer toLookup(ProbeLookup lookup, Invocation invocation) {
    String asked = "the lookup of spec.rollout.probe, " + lookup.route().key() + ",";
    try {
      JsonNode answer = JSON.readTree(invocation.payload());
      if (invocation.error().isPresent()) {
        return failed(asked + " was not answered: " + crash(answer, invocation), null);
      }
      int status = answer.path("statusCode").asInt(OK);
      if (status != OK) {
        return failed(asked + " was answered with " + status + said(body(answer)), null);
      }
      Optional<String> difference =
          lookup.expected() == null
              ? Optional.empty()
              : Expectation.difference(lookup.expected(), JSON.readTree(body(answer)));
      return new ProbeAnswer(
          difference.map(found -> asked + " was answered otherwise than expected: " + found), null);
    } catch (JsonProcessingException | IllegalArgumentException e) {
      return failed(asked + " was not answered with JSON", null);
    }
  }

  /** What the body of GET /health says of the registry. */
  static Optional<Health> health(JsonNode body) {
    JsonNode registry = body.path("registry");
    if (!registry.path("state").isTextual()) {
      return Optional.empty();
    }
    return Optional.of(
        new Health(
            registry.path("state").asText(),
            text(registry, "reason"),
            text(registry, "message"),
            text(registry, "lastUpdated"),
            number(registry, "entities"),
            number(registry, "featureViews"),
            number(registry, "featureServices")));
  }

  private static ProbeAnswer failed(String why, @Nullable Health health) {
    return new ProbeAnswer(Optional.of(why), health);
  }

  private static String crash(JsonNode answer, Invocation invocation) {
    String type = answer.path("errorType").asText(invocation.error().orElse(""));
    String message = answer.path("errorMessage").asText("");
    return "the function failed: " + type + (message.isEmpty() ? "" : ": " + message);
  }

  /** The runtime's own error, where it is one. */
  private static String said(String body) throws JsonProcessingException {
    JsonNode error = JSON.readTree(body);
    return error.path("code").isTextual()
        ? " (%s): %s".formatted(error.path("code").asText(), error.path("detail").asText(""))
        : "";
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

  private static String reason(@Nullable Health health) {
    if (health == null || (health.reason() == null && health.message() == null)) {
      return "";
    }
    String reason = health.reason() == null ? "" : " (" + health.reason() + ")";
    return reason + (health.message() == null ? "" : ": " + health.message());
  }

  private static @Nullable String text(JsonNode node, String field) {
    return node.path(field).isTextual() ? node.path(field).asText() : null;
  }

  private static @Nullable Integer number(JsonNode node, String field) {
    return node.path(field).isInt() ? node.path(field).asInt() : null;
  }
}
