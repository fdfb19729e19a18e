package dev.feast.aws.localaws.iam;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Reads JSON of which nothing may be passed over: what is not understood is an error. */
final class PolicyJson {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(com.fasterxml.jackson.core.StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private PolicyJson() {}

  static JsonNode parse(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("It is not JSON: " + e.getOriginalMessage(), e);
    }
  }

  /** An object that has no other members than these. */
  static JsonNode object(String what, JsonNode json, Set<String> members) {
    if (!json.isObject()) {
      throw new IllegalArgumentException(what + " is not a JSON object");
    }
    json.fieldNames()
        .forEachRemaining(
            name -> {
              if (!members.contains(name)) {
                throw new IllegalArgumentException(
                    "%s has %s, which local-aws does not know; it knows %s"
                        .formatted(what, name, new TreeSet<>(members)));
              }
            });
    return json;
  }

  /** A text, or a list of one or more. */
  static List<String> texts(String what, JsonNode json) {
    var texts = new ArrayList<String>();
    for (JsonNode one : elements(json)) {
      texts.add(text(what, one));
    }
    if (texts.isEmpty()) {
      throw new IllegalArgumentException(what + " is missing or empty");
    }
    return texts;
  }

  static String text(String what, JsonNode json) {
    if (json.isTextual() && !json.asText().isEmpty()) {
      return json.asText();
    }
    throw new IllegalArgumentException(what + " is missing, or no text");
  }

  /** IAM lets a list of one be written without its brackets. */
  static List<JsonNode> elements(JsonNode json) {
    var elements = new ArrayList<JsonNode>();
    if (json.isArray()) {
      json.forEach(elements::add);
    } else if (!json.isMissingNode()) {
      elements.add(json);
    }
    return elements;
  }
}
