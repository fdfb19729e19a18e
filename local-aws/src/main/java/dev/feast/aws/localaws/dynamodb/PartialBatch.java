package dev.feast.aws.localaws.dynamodb;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.feast.aws.localaws.http.Body;
import dev.feast.aws.localaws.http.Response;
import dev.feast.aws.localaws.spi.JsonErrors;
import java.io.IOException;
import java.util.Map;

/**
 * A BatchGetItem of which DynamoDB has capacity for half of the keys: they are read, the others
 * come back as UnprocessedKeys. One key alone is throttled, as on AWS where nothing was read.
 */
record PartialBatch(ObjectNode read, ObjectNode unprocessed) {
  private static final JsonMapper JSON = new JsonMapper();

  static PartialBatch of(byte[] request) throws IOException {
    ObjectNode whole = (ObjectNode) JSON.readTree(request);
    int keys = 0;
    for (JsonNode table : whole.path("RequestItems")) {
      keys += table.path("Keys").size();
    }
    int left = keys / 2;
    if (left == 0) {
      throw JsonErrors.DYNAMODB.throttled();
    }
    ObjectNode unprocessed = JSON.createObjectNode();
    ObjectNode read = JSON.createObjectNode();
    for (Map.Entry<String, JsonNode> table : whole.path("RequestItems").properties()) {
      ArrayNode now = JSON.createArrayNode();
      ArrayNode later = JSON.createArrayNode();
      for (JsonNode key : table.getValue().path("Keys")) {
        (left-- > 0 ? now : later).add(key);
      }
      put(read, table, now);
      put(unprocessed, table, later);
    }
    return new PartialBatch(whole.<ObjectNode>set("RequestItems", read), unprocessed);
  }

  private static void put(ObjectNode batch, Map.Entry<String, JsonNode> table, ArrayNode keys) {
    if (!keys.isEmpty()) {
      batch.set(
          table.getKey(), table.getValue().<ObjectNode>deepCopy().<ObjectNode>set("Keys", keys));
    }
  }

  /**
   * @param response to what is read
   */
  Response withUnprocessed(Response response) throws IOException {
    if (response.status() != 200 || !(response.body() instanceof Body.Bytes(byte[] json))) {
      return response;
    }
    ObjectNode answer = (ObjectNode) JSON.readTree(json);
    answer.set("UnprocessedKeys", unprocessed);
    return Response.json(200, answer.toString()).with("Content-Type", "application/x-amz-json-1.0");
  }
}
