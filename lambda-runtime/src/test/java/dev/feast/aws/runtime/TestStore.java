package dev.feast.aws.runtime;

import dev.feast.aws.localaws.LocalAws;
import dev.feast.aws.runtime.config.ApiKeys;
import dev.feast.aws.runtime.config.ConfigException;
import dev.feast.aws.runtime.config.FeatureStoreConfig;
import dev.feast.aws.runtime.config.FeatureStoreYaml;
import dev.feast.aws.runtime.config.ServingConfig;
import dev.feast.aws.runtime.http.Answer;
import dev.feast.aws.runtime.http.Deadline;
import dev.feast.aws.runtime.http.Handler;
import dev.feast.aws.runtime.http.Request;
import dev.feast.aws.runtime.registry.S3RegistryObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.s3.S3Client;

/** A store that real Feast wrote, in local-aws. */
final class TestStore implements AutoCloseable {

  private static final StaticCredentialsProvider CREDENTIALS =
      StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test"));

  private final String fixture;
  private final FeatureStoreConfig config;
  private final LocalAws aws;

  private TestStore(String fixture, FeatureStoreConfig config, LocalAws aws) {
    this.fixture = fixture;
    this.config = config;
    this.aws = aws;
  }

  /**
   * @param fixture a folder of fixtures
   * @param folder an empty one for what local-aws loads
   */
  static TestStore start(String fixture, Path folder) throws IOException, ConfigException {
    return start(fixture, folder, aws -> aws);
  }

  /** In an AWS that is otherwise than by default. */
  static TestStore start(String fixture, Path folder, UnaryOperator<LocalAws.Builder> other)
      throws IOException, ConfigException {
    FeatureStoreConfig config = config(fixture);
    Path registry =
        folder.resolve("s3").resolve(config.registry().bucket()).resolve(config.registry().key());
    Files.createDirectories(registry.getParent());
    Files.write(registry, Fixtures.bytes(fixture + "/registry.db"));
    Path tables = folder.resolve("dynamodb").resolve(config.onlineStore().region() + ".json");
    Files.createDirectories(tables.getParent());
    Files.write(tables, Fixtures.bytes(fixture + "/dynamodb.json"));
    return new TestStore(fixture, config, other.apply(LocalAws.builder().load(folder)).start());
  }

  static FeatureStoreConfig config(String fixture) throws ConfigException {
    return FeatureStoreYaml.parse(yaml(fixture), Map.of());
  }

  static String yaml(String fixture) {
    return Fixtures.text(fixture + "/feature_store.yaml");
  }

  LocalAws aws() {
    return aws;
  }

  /** A server with the fixture's feature_store.yaml. */
  FeatureServer server() {
    return server(config, Region.US_WEST_2);
  }

  /** A server in another region than most of what is here. */
  FeatureServer server(Region region, String from, String to) throws ConfigException {
    return server(FeatureStoreYaml.parse(yaml(fixture).replace(from, to), Map.of()), region);
  }

  /** A server with these environment variables. */
  FeatureServer server(Map<String, String> environment) throws ConfigException {
    return new FeatureServer(
        config,
        ServingConfig.of(environment),
        ApiKeys.of(environment).orElse(null),
        () -> dynamoDb(config.onlineStore().region()),
        registryObject(config, Region.US_WEST_2));
  }

  /** A server whose feature_store.yaml has this besides, or instead. */
  FeatureServer server(String from, String to) throws ConfigException {
    return server(Region.US_WEST_2, from, to);
  }

  private FeatureServer server(FeatureStoreConfig config, Region region) {
    return new FeatureServer(
        config,
        ServingConfig.DEFAULT,
        null,
        () -> dynamoDb(config.onlineStore().region()),
        registryObject(config, region));
  }

  /** With the settings of production, retries among them. */
  DynamoDbClient dynamoDb(String region) {
    return AwsClients.dynamoDb(
        DynamoDbClient.builder()
            .credentialsProvider(CREDENTIALS)
            .endpointOverride(aws.endpoint())
            .region(Region.of(region)));
  }

  /**
   * @param region where it is looked for first
   */
  private S3RegistryObject registryObject(FeatureStoreConfig config, Region region) {
    return new S3RegistryObject(
        this::s3, region, config.registry().bucket(), config.registry().key());
  }

  S3Client s3() {
    return s3(Region.US_WEST_2);
  }

  S3Client s3(Region region) {
    return AwsClients.s3(
        S3Client.builder()
            .credentialsProvider(CREDENTIALS)
            .endpointOverride(aws.endpoint())
            .forcePathStyle(true)
            .region(region));
  }

  void putRegistry(byte[] bytes) {
    try (S3Client s3 = s3()) {
      s3.putObject(
          put -> put.bucket(config.registry().bucket()).key(config.registry().key()),
          RequestBody.fromBytes(bytes));
    }
  }

  void deleteRegistry() {
    try (S3Client s3 = s3()) {
      s3.deleteObject(
          delete -> delete.bucket(config.registry().bucket()).key(config.registry().key()));
    }
  }

  /**
   * A row as Feast lays it out, in a table that is made where it is not there.
   *
   * @param values feature to serialized Value
   */
  void putRow(String table, String entityId, Map<String, byte[]> values) {
    try (DynamoDbClient dynamoDb = dynamoDb(config.onlineStore().region())) {
      if (!dynamoDb.listTables().tableNames().contains(table)) {
        dynamoDb.createTable(
            create ->
                create
                    .tableName(table)
                    .billingMode(BillingMode.PAY_PER_REQUEST)
                    .keySchema(key -> key.attributeName("entity_id").keyType(KeyType.HASH))
                    .attributeDefinitions(
                        key -> key.attributeName("entity_id").attributeType("S")));
      }
      var features = new HashMap<String, AttributeValue>();
      values.forEach(
          (name, value) -> features.put(name, AttributeValue.fromB(SdkBytes.fromByteArray(value))));
      dynamoDb.putItem(
          put ->
              put.tableName(table)
                  .item(
                      Map.of(
                          "entity_id",
                          AttributeValue.fromS(entityId),
                          "event_ts",
                          AttributeValue.fromS("2026-11-01 12:00:00+00:00"),
                          "values",
                          AttributeValue.fromM(features))));
    }
  }

  static Answer post(Handler server, String path, String body) {
    return post(server, path, body, Duration.ofSeconds(20));
  }

  static Answer post(Handler server, String path, String body, Duration patience) {
    return server.handle(
        new Request(
            "POST", path, Map.of(), body.getBytes(StandardCharsets.UTF_8), Deadline.in(patience)));
  }

  static Answer get(Handler server, String path, Duration patience) {
    return server.handle(new Request("GET", path, Map.of(), new byte[0], Deadline.in(patience)));
  }

  static Answer get(Handler server, String path) {
    return get(server, path, Map.of());
  }

  static Answer get(Handler server, String path, Map<String, String> headers) {
    return server.handle(
        new Request("GET", path, headers, new byte[0], Deadline.in(Duration.ofSeconds(20))));
  }

  @Override
  public void close() {
    aws.close();
  }
}
