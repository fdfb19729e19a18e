package dev.feast.aws.localaws.apigateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * What a stage settles for a route.
 *
 * @param ratePerSecond requests in the long run; empty where only the account's quota bounds them
 * @param burst requests at once
 */
record RouteSettings(
    boolean detailedMetrics, Optional<Double> ratePerSecond, Optional<Integer> burst) {
  static final RouteSettings UNSET = new RouteSettings(false, Optional.empty(), Optional.empty());

  static RouteSettings read(JsonNode input) {
    Optional<Double> rate =
        Optional.ofNullable(input.get("throttlingRateLimit")).map(JsonNode::asDouble);
    Optional<Integer> burst =
        Optional.ofNullable(input.get("throttlingBurstLimit")).map(JsonNode::asInt);
    if (rate.orElse(0.0) < 0 || burst.orElse(0) < 0) {
      throw ApiErrors.badRequest("Throttling limits cannot be negative");
    }
    return new RouteSettings(input.path("detailedMetricsEnabled").asBoolean(), rate, burst);
  }

  boolean throttles() {
    return ratePerSecond.isPresent() || burst.isPresent();
  }

  ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("detailedMetricsEnabled", detailedMetrics);
    burst.ifPresent(limit -> json.put("throttlingBurstLimit", limit));
    ratePerSecond.ifPresent(limit -> json.put("throttlingRateLimit", limit));
    return json;
  }
}
