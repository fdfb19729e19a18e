package dev.feast.aws.localaws.dynamodb;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.feast.aws.localaws.spi.AwsError;
import dev.feast.aws.localaws.spi.Caller;
import dev.feast.aws.localaws.spi.JsonErrors;
import dev.feast.aws.localaws.spi.Permission;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What IAM has to allow for DynamoDB's operations: "Actions, resources, and condition keys for
 * Amazon DynamoDB" of the service authorization reference.
 */
final class DynamoDbPermissions {
  private static final JsonMapper JSON = new JsonMapper();

  /** What one member of a transaction is, and what that needs. */
  private static final Map<String, String> TRANSACTED =
      Map.of(
          "Get", "GetItem",
          "Put", "PutItem",
          "Update", "UpdateItem",
          "Delete", "DeleteItem",
          "ConditionCheck", "ConditionCheckItem");

  private DynamoDbPermissions() {}

  static List<Permission> of(String operation, byte[] request, Caller caller) throws IOException {
    JsonNode input = input(request);
    return switch (operation) {
      case "GetItem",
          "PutItem",
          "UpdateItem",
          "DeleteItem",
          "CreateTable",
          "DeleteTable",
          "DescribeTable",
          "UpdateTable",
          "DescribeTimeToLive",
          "UpdateTimeToLive",
          "DescribeContinuousBackups",
          "UpdateContinuousBackups" ->
          List.of(onTable(operation, table(input), caller));
      case "Query", "Scan" -> List.of(onIndex(operation, input, caller));
      case "BatchGetItem", "BatchWriteItem" ->
          input.path("RequestItems").properties().stream()
              .map(table -> onTable(operation, table.getKey(), caller))
              .toList();
      case "TransactGetItems", "TransactWriteItems" -> transacted(input, caller);
      case "TagResource", "UntagResource", "ListTagsOfResource" ->
          List.of(onTable(operation, input.path("ResourceArn").asText(), caller));
      case "ListTables", "DescribeLimits", "DescribeEndpoints" ->
          List.of(Permission.of("dynamodb:" + operation, "*"));
      default ->
          throw JsonErrors.DYNAMODB.accessDenied(
              "local-aws does not know which IAM action " + operation + " needs");
    };
  }

  private static JsonNode input(byte[] request) throws IOException {
    try {
      return JSON.readTree(request);
    } catch (JsonProcessingException e) {
      throw AwsError.of(400, "SerializationException", "The request body is not JSON");
    }
  }

  private static List<Permission> transacted(JsonNode input, Caller caller) {
    var needed = new ArrayList<Permission>();
    for (JsonNode item : input.path("TransactItems")) {
      item.properties()
          .forEach(
              part ->
                  needed.add(
                      onTable(
                          TRANSACTED.getOrDefault(part.getKey(), part.getKey()),
                          table(part.getValue()),
                          caller)));
    }
    return needed;
  }

  private static Permission onIndex(String operation, JsonNode input, Caller caller) {
    Permission table = onTable(operation, table(input), caller);
    String index = input.path("IndexName").asText();
    return index.isEmpty()
        ? table
        : Permission.of(table.action(), table.resource() + "/index/" + index);
  }

  private static String table(JsonNode input) {
    return input.path("TableName").asText();
  }

  /**
   * @param table its name or its ARN
   */
  private static Permission onTable(String operation, String table, Caller caller) {
    return Permission.of(
        "dynamodb:" + operation,
        table.startsWith("arn:") ? table : caller.arn("dynamodb", "table/" + table));
  }
}
