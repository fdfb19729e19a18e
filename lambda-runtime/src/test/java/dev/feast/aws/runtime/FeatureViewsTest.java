package dev.feast.aws.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.feast.aws.runtime.http.Answer;
import dev.feast.aws.runtime.proto.RegistryProto;
import dev.feast.aws.runtime.proto.RegistryProto.FeatureSpec;
import dev.feast.aws.runtime.proto.RegistryProto.FeatureView;
import dev.feast.aws.runtime.proto.RegistryProto.FeatureViewProjection;
import dev.feast.aws.runtime.proto.RegistryProto.FeatureViewVersionRecord;
import dev.feast.aws.runtime.proto.ValueProto.Value;
import dev.feast.aws.runtime.proto.ValueProto.ValueType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a registry can hold besides the views that were recorded: the registry of the recordings,
 * with more in it, over tables that are laid out as Feast lays them out.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FeatureViewsTest {

  private static final JsonMapper JSON = new JsonMapper();
  private static final String ROWS = "/get-online-features";
  private static final byte[] REGISTRY = Fixtures.bytes("feast-0.67/registry.db");
  private static final String REGISTRY_LINE = "registry: s3://feast-registries/dev/registry.db";
  private static final String VERSIONING =
      "registry: {path: 's3://feast-registries/dev/registry.db',"
          + " enable_online_feature_view_versioning: true}";

  /** driver_id 1001 under version 3, see fixtures/entity_keys.json and the recorded items. */
  private static final String DRIVER_1001 = "f3cfd4a822f245b63975464763babaec";

  private TestStore store;

  @BeforeAll
  void startStore(@TempDir Path folder) throws Exception {
    store = TestStore.start("feast-0.67", folder);
    store.putRow("dev.clicks", DRIVER_1001, Map.of("count", int64(7)));
    store.putRow("dev.driver_hourly_stats_v2", DRIVER_1001, Map.of("conv_rate", int64(2)));
    store.putRow("dev.driver_hourly_stats_v1", DRIVER_1001, Map.of("old_rate", int64(1)));
  }

  @AfterEach
  void restoreRegistry() {
    store.putRegistry(REGISTRY);
  }

  @AfterAll
  void stopStore() {
    store.close();
  }

  @Test
  void servesStreamFeatureViews() throws Exception {
    putRegistry(
        registry ->
            registry.addStreamFeatureViews(
                RegistryProto.StreamFeatureView.newBuilder()
                    .setSpec(
                        RegistryProto.StreamFeatureViewSpec.newBuilder()
                            .setName("clicks")
                            .setProject("dev")
                            .addEntities("driver")
                            .addEntityColumns(column("driver_id", ValueType.Enum.INT64))
                            .addFeatures(column("count", ValueType.Enum.INT64)))));
    assertThat(fieldOf(ask(ROWS, "clicks:count"), "count")).isEqualTo("7");
  }

  @Test
  void servesLabelViews() throws Exception {
    putRegistry(
        registry ->
            registry.addLabelViews(
                RegistryProto.LabelView.newBuilder()
                    .setSpec(
                        RegistryProto.LabelViewSpec.newBuilder()
                            .setName("clicks")
                            .setProject("dev")
                            .addEntities("driver")
                            .addEntityColumns(column("driver_id", ValueType.Enum.INT64))
                            .addFeatures(column("count", ValueType.Enum.INT64)))));
    assertThat(fieldOf(ask(ROWS, "clicks:count"), "count")).isEqualTo("7");
  }

  /** The same names in another project stay there. */
  @Test
  void servesItsOwnProjectOfSeveral() throws Exception {
    putRegistry(
        registry ->
            registry.addStreamFeatureViews(
                RegistryProto.StreamFeatureView.newBuilder()
                    .setSpec(
                        RegistryProto.StreamFeatureViewSpec.newBuilder()
                            .setName("clicks")
                            .setProject("other"))));
    assertError(ask(ROWS, "clicks:count"), 404, "FEATURE_VIEW_NOT_FOUND", "clicks");
  }

  @Test
  void servesNoViewThatIsDisabled() throws Exception {
    putRegistry(
        registry ->
            change(
                registry,
                "expired",
                view -> view.setSpec(view.getSpec().toBuilder().setDisabled(true))));
    assertError(ask(ROWS, "expired:stale"), 404, "FEATURE_VIEW_NOT_FOUND", "expired is disabled");
    assertThat(ask(ROWS, "driver_hourly_stats:conv_rate").status()).isEqualTo(200);
  }

  /** A view of which version 2 is the newest; version 1 had another feature. */
  @ParameterizedTest
  @CsvSource({
    "driver_hourly_stats:conv_rate, driver_hourly_stats__conv_rate, 2",
    "driver_hourly_stats@latest:conv_rate, driver_hourly_stats__conv_rate, 2",
    "driver_hourly_stats@v2:conv_rate, driver_hourly_stats@v2__conv_rate, 2",
    "driver_hourly_stats@v1:old_rate, driver_hourly_stats@v1__old_rate, 1",
    "driver_hourly_stats@V0:conv_rate, driver_hourly_stats@v0__conv_rate, 0.025330161675810814",
  })
  void servesEachVersionFromItsTable(String reference, String name, String value) throws Exception {
    putRegistry(FeatureViewsTest::addVersions);
    assertThat(fieldOf(ask(VERSIONING, ROWS, body(reference, true)), name)).isEqualTo(value);
  }

  @Test
  void servesSeveralVersionsAtOnce() throws Exception {
    putRegistry(FeatureViewsTest::addVersions);
    Answer answer =
        ask(
            VERSIONING,
            ROWS,
            """
            {"features": ["driver_hourly_stats@v2:conv_rate", "driver_hourly_stats@v1:old_rate"],
             "entities": {"driver_id": [1001]}}
            """);
    assertThat(fieldOf(answer, "conv_rate")).isEqualTo("2");
    assertThat(fieldOf(answer, "old_rate")).isEqualTo("1");
  }

  /** Of two versions of a view Feast names the first; rows never said it. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          driver_hourly_stats:conv_rate    | {"name":"driver_hourly_stats","version":2}
          driver_hourly_stats@v1:old_rate  | {"name":"driver_hourly_stats","version":1}
          driver_hourly_stats@v0:conv_rate | {"name":"driver_hourly_stats"}
          """)
  void saysWhichVersionItIsWhereThatIsAskedFor(String reference, String metadata) throws Exception {
    putRegistry(FeatureViewsTest::addVersions);
    String plain = body(reference, false);
    String request =
        plain.replaceFirst("\\{", "{\"include_feature_view_version_metadata\": true, ");
    assertThat(text(ask(VERSIONING, "/v2/get-online-features", request)))
        .contains("\"feature_view_metadata\":[" + metadata + "]");
    assertThat(text(ask(VERSIONING, "/v2/get-online-features", plain)))
        .doesNotContain("feature_view_metadata");
    assertThat(text(ask(VERSIONING, ROWS, request))).doesNotContain("feature_view_metadata");
  }

  @Test
  void servesTheVersionThatAServiceHoldsOnTo() throws Exception {
    putRegistry(
        registry -> {
          addVersions(registry);
          addService(
              registry,
              FeatureViewProjection.newBuilder()
                  .setFeatureViewName("driver_hourly_stats")
                  .setFeatureViewNameAlias("before")
                  .setVersionTag(1)
                  .addFeatureColumns(column("old_rate", ValueType.Enum.INT64)));
        });
    assertThat(fieldOf(ask(VERSIONING, ROWS, service(true)), "before@v1__old_rate")).isEqualTo("1");
  }

  @ParameterizedTest
  @CsvSource({
    "driver_hourly_stats@v3:conv_rate, 404, FEATURE_VIEW_NOT_FOUND, has no version v3",
    "driver_hourly_stats@v1:conv_rate, 404, FEATURE_NOT_FOUND, driver_hourly_stats@v1",
    "driver_hourly_stats@2:conv_rate, 404, FEATURE_VIEW_NOT_FOUND, driver_hourly_stats@2",
    "nope@v1:conv_rate, 404, FEATURE_VIEW_NOT_FOUND, view nope does not exist",
  })
  void namesTheVersionThatThereIsNot(String reference, int status, String code, String detail)
      throws Exception {
    putRegistry(FeatureViewsTest::addVersions);
    assertError(ask(VERSIONING, ROWS, body(reference, false)), status, code, detail);
  }

  @Test
  void saysWhatToSetWhereVersionsAreNotEnabled() throws Exception {
    putRegistry(FeatureViewsTest::addVersions);
    assertError(
        ask(ROWS, "driver_hourly_stats@v2:conv_rate"),
        400,
        "INVALID_REQUEST",
        "registry.enable_online_feature_view_versioning");
    // Without versions all of them share the table of the view's name.
    assertThat(fieldOf(ask(ROWS, "driver_hourly_stats:conv_rate"), "conv_rate"))
        .isEqualTo("0.025330161675810814");
  }

  @Test
  void servesAnAliasWithItsOwnJoinKeys() throws Exception {
    putRegistry(
        registry ->
            addService(
                registry,
                FeatureViewProjection.newBuilder()
                    .setFeatureViewName("driver_hourly_stats")
                    .putJoinKeyMap("driver_id", "chauffeur")
                    .addFeatureColumns(column("acc_rate", ValueType.Enum.FLOAT)),
                FeatureViewProjection.newBuilder()
                    .setFeatureViewName("driver_hourly_stats")
                    .setFeatureViewNameAlias("plain")
                    .addFeatureColumns(column("conv_rate", ValueType.Enum.FLOAT)),
                FeatureViewProjection.newBuilder()
                    .setFeatureViewName("trips")
                    .putJoinKeyMap("customer_id", "rider")
                    .addFeatureColumns(column("rating", ValueType.Enum.DOUBLE))));
    Answer answer =
        ask(
            REGISTRY_LINE,
            ROWS,
            """
            {"feature_service": "s", "full_feature_names": true,
             "entities": {"chauffeur": [1002], "driver": [1001], "rider": ["c-1"]}}
            """);
    assertThat(fieldOf(answer, "plain__conv_rate")).isEqualTo("0.025330161675810814");
    assertThat(fieldOf(answer, "driver_hourly_stats__acc_rate"))
        .isEqualTo(fieldOf(acc1002(), "acc_rate"));
    assertThat(fieldOf(answer, "trips__rating")).isEqualTo("4.5");
    assertThat(fieldOf(answer, "driver_id")).isEqualTo("1001");
    assertThat(fieldOf(answer, "rider")).isEqualTo("c-1");
  }

  /** As in Feast: the service says what it has, and the store what is there. */
  @Test
  void servesAServiceWhoseViewHasLostAFeature() throws Exception {
    putRegistry(
        registry ->
            addService(
                registry,
                FeatureViewProjection.newBuilder()
                    .setFeatureViewName("driver_hourly_stats")
                    .addFeatureColumns(column("conv_rate", ValueType.Enum.FLOAT))
                    .addFeatureColumns(column("gone", ValueType.Enum.FLOAT))));
    Answer answer = ask(REGISTRY_LINE, ROWS, service(false));
    assertThat(fieldOf(answer, "conv_rate")).isEqualTo("0.025330161675810814");
    assertThat(row(answer).at("/statuses/gone").textValue()).isEqualTo("NOT_FOUND");
  }

  @Test
  void refusesOnDemandFeatureViewsAndServesTheRest() throws Exception {
    putRegistry(
        registry -> {
          addOnDemandView(registry, "dev", "rate_plus_one");
          addOnDemandView(registry, "dev", "another");
          addOnDemandView(registry, "other", "of_another_project");
          addService(
              registry,
              FeatureViewProjection.newBuilder()
                  .setFeatureViewName("driver_hourly_stats")
                  .addFeatureColumns(column("conv_rate", ValueType.Enum.FLOAT)),
              FeatureViewProjection.newBuilder()
                  .setFeatureViewName("rate_plus_one")
                  .addFeatureColumns(column("x", ValueType.Enum.FLOAT)));
        });
    String code = "ON_DEMAND_FEATURE_VIEW";
    assertError(ask(ROWS, "rate_plus_one:x"), 501, code, "rate_plus_one");
    assertError(ask(REGISTRY_LINE, ROWS, service(false)), 501, code, "rate_plus_one");
    assertThat(ask(ROWS, "driver_hourly_stats:conv_rate").status()).isEqualTo(200);
    JsonNode registry = health();
    assertThat(registry.get("state").textValue()).isEqualTo("loaded");
    assertThat(registry.get("notServable"))
        .isEqualTo(JSON.readTree("[\"another\", \"rate_plus_one\"]"));
    assertThat(registry.get("onDemandFeatureViews").intValue()).isEqualTo(2);
  }

  /** The operator copies what /health says into the status of a resource. */
  @Test
  void namesNoMoreThanAHundredViewsThatItCannotServe() throws Exception {
    putRegistry(
        registry -> {
          for (int i = 0; i < 1000; i++) {
            addOnDemandView(registry, "dev", "view_" + i);
          }
        });
    assertThat(health().get("notServable")).hasSize(100);
    assertThat(health().get("onDemandFeatureViews").intValue()).isEqualTo(1000);
  }

  @Test
  void readsTablesByTheTemplateOfTheStore() throws Exception {
    store.putRow("feast_dev_expired_x", DRIVER_1001, Map.of("stale", int64(8)));
    try (FeatureServer server =
        store.server(
            "region: us-west-2",
            "region: us-west-2\n  table_name_template: 'feast_{project}_{table_name}_x'")) {
      assertThat(fieldOf(TestStore.post(server, ROWS, body("expired:stale", false)), "stale"))
          .isEqualTo("8");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 100})
  void readsAsManyKeysAtOnceAsTheStoreSays(int batchSize) throws Exception {
    try (FeatureServer server =
        store.server("region: us-west-2", "region: us-west-2\n  batch_size: " + batchSize)) {
      server.start();
      store.aws().calls().clear();
      TestStore.post(
          server,
          ROWS,
          """
          {"features": ["expired:stale"], "entities": {"driver_id": [1, 2, 3, 4, 5]}}
          """);
      long calls =
          store.aws().calls().list().stream()
              .filter(call -> call.operation().equals("BatchGetItem"))
              .count();
      assertThat(calls).isEqualTo(batchSize == 2 ? 3 : 1);
    }
  }

  private JsonNode health() throws Exception {
    try (FeatureServer server = store.server()) {
      return JSON.readTree(TestStore.get(server, "/health").body()).get("registry");
    }
  }

  private Answer acc1002() throws Exception {
    return ask(
        REGISTRY_LINE,
        ROWS,
        """
        {"features": ["driver_hourly_stats:acc_rate"], "entities": {"driver_id": [1002]}}
        """);
  }

  private Answer ask(String path, String reference) throws Exception {
    return ask(REGISTRY_LINE, path, body(reference, false));
  }

  private Answer ask(String registryLine, String path, String body) throws Exception {
    try (FeatureServer server = store.server(REGISTRY_LINE, registryLine)) {
      return TestStore.post(server, path, body);
    }
  }

  private static String body(String reference, boolean fullNames) {
    return """
    {"features": ["%s"], "full_feature_names": %s, "entities": {"driver_id": [1001]}}
    """
        .formatted(reference, fullNames);
  }

  private static String service(boolean fullNames) {
    return """
    {"feature_service": "s", "full_feature_names": %s, "entities": {"driver_id": [1001]}}
    """
        .formatted(fullNames);
  }

  private void putRegistry(Consumer<RegistryProto.Registry.Builder> change) throws IOException {
    RegistryProto.Registry.Builder registry =
        RegistryProto.Registry.parseFrom(REGISTRY).toBuilder();
    change.accept(registry);
    store.putRegistry(registry.build().toByteArray());
  }

  private static void addVersions(RegistryProto.Registry.Builder registry) {
    FeatureView now = view(registry, "driver_hourly_stats");
    FeatureView first =
        now.toBuilder()
            .setSpec(
                now.getSpec().toBuilder()
                    .clearFeatures()
                    .addFeatures(column("old_rate", ValueType.Enum.INT64)))
            .build();
    change(
        registry,
        "driver_hourly_stats",
        view -> view.setMeta(view.getMeta().toBuilder().setCurrentVersionNumber(2)));
    registry.setFeatureViewVersionHistory(
        registry.getFeatureViewVersionHistory().toBuilder()
            .addRecords(version(first, 1))
            .addRecords(version(now, 2)));
  }

  private static FeatureViewVersionRecord version(FeatureView view, int version) {
    return FeatureViewVersionRecord.newBuilder()
        .setFeatureViewName(view.getSpec().getName())
        .setProjectId("dev")
        .setVersionNumber(version)
        .setFeatureViewType("feature_view")
        .setFeatureViewProto(view.toByteString())
        .build();
  }

  private static void addOnDemandView(
      RegistryProto.Registry.Builder registry, String project, String name) {
    registry.addOnDemandFeatureViews(
        RegistryProto.OnDemandFeatureView.newBuilder()
            .setSpec(
                RegistryProto.OnDemandFeatureViewSpec.newBuilder()
                    .setName(name)
                    .setProject(project)));
  }

  private static void addService(
      RegistryProto.Registry.Builder registry, FeatureViewProjection.Builder... projections) {
    registry.addFeatureServices(
        RegistryProto.FeatureService.newBuilder()
            .setSpec(
                RegistryProto.FeatureServiceSpec.newBuilder()
                    .setName("s")
                    .setProject("dev")
                    .addAllFeatures(
                        Arrays.stream(projections)
                            .map(FeatureViewProjection.Builder::build)
                            .toList())));
  }

  private static void change(
      RegistryProto.Registry.Builder registry, String name, Consumer<FeatureView.Builder> change) {
    FeatureView.Builder view = view(registry, name).toBuilder();
    change.accept(view);
    registry.setFeatureViews(index(registry, name), view);
  }

  private static FeatureView view(RegistryProto.Registry.Builder registry, String name) {
    return registry.getFeatureViews(index(registry, name));
  }

  private static int index(RegistryProto.Registry.Builder registry, String name) {
    List<String> names =
        registry.getFeatureViewsList().stream().map(view -> view.getSpec().getName()).toList();
    return names.indexOf(name);
  }

  private static FeatureSpec column(String name, ValueType.Enum type) {
    return FeatureSpec.newBuilder().setName(name).setValueType(type).build();
  }

  private static byte[] int64(long number) {
    return Value.newBuilder().setInt64Val(number).build().toByteArray();
  }

  private static String fieldOf(Answer answer, String name) throws IOException {
    JsonNode field = row(answer).get("fields").get(name);
    assertThat(field).as(text(answer)).isNotNull();
    return field.asText();
  }

  private static JsonNode row(Answer answer) throws IOException {
    assertThat(answer.status()).as(text(answer)).isEqualTo(200);
    return JSON.readTree(answer.body()).get("field_values").get(0);
  }

  private static void assertError(Answer answer, int status, String code, String detail)
      throws IOException {
    assertThat(answer.status()).as(text(answer)).isEqualTo(status);
    JsonNode error = JSON.readTree(answer.body());
    assertThat(error.get("code").textValue()).isEqualTo(code);
    assertThat(error.get("detail").textValue()).contains(detail);
  }

  private static String text(Answer answer) {
    return new String(answer.body(), StandardCharsets.UTF_8);
  }
}
