package dev.feast.aws.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.feast.aws.runtime.config.ApiKeys;
import dev.feast.aws.runtime.config.FeatureStoreSource;
import dev.feast.aws.runtime.config.FeatureStoreYaml;
import dev.feast.aws.runtime.config.ServingConfig;
import dev.feast.aws.runtime.config.ServingConfig.ResponseFormat;
import dev.feast.aws.runtime.config.ServingConfig.StaleFeatures;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** docs/runtime-environment.json, which the operator's tests hold to be what it writes. */
class RuntimeEnvironmentTest {

  @Test
  void readsTheEnvironmentThatTheOperatorWrites() throws Exception {
    var json = new JsonMapper();
    JsonNode example = json.readTree(Path.of("../docs/runtime-environment.json").toFile());
    Map<String, String> environment =
        json.convertValue(example.get("environment"), new TypeReference<Map<String, String>>() {});
    String yaml = FeatureStoreSource.requiredYaml(environment);
    assertThat(yaml).isEqualTo(example.get("featureStoreYaml").textValue());
    assertThat(FeatureStoreYaml.parse(yaml, environment).project()).isEqualTo("dev");
    assertThat(ServingConfig.of(environment))
        .isEqualTo(new ServingConfig(ResponseFormat.RESULTS, StaleFeatures.FLAG, 500));
    ApiKeys keys = ApiKeys.of(environment).orElseThrow();
    assertThat(keys.accept("the-first-key-of-32-characters..")).isTrue();
    assertThat(keys.accept("the-next-key-that-replaces-it...")).isTrue();
    assertThat(keys.accept("another-key-of-32-characters....")).isFalse();
  }
}
