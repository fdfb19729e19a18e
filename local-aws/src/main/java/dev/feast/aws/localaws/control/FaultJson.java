package dev.feast.aws.localaws.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * A fault as {@code /_local/faults} has it: {@code
 * {"service","operation","action":"error|throttle|delay|cut|unprocessed|stale","when":"before|after","skip","times","errorCode","message","status",
 * "delayMillis"}}. Without {@code times} it stays until it is removed.
 */
final class FaultJson {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Set<String> MEMBERS =
      Set.of(
          "service",
          "operation",
          "action",
          "when",
          "skip",
          "times",
          "errorCode",
          "message",
          "status",
          "delayMillis");
  private static final int DEFAULT_STATUS = 500;
  private static final String DEFAULT_CODE = "InternalFailure";
  private static final String DEFAULT_MESSAGE = "An injected fault";

  private FaultJson() {}

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException naming the member that is wrong
   */
  static Fault read(JsonNode json) {
    if (!json.isObject()) {
      throw new IllegalArgumentException("The fault is not a JSON object");
    }
    json.fieldNames()
        .forEachRemaining(
            name -> {
              if (!MEMBERS.contains(name)) {
                throw new IllegalArgumentException(
                    "A fault has no " + name + "; it has " + new TreeSet<>(MEMBERS));
              }
            });
    return new Fault(
        json.path("service").asText("*"),
        json.path("operation").asText("*"),
        action(json),
        when(json.path("when").asText("before")),
        number(json, "skip", 0),
        number(json, "times", Fault.ALWAYS));
  }

  private static Fault.Action action(JsonNode json) {
    String action = json.path("action").asText();
    return switch (action) {
      case "error" ->
          new Fault.Action.Answer(
              number(json, "status", DEFAULT_STATUS),
              json.path("errorCode").asText(DEFAULT_CODE),
              json.path("message").asText(DEFAULT_MESSAGE));
      case "throttle" -> new Fault.Action.Throttle();
      case "delay" -> new Fault.Action.Delay(Duration.ofMillis(number(json, "delayMillis", 1_000)));
      case "cut" -> new Fault.Action.Cut();
      case "unprocessed" -> new Fault.Action.Unprocessed();
      case "stale" -> new Fault.Action.Stale();
      default ->
          throw new IllegalArgumentException(
              "action is '"
                  + action
                  + "'; it has to be error, throttle, delay, cut, unprocessed or stale");
    };
  }

  private static Fault.When when(String text) {
    return switch (text) {
      case "before" -> Fault.When.BEFORE;
      case "after" -> Fault.When.AFTER;
      default ->
          throw new IllegalArgumentException(
              "when is '" + text + "'; it has to be before or after");
    };
  }

  private static int number(JsonNode json, String name, int otherwise) {
    JsonNode number = json.path(name);
    if (number.isMissingNode() || number.isNull()) {
      return otherwise;
    }
    if (!number.canConvertToInt() || !number.isIntegralNumber()) {
      throw new IllegalArgumentException(name + " is " + number + "; it has to be a whole number");
    }
    return number.intValue();
  }

  static ObjectNode write(Fault fault) {
    ObjectNode json =
        JSON.createObjectNode()
            .put("service", fault.service())
            .put("operation", fault.operation())
            .put("when", fault.when().name().toLowerCase(Locale.ROOT));
    if (fault.skip() != 0) {
      json.put("skip", fault.skip());
    }
    if (fault.times() != Fault.ALWAYS) {
      json.put("times", fault.times());
    }
    return switch (fault.action()) {
      case Fault.Action.Answer(int status, String code, String message) ->
          json.put("action", "error")
              .put("status", status)
              .put("errorCode", code)
              .put("message", message);
      case Fault.Action.Throttle() -> json.put("action", "throttle");
      case Fault.Action.Delay(Duration time) ->
          json.put("action", "delay").put("delayMillis", time.toMillis());
      case Fault.Action.Cut() -> json.put("action", "cut");
      case Fault.Action.Unprocessed() -> json.put("action", "unprocessed");
      case Fault.Action.Stale() -> json.put("action", "stale");
    };
  }
}
