package dev.feast.aws.bench.floor;

import dev.feast.aws.runtime.AwsClients;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;

/** The AWS SDK's client, as the runtime has it; requests are built before the clock runs. */
final class SdkReader implements BatchReader {
  private final DynamoDbClient client = AwsClients.dynamoDb(DynamoDbClient.builder());

  @Override
  public Prepared prepare(Batch batch) {
    Map<String, KeysAndAttributes> tables = new HashMap<>();
    batch.keys().forEach((table, ids) -> tables.put(table, keys(ids)));
    BatchGetItemRequest request = BatchGetItemRequest.builder().requestItems(tables).build();
    return () ->
        client.batchGetItem(request).responses().values().stream().mapToInt(List::size).sum();
  }

  private static KeysAndAttributes keys(List<String> ids) {
    return KeysAndAttributes.builder()
        .keys(ids.stream().map(id -> Map.of("entity_id", AttributeValue.fromS(id))).toList())
        .projectionExpression(SocketReader.PROJECTION)
        .expressionAttributeNames(SocketReader.NAMES)
        .build();
  }
}
