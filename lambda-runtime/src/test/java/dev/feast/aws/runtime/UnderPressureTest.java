package dev.feast.aws.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.protobuf.ByteString;
import dev.feast.aws.localaws.control.Fault;
import dev.feast.aws.runtime.http.Answer;
import dev.feast.aws.runtime.proto.RegistryProto;
import dev.feast.aws.runtime.proto.ValueProto.Value;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes wrong around the feature server: DynamoDB, and the registry on S3. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class UnderPressureTest {

  private static final JsonMapper JSON = new JsonMapper();
  private static final String PATH = "/get-online-features";
  private static final String LOOKUP =
      """
      {"features": ["driver_hourly_stats:conv_rate"], "entities": {"driver_id": [1001, 9999]}}
      """;
  private static final byte[] REGISTRY = Fixtures.bytes("feast-0.67/registry.db");

  /** Looks for a newer registry with each request that is a second after the last. */
  private static final String SHORT_TTL =
      "registry: {path: 's3://feast-registries/dev/registry.db', cache_ttl_seconds: 1}";

  private static final String REGISTRY_LINE = "registry: s3://feast-registries/dev/registry.db";

  private TestStore store;
  private FeatureServer server;

  @BeforeAll
  void startStore(@TempDir Path folder) throws Exception {
    store = TestStore.start("feast-0.67", folder);
  }

  @AfterAll
  void stopStore() {
    store.close();
  }

  @BeforeEach
  void startServer() throws Exception {
    store.putRegistry(REGISTRY);
    server = store.server(REGISTRY_LINE, SHORT_TTL);
    server.start();
  }

  @AfterEach
  void stopServer() {
    store.aws().faults().clear();
    server.close();
  }

  @Test
  void waitsOutThrottling() throws IOException {
    store.aws().faults().add(Fault.throttle("dynamodb", "BatchGetItem").times(3));
    assertFound(TestStore.post(server, PATH, LOOKUP));
  }

  @Test
  void triesAgainWhenTheConnectionIsCut() throws IOException {
    store.aws().faults().add(Fault.cut("dynamodb", "BatchGetItem").times(2));
    assertFound(TestStore.post(server, PATH, LOOKUP));
  }

  @Test
  void triesAgainWhenDynamoDbFails() throws IOException {
    store
        .aws()
        .faults()
        .add(Fault.error("dynamodb", "BatchGetItem", 500, "InternalServerError", "x").times(2));
    assertFound(TestStore.post(server, PATH, LOOKUP));
  }

  @Test
  void saysToTryAgainWhereThrottlingLastsUntilTheTimeIsUp() throws IOException {
    store.aws().faults().add(Fault.throttle("dynamodb", "BatchGetItem"));
    Instant start = Instant.now();
    Answer answer = TestStore.post(server, PATH, LOOKUP, Duration.ofSeconds(2));
    assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(2));
    assertError(answer, 503, "ONLINE_STORE_THROTTLED");
    assertThat(answer.headers()).containsKey("retry-after");
    assertThat(text(answer)).doesNotContain("NOT_FOUND", "dev.driver_hourly_stats");
  }

  @Test
  void answersBeforeTheTimeIsUpWhereDynamoDbHangs() throws IOException {
    store
        .aws()
        .faults()
        .add(Fault.delay("dynamodb", "BatchGetItem", Duration.ofSeconds(8)).times(1));
    Instant start = Instant.now();
    Answer answer = TestStore.post(server, PATH, LOOKUP, Duration.ofSeconds(2));
    assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(2));
    assertError(answer, 503, "ONLINE_STORE_UNREACHABLE");
    assertThat(answer.headers()).containsKey("retry-after");
  }

  /** DynamoDB answers a part where its capacity or 16 MB are used up. */
  @Test
  void asksAgainForWhatDynamoDbLeftUnprocessed() throws IOException {
    store.aws().faults().add(Fault.unprocessed().times(3));
    Answer answer =
        TestStore.post(
            server,
            PATH,
            """
            {"features": ["driver_hourly_stats:conv_rate", "trips:count", "expired:stale"],
             "entities": {"driver_id": [1001, 1002, 1003, 1001],
                          "customer_id": ["c-1", "c-9", "c-9", "c-1"]}}
            """);
    JsonNode rows = json(answer).get("field_values");
    for (int row = 0; row < 4; row++) {
      assertThat(rows.get(row).at("/statuses/conv_rate").textValue()).isEqualTo("PRESENT");
    }
    assertThat(rows.get(3)).isEqualTo(rows.get(0));
    assertThat(rows.at("/0/statuses/count").textValue()).isEqualTo("PRESENT");
    assertThat(rows.at("/0/statuses/stale").textValue()).isEqualTo("PRESENT");
    assertThat(store.aws().faults().list()).isEmpty();
  }

  @Test
  void saysToTryAgainWhereKeysStayUnprocessedUntilTheTimeIsUp() throws IOException {
    store.aws().faults().add(Fault.unprocessed());
    Answer answer = TestStore.post(server, PATH, LOOKUP, Duration.ofSeconds(2));
    assertError(answer, 503, "ONLINE_STORE_THROTTLED");
    assertThat(answer.headers()).containsKey("retry-after");
    assertThat(text(answer)).doesNotContain("NOT_FOUND");
  }

  @Test
  void saysThatTheStoreRefusesAndNamesNoTable() throws IOException {
    store
        .aws()
        .faults()
        .add(
            Fault.error(
                "dynamodb",
                "BatchGetItem",
                400,
                "AccessDeniedException",
                "not authorized on table/dev.driver_hourly_stats"));
    Answer answer = TestStore.post(server, PATH, LOOKUP);
    assertError(answer, 503, "ONLINE_STORE_REFUSED");
    assertThat(answer.headers()).doesNotContainKey("retry-after");
    assertThat(text(answer)).doesNotContain("dev.driver_hourly_stats");
  }

  @Test
  void readsEachRowOnceInOneCall() throws IOException {
    TestStore.post(server, PATH, LOOKUP);
    store.aws().calls().clear();
    String ids =
        IntStream.range(0, 3000)
            .mapToObj(i -> Integer.toString(1001 + i % 50))
            .collect(Collectors.joining(","));
    Answer answer =
        TestStore.post(
            server,
            PATH,
            """
            {"features": ["driver_hourly_stats:conv_rate", "expired:stale"],
             "entities": {"driver_id": [%s]}}
            """
                .formatted(ids));
    assertThat(json(answer).get("field_values")).hasSize(3000);
    assertThat(calls("BatchGetItem")).isEqualTo(1);
  }

  @Test
  void readsTenThousandRows() throws IOException {
    String ids =
        IntStream.range(1001, 11_001).mapToObj(Integer::toString).collect(Collectors.joining(","));
    Answer answer =
        TestStore.post(
            server,
            PATH,
            """
            {"features": ["driver_hourly_stats:conv_rate"], "entities": {"driver_id": [%s]}}
            """
                .formatted(ids));
    JsonNode rows = json(answer).get("field_values");
    assertThat(rows).hasSize(10_000);
    assertThat(rows.get(0).at("/fields/conv_rate").doubleValue()).isEqualTo(0.025330161675810814);
    assertThat(rows.get(9_999).at("/statuses/conv_rate").textValue()).isEqualTo("NOT_FOUND");
  }

  /** One row, read once; the answer would have 4 GB. */
  @ParameterizedTest
  @ValueSource(strings = {"/get-online-features", "/v2/get-online-features"})
  void refusesAnAnswerPastSixMegabytesWhileItIsWritten(String path) throws IOException {
    store.putRow(
        "dev.customer_profile",
        // customer_id "Zoë ☃" under version 3, see fixtures/entity_keys.json.
        "cd49209915af53e8bb71e929b7420ecf",
        Map.of(
            "avatar",
            Value.newBuilder()
                .setBytesVal(ByteString.copyFrom(new byte[300_000]))
                .build()
                .toByteArray()));
    Answer answer =
        TestStore.post(
            server,
            path,
            """
            {"features": ["customer_profile:avatar"], "entities": {"customer_id": [%s]}}
            """
                .formatted("\"Zoë ☃\",".repeat(9_999) + "\"Zoë ☃\""));
    assertError(answer, 413, "RESPONSE_TOO_LARGE");
    assertThat(json(answer).get("detail").textValue()).contains("6291456 bytes");
  }

  @Test
  void servesAReplacedRegistry() throws Exception {
    assertThat(health().at("/registry/featureViews").intValue()).isEqualTo(7);
    RegistryProto.Registry whole = RegistryProto.Registry.parseFrom(REGISTRY);
    store.putRegistry(
        whole.toBuilder()
            .clearFeatureViews()
            .addFeatureViews(whole.getFeatureViews(0))
            .build()
            .toByteArray());
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () -> assertThat(health().at("/registry/featureViews").intValue()).isEqualTo(1));
    assertThat(health().at("/registry/state").textValue()).isEqualTo("loaded");
  }

  @Test
  void servesTheLastGoodRegistryWhereItIsTruncated() throws Exception {
    store.putRegistry(Arrays.copyOf(REGISTRY, REGISTRY.length / 2));
    awaitRegistry("stale", "Corrupt");
    assertFound(TestStore.post(server, PATH, LOOKUP));
    store.putRegistry(REGISTRY);
    awaitRegistry("loaded", null);
  }

  @Test
  void servesTheLastGoodRegistryWhereItIsDeleted() throws Exception {
    store.deleteRegistry();
    awaitRegistry("stale", "NotFound");
    assertThat(health().at("/status").textValue()).isEqualTo("degraded");
    assertThat(health().toString()).doesNotContain("feast-registries", "registry.db");
    assertFound(TestStore.post(server, PATH, LOOKUP));
  }

  @Test
  void servesTheLastGoodRegistryWhereS3Refuses() throws Exception {
    store.aws().faults().add(Fault.error("s3", "GetObject", 403, "AccessDenied", "Access Denied"));
    awaitRegistry("stale", "AccessDenied");
    assertFound(TestStore.post(server, PATH, LOOKUP));
  }

  /** Whoever happens to look for a newer one gives it a part of its time. */
  @Test
  void answersBeforeTheTimeIsUpWhereS3HangsOverANewerRegistry() {
    store.aws().faults().add(Fault.delay("s3", "GetObject", Duration.ofSeconds(20)));
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () -> {
              Instant start = Instant.now();
              Answer answer = TestStore.get(server, "/health", Duration.ofSeconds(3));
              assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(2));
              JsonNode registry = json(answer).get("registry");
              assertThat(registry.get("state").textValue()).isEqualTo("stale");
              assertThat(registry.get("reason").textValue()).isEqualTo("Unreachable");
            });
    assertThat(TestStore.post(server, PATH, LOOKUP, Duration.ofSeconds(3)).status()).isEqualTo(200);
  }

  @Test
  void answersBeforeTheTimeIsUpWhereS3HangsOverTheFirstRegistry() throws Exception {
    store.aws().faults().add(Fault.delay("s3", "GetObject", Duration.ofSeconds(20)));
    try (FeatureServer early = store.server()) {
      Instant start = Instant.now();
      Answer answer = TestStore.post(early, PATH, LOOKUP, Duration.ofSeconds(2));
      assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(2));
      assertError(answer, 503, "REGISTRY_UNAVAILABLE");
      assertThat(answer.headers()).containsKey("retry-after");
    }
  }

  /** Lambda ends an initialization after ten seconds. */
  @Test
  void startsWithoutTheRegistryWhereS3Hangs() throws Exception {
    store.aws().faults().add(Fault.delay("s3", "GetObject", Duration.ofSeconds(20)));
    try (FeatureServer hanging = store.server()) {
      Instant start = Instant.now();
      hanging.start();
      assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(5));
    }
  }

  @Test
  void findsTheFirstRegistryWithoutARestart() throws Exception {
    store.deleteRegistry();
    try (FeatureServer early = store.server()) {
      early.start();
      Answer answer = TestStore.post(early, PATH, LOOKUP);
      assertError(answer, 503, "REGISTRY_UNAVAILABLE");
      assertThat(json(answer).get("detail").textValue()).contains("NotFound", "feast apply");
      assertThat(answer.headers()).containsKey("retry-after");
      JsonNode health = json(TestStore.get(early, "/health"));
      assertThat(health.at("/registry/state").textValue()).isEqualTo("unavailable");
      assertThat(health.at("/registry/reason").textValue()).isEqualTo("NotFound");

      store.putRegistry(REGISTRY);
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> TestStore.post(early, PATH, LOOKUP).status() == 200);
    }
  }

  private void awaitRegistry(String state, @Nullable String reason) {
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () -> {
              JsonNode registry = health().get("registry");
              assertThat(registry.get("state").textValue()).isEqualTo(state);
              assertThat(registry.path("reason").textValue()).isEqualTo(reason);
            });
  }

  private JsonNode health() throws IOException {
    Answer answer = TestStore.get(server, "/health");
    assertThat(answer.status()).isEqualTo(200);
    return json(answer);
  }

  private long calls(String operation) {
    return store.aws().calls().list().stream()
        .filter(call -> call.operation().equals(operation))
        .count();
  }

  private static void assertFound(Answer answer) throws IOException {
    assertThat(answer.status()).as(text(answer)).isEqualTo(200);
    JsonNode rows = json(answer).get("field_values");
    assertThat(rows.get(0).at("/fields/conv_rate").doubleValue()).isEqualTo(0.025330161675810814);
    assertThat(rows.get(1).at("/statuses/conv_rate").textValue()).isEqualTo("NOT_FOUND");
  }

  private static void assertError(Answer answer, int status, String code) throws IOException {
    assertThat(answer.status()).as(text(answer)).isEqualTo(status);
    assertThat(json(answer).get("code").textValue()).isEqualTo(code);
  }

  private static JsonNode json(Answer answer) throws IOException {
    return JSON.readTree(answer.body());
  }

  private static String text(Answer answer) {
    return new String(answer.body(), StandardCharsets.UTF_8);
  }
}
