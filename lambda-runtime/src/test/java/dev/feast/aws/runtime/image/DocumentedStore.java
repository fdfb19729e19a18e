package dev.feast.aws.runtime.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.feast.aws.localaws.LocalAws;
import dev.feast.aws.runtime.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;

/**
 * The feature store of Feast's documentation in a local-aws of its own, and the documented request.
 */
public final class DocumentedStore implements AutoCloseable {
  private static final String REGION = "us-west-2";

  private final LocalAws aws;

  private DocumentedStore(LocalAws aws) {
    this.aws = aws;
  }

  public static DocumentedStore open(Path folder) throws IOException {
    Path seed = folder.resolve("seed");
    write(seed.resolve("s3/feast/registries/dev"), "documented/registry.db");
    write(seed.resolve("dynamodb").resolve(REGION + ".json"), "documented/dynamodb.json");
    return new DocumentedStore(
        LocalAws.builder().dataDir(folder.resolve("data")).load(seed).start());
  }

  /** As the operator and Lambda set it. */
  public Map<String, String> environment() {
    return Map.of(
        "AWS_ENDPOINT_URL", aws.endpoint().toString(),
        "AWS_ACCESS_KEY_ID", "documented",
        "AWS_SECRET_ACCESS_KEY", "documented",
        "AWS_SESSION_TOKEN", "documented",
        "AWS_REGION", REGION,
        "AWS_DEFAULT_REGION", REGION,
        "AWS_LAMBDA_FUNCTION_NAME", "feast-documented",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "1769",
        "FEATURE_STORE_YAML_BASE64",
            Base64.getEncoder().encodeToString(Fixtures.bytes("documented/feature_store.yaml")));
  }

  /** The documented request, as API Gateway passes on what {@code curl -d} sends. */
  public byte[] event() throws IOException {
    return GatewayEvent.postBase64("/get-online-features", requestBody());
  }

  public String requestBody() throws IOException {
    JsonNode recorded = new ObjectMapper().readTree(Fixtures.bytes("documented/answers.json"));
    return recorded.at("/documented/request").toString();
  }

  public boolean isDocumented(String answer) {
    return answer.contains("0.025330161675810814");
  }

  @Override
  public void close() {
    aws.close();
  }

  private static void write(Path file, String fixture) throws IOException {
    Files.createDirectories(file.getParent());
    Files.write(file, Fixtures.bytes(fixture));
  }
}
