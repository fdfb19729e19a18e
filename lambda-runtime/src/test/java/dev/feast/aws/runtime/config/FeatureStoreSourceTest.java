package dev.feast.aws.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class FeatureStoreSourceTest {

  private static final String YAML = "project: dev # Zoë ☃\n";

  @Test
  void readsBase64() throws ConfigException {
    assertThat(
            FeatureStoreSource.yaml(
                Map.of("FEATURE_STORE_YAML_BASE64", base64(YAML.getBytes(StandardCharsets.UTF_8)))))
        .contains(YAML);
  }

  @Test
  void readsCompressedBase64() throws Exception {
    assertThat(
            FeatureStoreSource.yaml(
                Map.of(
                    "FEATURE_STORE_YAML_GZIP_BASE64",
                    base64(gzip(YAML.getBytes(StandardCharsets.UTF_8))))))
        .contains(YAML);
  }

  @Test
  void readsBase64ThatWasWrapped() throws ConfigException {
    byte[] yaml = "project: dev\n".repeat(20).getBytes(StandardCharsets.UTF_8);
    assertThat(
            FeatureStoreSource.yaml(
                Map.of("FEATURE_STORE_YAML_BASE64", Base64.getMimeEncoder().encodeToString(yaml))))
        .contains(new String(yaml, StandardCharsets.UTF_8));
  }

  @Test
  void saysWhichVariablesAreMissing() {
    assertThatThrownBy(() -> FeatureStoreSource.requiredYaml(Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("FEATURE_STORE_YAML_BASE64")
        .hasMessageContaining("FEATURE_STORE_YAML_GZIP_BASE64");
  }

  @Test
  void saysThatItIsNotGzip() {
    assertThatThrownBy(
            () -> FeatureStoreSource.yaml(Map.of("FEATURE_STORE_YAML_GZIP_BASE64", "AAAA")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("is not gzip");
  }

  @Test
  void refusesAnArchiveThatUnpacksToMoreThanAnyFeatureStore() throws IOException {
    String bomb = base64(gzip(new byte[8 << 20]));
    assertThatThrownBy(
            () -> FeatureStoreSource.yaml(Map.of("FEATURE_STORE_YAML_GZIP_BASE64", bomb)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("holds more than");
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    var out = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return out.toByteArray();
  }
}
