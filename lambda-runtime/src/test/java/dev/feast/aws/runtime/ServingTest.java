package dev.feast.aws.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.feast.aws.runtime.http.Answer;
import dev.feast.aws.runtime.proto.RegistryProto;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** FEATURE_SERVER_SERVING and FEATURE_SERVER_API_KEY_SHA256, over the recorded store. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ServingTest {

  private static final JsonMapper JSON = new JsonMapper();
  private static final String ROWS = "/get-online-features";
  private static final String COLUMNS = "/v2/get-online-features";

  /** Of views with ttl: a second, 100 years, none, a second without entities. */
  private static final String LOOKUP =
      """
      {"features": ["expired:stale", "driver_hourly_stats:conv_rate", "customer_profile:age",
                    "global_stats:total_trips"],
       "entities": {"driver_id": [1001, 9999], "customer_id": ["c-1", "c-9"]}}
      """;

  private TestStore store;

  @BeforeAll
  void startStore(@TempDir Path folder) throws Exception {
    store = TestStore.start("feast-0.67", folder);
    RegistryProto.Registry.Builder registry =
        RegistryProto.Registry.parseFrom(Fixtures.bytes("feast-0.67/registry.db")).toBuilder();
    for (int i = 0; i < registry.getFeatureViewsCount(); i++) {
      RegistryProto.FeatureView view = registry.getFeatureViews(i);
      if (view.getSpec().getName().equals("global_stats")) {
        registry.setFeatureViews(
            i,
            view.toBuilder()
                .setSpec(
                    view.getSpec().toBuilder()
                        .setTtl(RegistryProto.Duration.newBuilder().setSeconds(1))));
      }
    }
    store.putRegistry(registry.build().toByteArray());
  }

  @AfterAll
  void stopStore() {
    store.close();
  }

  @ParameterizedTest
  @CsvSource({"FieldValues, field_values", "Results, results"})
  void answersInTheShapeThatIsSet(String format, String field) throws Exception {
    try (FeatureServer server = server("{\"responseFormat\":\"" + format + "\"}")) {
      assertThat(json(TestStore.post(server, ROWS, LOOKUP)).has(field)).isTrue();
      assertThat(json(TestStore.post(server, COLUMNS, LOOKUP)).has("results")).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "Serve, PRESENT, true",
    "Flag, OUTSIDE_MAX_AGE, true",
    "Withhold, OUTSIDE_MAX_AGE, false",
  })
  void treatsStaleFeaturesAsSet(String stale, String status, boolean served) throws Exception {
    try (FeatureServer server = server("{\"staleFeatures\":\"" + stale + "\"}")) {
      JsonNode rows = json(TestStore.post(server, ROWS, LOOKUP)).get("field_values");
      assertThat(rows.at("/0/statuses"))
          .isEqualTo(
              JSON.readTree(
                  """
                  {"driver_id": "PRESENT", "customer_id": "PRESENT", "stale": "%s",
                   "conv_rate": "PRESENT", "age": "PRESENT", "total_trips": "%s"}
                  """
                      .formatted(status, status)));
      assertThat(rows.at("/0/fields/conv_rate").doubleValue()).isEqualTo(0.025330161675810814);
      assertThat(rows.at("/0/fields/age").intValue()).isEqualTo(37);
      assertThat(rows.at("/0/fields").has("stale")).isEqualTo(served);
      assertThat(rows.at("/0/fields").has("total_trips")).isEqualTo(served);
      // A row that is not there has no age.
      assertThat(rows.at("/1/statuses/stale").textValue()).isEqualTo("NOT_FOUND");
      assertThat(rows.at("/1/statuses/total_trips").textValue()).isEqualTo(status);

      JsonNode columns = json(TestStore.post(server, COLUMNS, LOOKUP)).get("results");
      JsonNode column = columns.get(2);
      assertThat(column.at("/statuses/0").textValue()).isEqualTo(status);
      assertThat(column.at("/values/0").isNull()).isEqualTo(!served);
      assertThat(column.at("/event_timestamps/0").textValue()).isEqualTo("2026-11-01T12:00:00Z");
      assertThat(column.at("/statuses/1").textValue()).isEqualTo("NOT_FOUND");
    }
  }

  @Test
  void refusesMoreRowsThanAreSet() throws Exception {
    try (FeatureServer server = server("{\"maxRows\":1}")) {
      Answer answer = TestStore.post(server, ROWS, LOOKUP);
      assertThat(answer.status()).isEqualTo(413);
      assertThat(json(answer).get("code").textValue()).isEqualTo("REQUEST_TOO_LARGE");
      assertThat(json(answer).get("detail").textValue()).contains("more than 1 rows");
      assertThat(
              TestStore.post(server, ROWS, LOOKUP.replace(", 9999", "").replace(", \"c-9\"", ""))
                  .status())
          .isEqualTo(200);
    }
  }

  @Test
  void opensNoRouteWithoutAKey() throws Exception {
    // Of the key "abc".
    String digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    try (FeatureServer server = store.server(Map.of("FEATURE_SERVER_API_KEY_SHA256", digest))) {
      server.start();
      store.aws().calls().clear();
      assertThat(TestStore.post(server, ROWS, LOOKUP).status()).isEqualTo(401);
      assertThat(TestStore.post(server, COLUMNS, LOOKUP).status()).isEqualTo(401);
      assertThat(TestStore.get(server, "/health").status()).isEqualTo(401);
      assertThat(TestStore.get(server, "/health", Map.of("x-api-key", "x")).status())
          .isEqualTo(403);
      assertThat(store.aws().calls().list()).isEmpty();
      Answer health = TestStore.get(server, "/health", Map.of("x-api-key", "abc"));
      assertThat(new String(health.body(), StandardCharsets.UTF_8)).contains("loaded");
    }
  }

  private FeatureServer server(String serving) throws Exception {
    return store.server(Map.of("FEATURE_SERVER_SERVING", serving));
  }

  private static JsonNode json(Answer answer) throws IOException {
    return JSON.readTree(answer.body());
  }
}
