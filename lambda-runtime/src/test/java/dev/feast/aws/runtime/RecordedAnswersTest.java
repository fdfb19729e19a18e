package dev.feast.aws.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.feast.aws.runtime.Differences.Expected;
import dev.feast.aws.runtime.http.Answer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every question that was put to real Feast, over the store that real Feast wrote, in both shapes:
 * answered as recorded, or as {@link Differences} says.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RecordedAnswersTest {

  private static final JsonMapper JSON = new JsonMapper();
  private static final List<String> FIXTURES = List.of("documented", "feast-0.14", "feast-0.67");
  private static final String ROWS = "/get-online-features";
  private static final String COLUMNS = "/v2/get-online-features";

  private final Map<String, TestStore> stores = new HashMap<>();
  private final Map<String, FeatureServer> servers = new HashMap<>();

  @BeforeAll
  void startStores(@TempDir Path folder) throws Exception {
    for (String fixture : FIXTURES) {
      TestStore store = TestStore.start(fixture, folder.resolve(fixture));
      stores.put(fixture, store);
      servers.put(fixture, store.server());
    }
  }

  @AfterAll
  void stopStores() {
    servers.values().forEach(FeatureServer::close);
    stores.values().forEach(TestStore::close);
  }

  static Stream<Arguments> recorded() throws IOException {
    List<Arguments> cases = new ArrayList<>();
    for (String fixture : FIXTURES) {
      JSON.readTree(Fixtures.text(fixture + "/answers.json"))
          .properties()
          .forEach(entry -> cases.add(Arguments.of(fixture, entry.getKey(), entry.getValue())));
    }
    return cases.stream();
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("recorded")
  void answersInRows(String fixture, String name, JsonNode recorded) throws IOException {
    Answer answer = ask(fixture, ROWS, recorded);
    @Nullable Expected different = Differences.of(fixture).get(name);
    if (different instanceof Expected.Error error) {
      assertError(answer, error);
      return;
    }
    assertThat(answer.status()).as(text(answer)).isEqualTo(200);
    assertThat(json(answer).get("field_values"))
        .isEqualTo(expectedRows(different, recorded.get("response")));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("recorded")
  void answersInColumns(String fixture, String name, JsonNode recorded) throws IOException {
    Answer answer = ask(fixture, COLUMNS, recorded);
    @Nullable Expected different = Differences.of(fixture).get(name);
    if (different instanceof Expected.Error error) {
      assertError(answer, error);
      return;
    }
    assertThat(answer.status()).as(text(answer)).isEqualTo(200);
    JsonNode columns = json(answer);
    assertThat(rows(columns)).isEqualTo(expectedRows(different, recorded.get("response")));
    if (different == null && recorded.get("response").has("results")) {
      assertThat(columnsByName(columns)).isEqualTo(columnsByName(recorded.get("response")));
    }
  }

  /** Feast shuffles them. */
  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("recorded")
  void keepsTheOrderAskedFor(String fixture, String name, JsonNode recorded) throws IOException {
    Answer answer = ask(fixture, COLUMNS, recorded);
    if (answer.status() != 200 || recorded.get("request").has("feature_service")) {
      return;
    }
    List<String> features = new ArrayList<>();
    for (JsonNode reference : recorded.get("request").get("features")) {
      boolean full = recorded.get("request").path("full_feature_names").booleanValue();
      String[] parts = reference.textValue().split(":", 2);
      features.add(full ? parts[0] + "__" + parts[1] : parts[1]);
    }
    assertThat(names(json(answer)))
        .as("the join keys of the request come first")
        .endsWith(features.toArray(String[]::new));
  }

  @Test
  void keepsTheOrderThatAServiceDefines() throws IOException {
    Answer answer =
        TestStore.post(
            server("feast-0.67"),
            COLUMNS,
            """
            {"feature_service": "driver_activity",
             "entities": {"driver_id": [1001], "customer_id": ["c-1"]}}
            """);
    assertThat(names(json(answer)))
        .containsExactly("driver_id", "customer_id", "conv_rate", "avg_daily_trips", "balance");
  }

  @Test
  void writesNumbersWithTheDigitsOfFeast() throws IOException {
    JsonNode documented = JSON.readTree(Fixtures.text("documented/answers.json"));
    assertThat(text(ask("documented", ROWS, documented.get("documented"))))
        .contains("0.025330161675810814", "0.835975170135498", ":785}", "0.33832859992980957");
  }

  /** Else a row of the table would outlive its reason. */
  @Test
  void namesOnlyDifferences() throws IOException {
    for (String fixture : FIXTURES) {
      JsonNode answers = JSON.readTree(Fixtures.text(fixture + "/answers.json"));
      for (Map.Entry<String, Expected> difference : Differences.of(fixture).entrySet()) {
        JsonNode recorded = answers.get(difference.getKey());
        assertThat(recorded).as(fixture + " " + difference.getKey()).isNotNull();
        if (difference.getValue() instanceof Expected.Rows
            && recorded.get("status").intValue() == 200
            && !recorded.get("response").isEmpty()) {
          assertThat(expectedRows(difference.getValue(), recorded))
              .as(fixture + " " + difference.getKey())
              .isNotEqualTo(expectedRows(null, recorded.get("response")));
        }
      }
    }
  }

  private FeatureServer server(String fixture) {
    return Objects.requireNonNull(servers.get(fixture));
  }

  private Answer ask(String fixture, String path, JsonNode recorded) {
    return TestStore.post(server(fixture), path, recorded.get("request").toString());
  }

  private static void assertError(Answer answer, Expected.Error expected) throws IOException {
    assertThat(answer.status()).as(text(answer)).isEqualTo(expected.status());
    assertThat(json(answer).get("code").textValue()).isEqualTo(expected.code());
    assertThat(json(answer).get("detail").textValue()).contains(expected.detail());
  }

  private static JsonNode expectedRows(@Nullable Expected different, JsonNode response)
      throws IOException {
    if (different instanceof Expected.Rows written) {
      return JSON.readTree(written.rows());
    }
    return response.has("results") ? rows(response) : response.get("field_values");
  }

  /** The same answer in rows, in which what was not found is left out. */
  private static JsonNode rows(JsonNode columns) {
    List<String> names = names(columns);
    int count = names.isEmpty() ? 0 : columns.get("results").get(0).get("values").size();
    ArrayNode rows = JSON.createArrayNode();
    for (int row = 0; row < count; row++) {
      ObjectNode fields = JSON.createObjectNode();
      ObjectNode statuses = JSON.createObjectNode();
      for (int i = 0; i < names.size(); i++) {
        JsonNode column = columns.get("results").get(i);
        String status = column.get("statuses").get(row).textValue();
        statuses.put(names.get(i), status);
        if (status.equals("PRESENT")) {
          fields.set(names.get(i), column.get("values").get(row));
        } else {
          assertThat(column.get("values").get(row).isNull()).isTrue();
        }
      }
      ObjectNode object = rows.addObject();
      object.set("fields", fields);
      object.set("statuses", statuses);
    }
    return rows;
  }

  private static Map<String, JsonNode> columnsByName(JsonNode columns) {
    Map<String, JsonNode> byName = new HashMap<>();
    List<String> names = names(columns);
    for (int i = 0; i < names.size(); i++) {
      byName.put(names.get(i), columns.get("results").get(i));
    }
    return byName;
  }

  private static List<String> names(JsonNode columns) {
    List<String> names = new ArrayList<>();
    columns.get("metadata").get("feature_names").forEach(name -> names.add(name.textValue()));
    assertThat(columns.get("results").size()).isEqualTo(names.size());
    return names;
  }

  private static JsonNode json(Answer answer) throws IOException {
    return JSON.readTree(answer.body());
  }

  private static String text(Answer answer) {
    return new String(answer.body(), StandardCharsets.UTF_8);
  }
}
