package dev.feast.aws.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.feast.aws.runtime.http.Answer;
import dev.feast.aws.runtime.proto.RegistryProto;
import dev.feast.aws.runtime.proto.ValueProto.Value;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whether the YAML says under which version a store's keys were written, or not. */
class StoredKeyVersionsTest {

  private static final String LOOKUP =
      """
      {"features": ["driver_hourly_stats:conv_rate"], "entities": {"driver_id": [9999, 1001]}}
      """;

  @ParameterizedTest
  @CsvSource({
    // The oldest stores hold version 1, today's 3; see fixtures/entity_keys.json.
    "documented, '', true",
    "documented, entity_key_serialization_version: 1, true",
    "documented, entity_key_serialization_version: 3, false",
    "feast-0.67, '', true",
    "feast-0.67, entity_key_serialization_version: 3, true",
    "feast-0.67, entity_key_serialization_version: 2, false",
  })
  void findsRowsUnderTheVersionOfTheStore(
      String fixture, String version, boolean found, @TempDir Path folder) throws Exception {
    try (TestStore store = TestStore.start(fixture, folder);
        FeatureServer server = server(store, fixture, version)) {
      for (int i = 0; i < 2; i++) {
        // The second lookup goes by what the first has found out.
        Answer answer = TestStore.post(server, "/get-online-features", LOOKUP);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(text(answer).contains("0.025330161675810814")).isEqualTo(found);
      }
    }
  }

  /** 60 rows under three versions are 180 keys, which no single call takes. */
  @Test
  void readsOneKeyForEachRowOnceTheVersionIsKnown(@TempDir Path folder) throws Exception {
    String sixtyRows =
        LOOKUP.replace(
            "9999",
            IntStream.range(2001, 2061)
                .mapToObj(Integer::toString)
                .collect(Collectors.joining(",")));
    try (TestStore store = TestStore.start("feast-0.67", folder);
        FeatureServer server = server(store, "feast-0.67", "")) {
      TestStore.post(server, "/get-online-features", sixtyRows);
      assertThat(batches(store)).isEqualTo(2);
      TestStore.post(server, "/get-online-features", sixtyRows);
      assertThat(batches(store)).isEqualTo(3);
    }
  }

  /** An upgraded Feast goes on in the same table; feast materialize writes the registry anew. */
  @Test
  void findsRowsOfAnotherVersionOnceTheRegistryIsNew(@TempDir Path folder) throws Exception {
    String minusOne = LOOKUP.replace("9999, 1001", "-1");
    try (TestStore store = TestStore.start("feast-0.67", folder);
        FeatureServer server =
            store.server(
                """
                registry: s3://feast-registries/dev/registry.db
                provider: aws
                online_store:
                  type: dynamodb
                  region: us-west-2
                offline_store:
                  type: file
                entity_key_serialization_version: 3
                """,
                """
                registry: {path: 's3://feast-registries/dev/registry.db', cache_ttl_seconds: 1}
                provider: aws
                online_store:
                  type: dynamodb
                  region: us-west-2
                """)) {
      assertThat(text(TestStore.post(server, "/get-online-features", LOOKUP)))
          .contains("0.025330161675810814");
      // Under version 1, see fixtures/entity_keys.json.
      store.putRow(
          "dev.driver_hourly_stats",
          "05948f8d8fe353b13c8dd402eca23059",
          Map.of("conv_rate", Value.newBuilder().setDoubleVal(0.75).build().toByteArray()));
      store.putRegistry(
          RegistryProto.Registry.parseFrom(Fixtures.bytes("feast-0.67/registry.db")).toBuilder()
              .setLastUpdated(RegistryProto.Timestamp.newBuilder().setSeconds(1))
              .build()
              .toByteArray());
      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(
              () ->
                  assertThat(text(TestStore.post(server, "/get-online-features", minusOne)))
                      .contains("0.75"));
    }
  }

  private static long batches(TestStore store) {
    return store.aws().calls().list().stream()
        .filter(call -> call.operation().equals("BatchGetItem"))
        .count();
  }

  private static FeatureServer server(TestStore store, String fixture, String version)
      throws Exception {
    return fixture.equals("documented")
        ? store.server("provider: aws", "provider: aws\n" + version)
        : store.server("entity_key_serialization_version: 3", version);
  }

  private static String text(Answer answer) {
    return new String(answer.body(), StandardCharsets.UTF_8);
  }
}
