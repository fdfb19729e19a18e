package dev.feast.aws.operator.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Whether an answer holds what is expected of it: every expected key with an equal value, lists of
 * the same length; what else is in the answer does not matter.
 */
final class Expectation {
  /** What Feast says of a value, which is no value itself. */
  private static final Set<String> STATUSES =
      Set.of("PRESENT", "NULL_VALUE", "NOT_FOUND", "OUTSIDE_MAX_AGE", "INVALID");

  private Expectation() {}

  /**
   * The first difference as a clause for people; empty where there is none. Values of features are
   * not in it: they may be anybody's.
   */
  static Optional<String> difference(JsonNode expected, JsonNode answer) {
    return difference(expected, answer, "");
  }

  private static Optional<String> difference(JsonNode expected, JsonNode found, String path) {
    if (expected.isObject() && found.isObject()) {
      return inObject(expected, found, path);
    }
    if (expected.isArray() && found.isArray()) {
      return inList(expected, found, path);
    }
    boolean equal =
        expected.isNumber() && found.isNumber()
            ? expected.decimalValue().compareTo(found.decimalValue()) == 0
            : expected.equals(found);
    return equal
        ? Optional.empty()
        : Optional.of(
            "%s is %s, expected is %s".formatted(at(path), shown(found), shown(expected)));
  }

  private static Optional<String> inObject(JsonNode expected, JsonNode found, String path) {
    for (Map.Entry<String, JsonNode> entry : expected.properties()) {
      String key = path.isEmpty() ? entry.getKey() : path + "." + entry.getKey();
      JsonNode value = found.get(entry.getKey());
      Optional<String> difference =
          value == null
              ? Optional.of(key + " is missing")
              : difference(entry.getValue(), value, key);
      if (difference.isPresent()) {
        return difference;
      }
    }
    return Optional.empty();
  }

  private static Optional<String> inList(JsonNode expected, JsonNode found, String path) {
    if (expected.size() != found.size()) {
      return Optional.of(
          "%s has %d elements, expected are %d".formatted(at(path), found.size(), expected.size()));
    }
    for (int i = 0; i < expected.size(); i++) {
      Optional<String> difference =
          difference(expected.get(i), found.get(i), "%s[%d]".formatted(path, i));
      if (difference.isPresent()) {
        return difference;
      }
    }
    return Optional.empty();
  }

  private static String at(String path) {
    return path.isEmpty() ? "the answer" : path;
  }

  private static String shown(JsonNode value) {
    return switch (value.getNodeType()) {
      case NULL -> "null";
      case STRING -> STATUSES.contains(value.textValue()) ? value.textValue() : "another text";
      case NUMBER -> "another number";
      case BOOLEAN -> value.toString();
      case OBJECT -> "an object";
      case ARRAY -> "a list";
      case BINARY, POJO, MISSING -> "something else";
    };
  }
}
