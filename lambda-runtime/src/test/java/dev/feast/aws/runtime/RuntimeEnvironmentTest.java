package dev.feast.aws.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.feast.aws.runtime.config.ApiKeys;
import dev.feast.aws.runtime.config.FeatureStoreSource;
import dev.feast.aws.runtime.config.FeatureStoreYaml;
import dev.feast.aws.runtime.config.ServingConfig;
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
    // Neither has to be there: then everybody may ask, and all is answered as by default.
    assertThat(ServingConfig.of(environment).maxRows()).isPositive();
    assertThat(ApiKeys.of(environment).isPresent())
        .isEqualTo(environment.containsKey("FEATURE_SERVER_API_KEY_SHA256"));
  }
}
