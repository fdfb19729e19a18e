package dev.feast.aws.operator.controller;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigInteger;

/**
 * Reads JSON without a type, and of what is nested too deep only the upper part: whoever copies or
 * writes a tree goes down it by recursion, and a stack has an end. What is left is still deeper
 * than a feature_store.yaml may be, so that validation refuses it.
 */
final class BoundedTree extends StdDeserializer<JsonNode> {
  private static final long serialVersionUID = 1;

  /** Levels that are kept, beside those of the object that it is in. */
  static final int DEPTH = 100;

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  BoundedTree() {
    super(JsonNode.class);
  }

  @Override
  public JsonNode deserialize(JsonParser parser, DeserializationContext context)
      throws IOException {
    return read(parser, context, 0);
  }

  @Override
  public JsonNode getNullValue(DeserializationContext context) {
    return NODES.nullNode();
  }

  private JsonNode read(JsonParser parser, DeserializationContext context, int depth)
      throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> object(parser, context, depth);
      case START_ARRAY -> array(parser, context, depth);
      case VALUE_STRING -> NODES.textNode(parser.getText());
      case VALUE_NUMBER_INT -> integer(parser.getBigIntegerValue());
      case VALUE_NUMBER_FLOAT -> NODES.numberNode(parser.getDoubleValue());
      case VALUE_TRUE -> NODES.booleanNode(true);
      case VALUE_FALSE -> NODES.booleanNode(false);
      case VALUE_NULL -> NODES.nullNode();
      case VALUE_EMBEDDED_OBJECT -> NODES.pojoNode(parser.getEmbeddedObject());
      case NOT_AVAILABLE, END_OBJECT, END_ARRAY, FIELD_NAME ->
          (JsonNode) context.handleUnexpectedToken(JsonNode.class, parser);
    };
  }

  private JsonNode object(JsonParser parser, DeserializationContext context, int depth)
      throws IOException {
    ObjectNode object = NODES.objectNode();
    if (depth == DEPTH) {
      parser.skipChildren();
      return object;
    }
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      parser.nextToken();
      object.set(name, read(parser, context, depth + 1));
    }
    return object;
  }

  private JsonNode array(JsonParser parser, DeserializationContext context, int depth)
      throws IOException {
    ArrayNode array = NODES.arrayNode();
    if (depth == DEPTH) {
      parser.skipChildren();
      return array;
    }
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      array.add(read(parser, context, depth + 1));
    }
    return array;
  }

  /** As Jackson's own trees hold them: two that are equal must be of one class. */
  private static JsonNode integer(BigInteger value) {
    if (value.bitLength() < Integer.SIZE) {
      return NODES.numberNode(value.intValue());
    }
    return value.bitLength() < Long.SIZE
        ? NODES.numberNode(value.longValue())
        : NODES.numberNode(value);
  }
}
