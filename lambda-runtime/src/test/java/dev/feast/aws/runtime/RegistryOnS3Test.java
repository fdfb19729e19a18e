package dev.feast.aws.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.feast.aws.localaws.control.Call;
import dev.feast.aws.localaws.control.Fault;
import dev.feast.aws.runtime.http.Answer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** The registry's bucket in whatever region, and all that S3 can say instead of sending it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class RegistryOnS3Test {

  private static final JsonMapper JSON = new JsonMapper();
  private static final String REGISTRY_LINE = "registry: s3://feast-registries/dev/registry.db";
  private static final String ELSEWHERE = "registry: s3://bucket-elsewhere/secret-key.db";

  private TestStore store;

  @BeforeAll
  void startStore(@TempDir Path folder) throws Exception {
    store = TestStore.start("feast-0.67", folder);
    try (S3Client s3 = store.s3(Region.EU_WEST_1)) {
      s3.createBucket(
          create ->
              create
                  .bucket("bucket-elsewhere")
                  .createBucketConfiguration(where -> where.locationConstraint("eu-west-1")));
      s3.putObject(
          put -> put.bucket("bucket-elsewhere").key("secret-key.db"),
          RequestBody.fromBytes(Fixtures.bytes("feast-0.67/registry.db")));
    }
  }

  @BeforeEach
  void clear() {
    store.aws().faults().clear();
    store.aws().calls().clear();
  }

  @AfterAll
  void stopStore() {
    store.close();
  }

  /** us-east-1 answers as the global endpoint does, with 400; the others redirect, with 301. */
  @ParameterizedTest
  @ValueSource(strings = {"us-west-2", "us-east-1", "eu-west-1"})
  void readsARegistryInAnotherRegion(String functionRegion) throws Exception {
    Region region = Region.of(functionRegion);
    try (FeatureServer server = store.server(region, REGISTRY_LINE, ELSEWHERE)) {
      assertThat(registry(server).get("state").textValue()).isEqualTo("loaded");
      assertThat(calls()).hasSize(region.equals(Region.EU_WEST_1) ? 1 : 2);
    }
  }

  /** Only the first look costs the way round. */
  @Test
  void staysInTheRegionThatItFound() throws Exception {
    try (FeatureServer server =
        store.server(
            Region.US_WEST_2,
            REGISTRY_LINE,
            "registry: {path: 's3://bucket-elsewhere/secret-key.db', cache_ttl_seconds: 1}")) {
      assertThat(registry(server).get("state").textValue()).isEqualTo("loaded");
      await().until(() -> registry(server) != null && calls().size() == 3);
      assertThat(calls())
          .extracting(Call::region)
          .containsExactly("us-west-2", "eu-west-1", "eu-west-1");
      assertThat(calls()).extracting(Call::status).containsExactly(301, 200, 304);
    }
  }

  /** Some of S3's refusals do not carry the region: then S3 is asked where the bucket is. */
  @ParameterizedTest
  @CsvSource({
    "301, PermanentRedirect",
    "400, AuthorizationHeaderMalformed",
    "400, IllegalLocationConstraintException",
  })
  void asksForTheRegionWhereS3DoesNotSayIt(int status, String code) throws Exception {
    store.aws().faults().add(Fault.error("s3", "GetObject", status, code, "elsewhere").times(1));
    try (FeatureServer server = store.server(Region.US_WEST_2, REGISTRY_LINE, ELSEWHERE)) {
      assertThat(registry(server).get("state").textValue()).isEqualTo("loaded");
      assertThat(calls())
          .extracting(Call::operation)
          .containsExactly("GetObject", "HeadBucket", "GetObject");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "400, ExpiredToken, ExpiredToken",
    "400, InvalidBucketName, InvalidBucketName",
    "400, AuthorizationHeaderMalformed, AuthorizationHeaderMalformed",
    "301, PermanentRedirect, OtherRegion",
    "403, AccessDenied, AccessDenied",
    "403, InvalidAccessKeyId, InvalidAccessKeyId",
    "404, NoSuchKey, NotFound",
    "404, NoSuchBucket, BucketNotFound",
    "418, Teapot, Teapot",
  })
  void givesEachRefusalItsReason(int status, String code, String reason) throws Exception {
    store
        .aws()
        .faults()
        .add(
            Fault.error("s3", "GetObject", status, code, "about feast-registries/dev/registry.db"));
    try (FeatureServer server = store.server()) {
      JsonNode registry = registry(server);
      assertThat(registry.get("state").textValue()).isEqualTo("unavailable");
      assertThat(registry.get("reason").textValue()).isEqualTo(reason);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "registry: s3://no-such-bucket/secret-key.db, BucketNotFound",
    "registry: s3://bucket-elsewhere/no-secret-key.db, NotFound",
    "registry: s3://No_Bucket/secret-key.db, BucketNotFound",
  })
  void tellsAMissingBucketFromAMissingRegistry(String registryLine, String reason)
      throws Exception {
    try (FeatureServer server = store.server(Region.US_WEST_2, REGISTRY_LINE, registryLine)) {
      assertThat(registry(server).get("reason").textValue()).isEqualTo(reason);
    }
  }

  private List<Call> calls() {
    return store.aws().calls().list().stream().filter(call -> call.service().equals("s3")).toList();
  }

  /** The registry in /health, which names neither bucket nor key nor table, whatever happened. */
  private static JsonNode registry(FeatureServer server) throws Exception {
    Answer answer = TestStore.get(server, "/health");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(new String(answer.body(), StandardCharsets.UTF_8))
        .doesNotContain(
            "bucket-elsewhere", "secret-key", "feast-registries", "registry.db", "dev.");
    return JSON.readTree(answer.body()).get("registry");
  }
}
