package dev.feast.aws.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feast.aws.runtime.config.FeatureStoreConfig.OnlineStoreConfig;
import dev.feast.aws.runtime.config.FeatureStoreConfig.RegistryLocation;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FeatureStoreYamlTest {

  private static final String MINIMAL =
      """
      project: dev
      registry: s3://feast/registries/dev
      provider: aws
      online_store:
        region: us-west-2
      """;

  @Test
  void readsTheDocumentedExampleWordForWord() throws Exception {
    assertThat(parse(resource("/fixtures/documented/feature_store.yaml")))
        .isEqualTo(
            new FeatureStoreConfig(
                "dev",
                new RegistryLocation("feast", "registries/dev", Duration.ofSeconds(600), false),
                new OnlineStoreConfig(
                    "us-west-2", new TableNames("dev.{table_name}"), 100, false, null),
                null));
  }

  @Test
  void readsEverySettingOfTheStore() throws ConfigException {
    FeatureStoreConfig config =
        parse(
            """
            project: dev
            registry:
              registry_type: file
              path: s3://feast/dev/registry.db
              cache_ttl_seconds: 60
              enable_online_feature_view_versioning: true
            provider: aws
            online_store:
              type: dynamodb
              region: eu-central-1
              table_name_template: "feast_{project}_{table_name}"
              batch_size: 40
              consistent_reads: yes
              endpoint_url: http://127.0.0.1:8000
              unknown: {anything: goes}
            entity_key_serialization_version: 3
            """);
    assertThat(config.registry())
        .isEqualTo(new RegistryLocation("feast", "dev/registry.db", Duration.ofMinutes(1), true));
    assertThat(config.onlineStore())
        .isEqualTo(
            new OnlineStoreConfig(
                "eu-central-1",
                new TableNames("feast_dev_{table_name}"),
                40,
                true,
                URI.create("http://127.0.0.1:8000")));
    assertThat(config.entityKeyVersion()).isEqualTo(3);
    assertThat(config.onlineStore().tableNames().tableOf("driver_stats"))
        .isEqualTo("feast_dev_driver_stats");
  }

  @Test
  void takesNoMoreKeysAtOnceThanDynamoDbDoes() throws ConfigException {
    assertThat(parse(MINIMAL + "  batch_size: 1000\n").onlineStore().batchSize()).isEqualTo(100);
  }

  @Test
  void takesTheRegionOfTheFunctionWhereTheYamlHasNone() throws ConfigException {
    String yaml = "project: dev\nregistry: s3://feast/dev\nprovider: aws\n";
    assertThat(
            FeatureStoreYaml.parse(yaml, Map.of("AWS_REGION", "eu-west-1")).onlineStore().region())
        .isEqualTo("eu-west-1");
  }

  @Test
  void fillsInEnvironmentVariables() throws ConfigException {
    FeatureStoreConfig config =
        FeatureStoreYaml.parse(
            MINIMAL.replace("s3://feast/", "s3://${BUCKET}/"), Map.of("BUCKET", "mine"));
    assertThat(config.registry().bucket()).isEqualTo("mine");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          project: dev                    | ''                          | project is missing
          project: dev                    | project: 2024               | project holds 2024
          s3://feast/registries/dev       | data/registry.db            | registry holds data/registry.db
          s3://feast/registries/dev       | s3://feast                  | registry holds s3://feast
          s3://feast/registries/dev       | s3://feast/                 | s3://bucket/key
          s3://feast/registries/dev       | {cache_ttl_seconds: 5}      | registry.path is missing
          s3://feast/registries/dev       | {path: gs://feast/dev}      | registry.path holds gs://feast/dev
          s3://feast/registries/dev       | {path: s3://a/b, enable_online_feature_view_versioning: 1} | registry.enable_online_feature_view_versioning holds 1
          s3://feast/registries/dev       | {path: s3://a/b, cache_ttl_seconds: soon} | registry.cache_ttl_seconds holds soon
          'region: us-west-2'             | 'type: redis'               | online_store.type is redis
          'region: us-west-2'             | 'type: dynamodb'            | online_store.region is missing
          'region: us-west-2'             | 'region: a, batch_size: 1'  | mapping values are not allowed
          provider: aws                   | entity_key_serialization_version: 4 | entity_key_serialization_version is 4
          """)
  void namesTheKeyThatIsWrong(String in, String broken, String message) {
    String yaml = MINIMAL.replace(in, broken);
    assertThat(yaml).isNotEqualTo(MINIMAL);
    assertThatThrownBy(() -> parse(yaml))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(message);
  }

  @Test
  void namesThePlaceholderThatFeastDoesNotKnow() {
    assertThatThrownBy(() -> parse(MINIMAL + "  table_name_template: '{x}'\n"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("online_store.table_name_template holds {x}");
  }

  @Test
  void saysThatThereIsNothing() {
    assertThatThrownBy(() -> parse("# only a comment"))
        .isInstanceOf(ConfigException.class)
        .hasMessage("feature_store.yaml holds no keys");
  }

  private static FeatureStoreConfig parse(String yaml) throws ConfigException {
    return FeatureStoreYaml.parse(yaml, Map.of());
  }

  private static String resource(String name) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(FeatureStoreYamlTest.class.getResourceAsStream(name))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
