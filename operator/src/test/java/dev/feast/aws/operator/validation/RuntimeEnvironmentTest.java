package dev.feast.aws.operator.validation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.feast.aws.api.v1alpha1.ResponseFormat;
import dev.feast.aws.api.v1alpha1.ServingSpec;
import dev.feast.aws.api.v1alpha1.StaleFeatures;
import dev.feast.aws.operator.model.Access;
import dev.feast.aws.operator.model.ApiKey;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RuntimeEnvironmentTest {
  /** Keeps the operator, which writes it, and the runtime, which reads it, together. */
  private static final Path EXAMPLE = Path.of("..", "docs", "runtime-environment.json");

  @Test
  void writesWhatTheExampleForTheRuntimeHolds() throws IOException {
    JsonNode example = new ObjectMapper().readTree(EXAMPLE.toFile());
    String text = example.path("featureStoreYaml").textValue();
    Map<String, String> expected = new HashMap<>();
    example
        .path("environment")
        .properties()
        .forEach(variable -> expected.put(variable.getKey(), variable.getValue().textValue()));

    Map<String, String> variables =
        new HashMap<>(
            RuntimeEnvironment.settings(
                new ServingSpec(ResponseFormat.Results, StaleFeatures.Flag, 500),
                new Access.ByApiKey(
                    List.of(
                        new ApiKey("the-first-key-of-32-characters.."),
                        new ApiKey("the-next-key-that-replaces-it...")))));
    variables.put("STAGE", "dev");
    assertThat(RuntimeEnvironment.of(text, variables))
        .isEqualTo(new RuntimeEnvironment.Fits(expected));
  }

  @Test
  void compressesOnlyWhatWouldNotFit() throws IOException {
    Map<String, String> none = Map.of();
    // {"FEATURE_STORE_YAML_BASE64":"..."} has 32 bytes beside the value, and base64 makes 4 of 3.
    String largest = "#".repeat((4096 - 32) / 4 * 3);
    String larger = largest + "#";

    assertThat(variables(RuntimeEnvironment.of(largest, none)))
        .containsOnlyKeys("FEATURE_STORE_YAML_BASE64")
        .satisfies(fits -> assertThat(RuntimeEnvironment.size(fits)).isEqualTo(4096));

    Map<String, String> compressed = variables(RuntimeEnvironment.of(larger, none));
    assertThat(compressed).containsOnlyKeys("FEATURE_STORE_YAML_GZIP_BASE64");
    assertThat(unzipped(compressed.get("FEATURE_STORE_YAML_GZIP_BASE64"))).isEqualTo(larger);
  }

  @Property
  void whatFitsHoldsTheTextAndTheVariablesAndNothingElse(
      @ForAll("texts") String text, @ForAll("variables") Map<String, String> own)
      throws IOException {
    RuntimeEnvironment environment = RuntimeEnvironment.of(text, own);

    switch (environment) {
      case RuntimeEnvironment.Fits(Map<String, String> variables) -> {
        assertThat(RuntimeEnvironment.size(variables)).isLessThanOrEqualTo(4096);
        assertThat(variables).containsAllEntriesOf(own).hasSize(own.size() + 1);
        String plain = variables.get("FEATURE_STORE_YAML_BASE64");
        String read =
            plain == null
                ? unzipped(variables.get("FEATURE_STORE_YAML_GZIP_BASE64"))
                : new String(Base64.getDecoder().decode(plain), StandardCharsets.UTF_8);
        assertThat(read).isEqualTo(text);
      }
      case RuntimeEnvironment.TooLarge(int plainBytes, int compressedBytes) -> {
        assertThat(plainBytes).isGreaterThan(4096);
        assertThat(compressedBytes).isGreaterThan(4096);
      }
    }
    assertThat(RuntimeEnvironment.of(text, own)).isEqualTo(environment);
  }

  @Property
  void measuresWhatLambdaMeasures(@ForAll("variables") Map<String, String> variables)
      throws IOException {
    byte[] json = new ObjectMapper().writeValueAsBytes(variables);

    assertThat(RuntimeEnvironment.size(variables)).isEqualTo(json.length);
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.strings().ascii().ofMaxLength(6000);
  }

  @Provide
  Arbitrary<Map<String, String>> variables() {
    return Arbitraries.maps(
            Arbitraries.strings().alpha().ofMinLength(2).ofMaxLength(10),
            Arbitraries.strings()
                .excludeChars('\ud800', '\udfff')
                .withChars("aé€\"\\\n\t\u0001 ")
                .ofMaxLength(60))
        .ofMaxSize(5);
  }

  private static Map<String, String> variables(RuntimeEnvironment environment) {
    assertThat(environment).isInstanceOf(RuntimeEnvironment.Fits.class);
    return ((RuntimeEnvironment.Fits) environment).variables();
  }

  private static String unzipped(@Nullable String base64) throws IOException {
    byte[] bytes = Base64.getDecoder().decode(Objects.requireNonNull(base64));
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
