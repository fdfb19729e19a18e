package dev.feast.aws.localaws.rest;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** Maps as JSON objects. */
public final class JsonMaps {
  private JsonMaps() {}

  public static ObjectNode json(Map<String, String> values) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    values.forEach(json::put);
    return json;
  }
}
