package dev.feast.aws.localaws;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

class SeedDataTest {
  @Test
  void loadsObjectsAndItems(@TempDir Path seeds, @TempDir Path data) throws IOException {
    writeSeeds(seeds);
    try (LocalAws aws = LocalAws.builder().dataDir(data).load(seeds).start();
        Sdk sdk = new Sdk(aws.endpoint())) {
      assertThat(
              sdk.s3()
                  .getObjectAsBytes(o -> o.bucket("feast").key("registries/dev"))
                  .asUtf8String())
          .isEqualTo("registry");
      assertThat(
              sdk.in("eu-west-1")
                  .s3()
                  .getObjectAsBytes(o -> o.bucket("elsewhere").key("a"))
                  .asUtf8String())
          .isEqualTo("a");
      assertThat(sdk.dynamoDb().scan(s -> s.tableName("dev.drivers")).items())
          .hasSize(30)
          .contains(
              Map.of(
                  "entity_id",
                  AttributeValue.fromS("7"),
                  "value",
                  AttributeValue.fromB(SdkBytes.fromUtf8String("bytes"))));
    }
  }

  private static void writeSeeds(Path seeds) throws IOException {
    Files.createDirectories(seeds.resolve("s3/feast/registries"));
    Files.writeString(seeds.resolve("s3/feast/registries/dev"), "registry");
    Files.createDirectories(seeds.resolve("s3/elsewhere"));
    Files.writeString(seeds.resolve("s3/elsewhere/a"), "a");
    Files.writeString(seeds.resolve("buckets.json"), "{\"elsewhere\": \"eu-west-1\"}");
    Files.createDirectories(seeds.resolve("dynamodb"));
    var items = new StringBuilder();
    for (int i = 0; i < 30; i++) {
      items
          .append(i == 0 ? "" : ",")
          .append("{\"entity_id\":{\"S\":\"" + i + "\"},\"value\":{\"B\":\"Ynl0ZXM=\"}}");
    }
    Files.writeString(
        seeds.resolve("dynamodb/us-west-2.json"),
        """
        {"dev.drivers": {
          "KeySchema": [{"AttributeName": "entity_id", "KeyType": "HASH"}],
          "AttributeDefinitions": [{"AttributeName": "entity_id", "AttributeType": "S"}],
          "Items": [%s]}}
        """
            .formatted(items));
  }
}
