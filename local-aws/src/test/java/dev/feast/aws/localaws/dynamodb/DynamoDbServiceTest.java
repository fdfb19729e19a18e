package dev.feast.aws.localaws.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.feast.aws.localaws.LocalAws;
import dev.feast.aws.localaws.Sdk;
import dev.feast.aws.localaws.control.Fault;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughputExceededException;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

class DynamoDbServiceTest {
  private static final Map<String, AttributeValue> ITEM =
      Map.of("entity_id", AttributeValue.fromS("1001"), "value", AttributeValue.fromN("0.5"));

  private Path data;
  private LocalAws aws;
  private Sdk sdk;

  @BeforeEach
  void start(@TempDir Path data) throws IOException {
    this.data = data;
    start();
  }

  private void start() throws IOException {
    aws = LocalAws.builder().dataDir(data).start();
    sdk = new Sdk(aws.endpoint());
  }

  @AfterEach
  void stop() {
    sdk.close();
    aws.close();
  }

  private void createTable() {
    DynamoDbClient dynamoDb = sdk.dynamoDb();
    dynamoDb.createTable(
        t ->
            t.tableName("dev.drivers")
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .keySchema(
                    KeySchemaElement.builder()
                        .attributeName("entity_id")
                        .keyType(KeyType.HASH)
                        .build())
                .attributeDefinitions(
                    AttributeDefinition.builder()
                        .attributeName("entity_id")
                        .attributeType(ScalarAttributeType.S)
                        .build()));
    dynamoDb.putItem(i -> i.tableName("dev.drivers").item(ITEM));
  }

  private static List<Map<String, AttributeValue>> scan(Sdk sdk) {
    return sdk.dynamoDb().scan(s -> s.tableName("dev.drivers")).items();
  }

  /** As where DynamoDB has capacity for a part; nothing at all is a throttled call there. */
  @Test
  void leavesHalfOfTheKeysUnprocessedWhereAFaultSaysSo() {
    createTable();
    aws.faults().add(Fault.unprocessed());
    var keys =
        List.of(
            Map.of("entity_id", AttributeValue.fromS("1001")),
            Map.of("entity_id", AttributeValue.fromS("1002")),
            Map.of("entity_id", AttributeValue.fromS("1003")));
    BatchGetItemResponse answer =
        sdk.dynamoDb()
            .batchGetItem(
                get ->
                    get.requestItems(
                        Map.of(
                            "dev.drivers",
                            KeysAndAttributes.builder().keys(keys).consistentRead(true).build())));
    assertThat(answer.responses()).isEqualTo(Map.of("dev.drivers", List.of(ITEM)));
    assertThat(answer.unprocessedKeys())
        .isEqualTo(
            Map.of(
                "dev.drivers",
                KeysAndAttributes.builder().keys(keys.subList(1, 3)).consistentRead(true).build()));
    assertThat(
            catchThrowableOfType(
                ProvisionedThroughputExceededException.class,
                () ->
                    sdk.dynamoDb()
                        .batchGetItem(
                            get ->
                                get.requestItems(
                                    Map.of(
                                        "dev.drivers",
                                        KeysAndAttributes.builder()
                                            .keys(keys.getFirst())
                                            .build())))))
        .isNotNull();
  }

  @Test
  void showsTheSameTablesToAllPrincipalsOfAnAccount() {
    createTable();
    var issued =
        sdk.sts()
            .assumeRole(
                r -> r.roleArn("arn:aws:iam::000000000000:role/feast").roleSessionName("test"))
            .credentials();
    try (Sdk other = sdk.as(AwsBasicCredentials.create("another", "key"));
        Sdk role =
            sdk.as(
                AwsSessionCredentials.create(
                    issued.accessKeyId(), issued.secretAccessKey(), issued.sessionToken()))) {
      assertThat(scan(other)).containsExactly(ITEM);
      assertThat(scan(role)).containsExactly(ITEM);
    }
  }

  @Test
  void keepsRegionsAndAccountsApart() {
    createTable();
    var issued =
        sdk.sts()
            .assumeRole(
                r -> r.roleArn("arn:aws:iam::123456789012:role/feast").roleSessionName("test"))
            .credentials();
    try (Sdk region = sdk.in("eu-west-1");
        Sdk account =
            sdk.as(
                AwsSessionCredentials.create(
                    issued.accessKeyId(), issued.secretAccessKey(), issued.sessionToken()))) {
      assertThat(region.dynamoDb().listTables().tableNames()).isEmpty();
      assertThat(account.dynamoDb().listTables().tableNames()).isEmpty();
    }
  }

  @Test
  void keepsTablesWhenItStartsAgain() throws IOException {
    createTable();
    stop();
    start();

    assertThat(scan(sdk)).containsExactly(ITEM);
  }

  @Test
  void answersErrorsAsDynamoDbDoes() {
    DynamoDbException missing = catchThrowableOfType(DynamoDbException.class, () -> scan(sdk));

    assertThat(missing.statusCode()).isEqualTo(400);
    assertThat(missing.awsErrorDetails().errorCode()).isEqualTo("ResourceNotFoundException");
    assertThat(missing.requestId()).isNotBlank();
  }

  @Test
  void answersManyAtOnce() throws Exception {
    createTable();
    DynamoDbClient dynamoDb = sdk.dynamoDb();
    var reads = new ArrayList<Future<Map<String, AttributeValue>>>();
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      for (int i = 0; i < 200; i++) {
        reads.add(
            threads.submit(
                () ->
                    dynamoDb
                        .getItem(
                            g ->
                                g.tableName("dev.drivers")
                                    .key(Map.of("entity_id", AttributeValue.fromS("1001"))))
                        .item()));
      }
    }
    for (Future<Map<String, AttributeValue>> read : reads) {
      assertThat(read.get()).isEqualTo(ITEM);
    }
  }
}
