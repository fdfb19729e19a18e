package dev.feast.aws.localaws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.feast.aws.localaws.dynamodb.DynamoDbService;
import dev.feast.aws.localaws.http.Body;
import dev.feast.aws.localaws.http.Response;
import dev.feast.aws.localaws.s3.S3Service;
import dev.feast.aws.localaws.spi.Caller;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Puts buckets, objects, tables and items into account 000000000000 from a folder:
 *
 * <ul>
 *   <li>{@code s3/<bucket>/<key…>}: each file an object; its bucket is made where it is missing
 *   <li>{@code buckets.json}: {@code {"<bucket>": "<region>"}}; a bucket that it does not name is
 *       in us-west-2
 *   <li>{@code dynamodb/<region>.json}: {@code {"<table>": {"KeySchema": […],
 *       "AttributeDefinitions": […], "Items": […]}}} in DynamoDB's JSON; a table is made where it
 *       is missing
 * </ul>
 *
 * <p>What is there under the same name is replaced, so the same folder may be loaded again.
 */
final class SeedData {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String DEFAULT_REGION = "us-west-2";

  /** Of BatchWriteItem. */
  private static final int MAX_BATCH = 25;

  private final S3Service s3;
  private final DynamoDbService dynamoDb;

  SeedData(S3Service s3, DynamoDbService dynamoDb) {
    this.s3 = s3;
    this.dynamoDb = dynamoDb;
  }

  /**
   * Loads a folder.
   *
   * @throws IOException naming the file that cannot be loaded
   */
  void load(Path folder) throws IOException {
    Path objects = folder.resolve("s3");
    Path tables = folder.resolve("dynamodb");
    if (!Files.isDirectory(objects) && !Files.isDirectory(tables)) {
      throw new IOException(
          "There is nothing to load in " + folder + ": it has neither a folder s3 nor dynamodb");
    }
    for (Path bucket : children(objects)) {
      loadBucket(bucket, region(folder.resolve("buckets.json"), bucket.getFileName().toString()));
    }
    for (Path file : children(tables)) {
      String name = file.getFileName().toString();
      if (!name.endsWith(".json")) {
        throw new IOException(file + " is not a <region>.json");
      }
      loadTables(file, name.substring(0, name.length() - ".json".length()));
    }
  }

  private void loadBucket(Path folder, String region) throws IOException {
    String bucket = folder.getFileName().toString();
    s3.ensureBucket(bucket, region, Caller.ROOT_ACCOUNT);
    try (Stream<Path> tree = Files.walk(folder)) {
      for (Path file : tree.filter(Files::isRegularFile).sorted().toList()) {
        String key = folder.relativize(file).toString().replace('\\', '/');
        s3.load(bucket, key, file);
      }
    }
  }

  private static String region(Path regions, String bucket) throws IOException {
    return Files.exists(regions)
        ? JSON.readTree(regions.toFile()).path(bucket).asText(DEFAULT_REGION)
        : DEFAULT_REGION;
  }

  private void loadTables(Path file, String region) throws IOException {
    for (var table : JSON.readTree(file.toFile()).properties()) {
      ObjectNode create = JSON.createObjectNode().put("TableName", table.getKey());
      create.set("KeySchema", table.getValue().path("KeySchema"));
      create.set("AttributeDefinitions", table.getValue().path("AttributeDefinitions"));
      create.put("BillingMode", "PAY_PER_REQUEST");
      Response created = call("CreateTable", region, create);
      if (created.status() != 200 && !text(created).contains("ResourceInUseException")) {
        throw new IOException(
            "Table " + table.getKey() + " of " + file + " cannot be made: " + text(created));
      }
      loadItems(table.getKey(), table.getValue().path("Items"), region, file);
    }
  }

  private void loadItems(String table, JsonNode items, String region, Path file)
      throws IOException {
    for (int first = 0; first < items.size(); first += MAX_BATCH) {
      ArrayNode batch = JSON.createArrayNode();
      for (int i = first; i < Math.min(items.size(), first + MAX_BATCH); i++) {
        batch.addObject().putObject("PutRequest").set("Item", items.get(i));
      }
      ObjectNode request = JSON.createObjectNode();
      request.putObject("RequestItems").set(table, batch);
      Response written = call("BatchWriteItem", region, request);
      if (written.status() != 200 || !unprocessed(written).isEmpty()) {
        throw new IOException(
            "Items of table " + table + " in " + file + " cannot be written: " + text(written));
      }
    }
  }

  private Response call(String operation, String region, JsonNode request) throws IOException {
    return dynamoDb.call(
        "DynamoDB_20120810." + operation,
        Caller.ROOT_ACCOUNT,
        region,
        "application/x-amz-json-1.0",
        JSON.writeValueAsBytes(request));
  }

  private static JsonNode unprocessed(Response response) throws IOException {
    return JSON.readTree(text(response)).path("UnprocessedItems");
  }

  private static String text(Response response) {
    return response.body() instanceof Body.Bytes(byte[] bytes)
        ? new String(bytes, StandardCharsets.UTF_8)
        : "";
  }

  private static List<Path> children(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> children = Files.list(folder)) {
      return children.sorted().toList();
    }
  }
}
