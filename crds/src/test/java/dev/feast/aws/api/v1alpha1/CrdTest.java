package dev.feast.aws.api.v1alpha1;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.feast.aws.api.build.WriteApiReference;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CrdTest {
  private static final Path CHARTS_COPY =
      Path.of(
          "..", "helm", "feature-server-operator", "files", "featureservers.aws.feast.dev.yaml");

  private final String generated = generated();
  private final CustomResourceDefinitionVersion version =
      new KubernetesSerialization()
          .unmarshal(generated, CustomResourceDefinition.class)
          .getSpec()
          .getVersions()
          .get(0);

  @Test
  void isTheOneThatTheChartBrings() {
    assertThat(CHARTS_COPY)
        .withFailMessage(
            "The chart's CRD is not the one of the records in crds. Bring it up to date with: mvn"
                + " -q -pl crds -am process-classes -Pupdate-crd")
        .hasContent(generated);
  }

  @Test
  void isTheOneThatTheReferenceDescribes() {
    assertThat(Path.of("..", "docs", "api.md"))
        .withFailMessage(
            "docs/api.md is not the reference of the records in crds. Bring it up to date with: mvn"
                + " -q -pl crds -am process-classes -Pupdate-crd")
        .hasContent(WriteApiReference.of(generated));
  }

  @Test
  void explainsEveryField() {
    List<String> unexplained = new ArrayList<>();
    walk("", root(), (path, schema) -> addIf(schema.getDescription() == null, path, unexplained));

    assertThat(unexplained).isEmpty();
  }

  /** What Kubernetes calls structural: a type wherever unknown fields are not preserved. */
  @Test
  void hasATypeForEveryFieldThatIsNotOpen() {
    List<String> untyped = new ArrayList<>();
    walk(
        "",
        root(),
        (path, schema) ->
            addIf(
                schema.getType() == null
                    && !Boolean.TRUE.equals(schema.getXKubernetesPreserveUnknownFields()),
                path,
                untyped));

    assertThat(untyped).isEmpty();
  }

  @Test
  void saysInWordsWhatARuleWants() {
    List<String> wordless = new ArrayList<>();
    walk(
        "",
        root(),
        (path, schema) ->
            addIf(
                schema.getXKubernetesValidations().stream()
                    .anyMatch(rule -> rule.getMessage() == null),
                path,
                wordless));

    assertThat(wordless).isEmpty();
  }

  @Test
  void hasColumnsInTheOrderOfReading() {
    assertThat(version.getAdditionalPrinterColumns())
        .filteredOn(column -> column.getPriority() == 0)
        .extracting(column -> column.getName())
        .containsExactly("PROJECT", "ENDPOINT", "READY", "REASON", "AGE");
    assertThat(version.getAdditionalPrinterColumns())
        .filteredOn(column -> column.getPriority() == 1)
        .extracting(column -> column.getName())
        .containsExactly("REGION", "VERSION", "IMAGE", "AUTH");
  }

  @Test
  void keepsUnknownKeysOfFeastAndOfLookupsAndNoneOfOurs() {
    List<String> open = new ArrayList<>();
    walk(
        "",
        root(),
        (path, schema) ->
            addIf(Boolean.TRUE.equals(schema.getXKubernetesPreserveUnknownFields()), path, open));

    assertThat(open)
        .isNotEmpty()
        .allSatisfy(
            path ->
                assertThat(path)
                    .matches("[.]spec[.](featureStore|rollout[.]probe[.](request|expect)).*"))
        .doesNotContain(".spec.featureStoreFrom");
  }

  /** One that Java cannot hold would end the watch of all FeatureServers. */
  @Test
  void boundsEveryIntegerOfTheSpec() {
    List<String> unbounded = new ArrayList<>();
    walk(
        "",
        root(),
        (path, schema) ->
            addIf(
                path.startsWith(".spec")
                    && "integer".equals(schema.getType())
                    && (schema.getMinimum() == null || schema.getMaximum() == null),
                path,
                unbounded));

    assertThat(unbounded).isEmpty();
  }

  private JSONSchemaProps root() {
    return version.getSchema().getOpenAPIV3Schema();
  }

  private interface Visitor {
    void visit(String path, JSONSchemaProps schema);
  }

  private static void walk(String path, JSONSchemaProps schema, Visitor visitor) {
    visitor.visit(path, schema);
    if (schema.getProperties() != null) {
      for (Map.Entry<String, JSONSchemaProps> property : schema.getProperties().entrySet()) {
        walk(path + "." + property.getKey(), property.getValue(), visitor);
      }
    }
    if (schema.getItems() != null && schema.getItems().getSchema().getProperties() != null) {
      schema
          .getItems()
          .getSchema()
          .getProperties()
          .forEach((name, item) -> walk(path + "[]." + name, item, visitor));
    }
  }

  private static void addIf(boolean condition, String path, List<String> to) {
    if (condition) {
      to.add(path);
    }
  }

  private static String generated() {
    try (InputStream in =
        CrdTest.class.getResourceAsStream(
            "/META-INF/fabric8/featureservers.aws.feast.dev-v1.yml")) {
      return new String(requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
