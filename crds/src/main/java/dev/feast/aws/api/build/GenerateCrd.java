package dev.feast.aws.api.build;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import dev.feast.aws.api.v1alpha1.FeatureServer;
import dev.feast.aws.api.v1alpha1.FeatureServerSpec;
import dev.feast.aws.api.v1alpha1.FeatureServerStatus;
import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/**
 * Writes the CRD of {@link FeatureServer} to the file given as the only argument.
 *
 * <p>The records say all that fabric8's annotations can say. The rest is added here, which is why
 * the generator is called by its API and not by its Maven plugin: the order of the columns (the
 * generator sorts them by path), descriptions of the root, spec and status, and what no annotation
 * expresses about a property.
 */
public final class GenerateCrd implements CRDPostProcessor {
  private static final List<String> COLUMNS =
      List.of(
          "PROJECT", "ENDPOINT", "READY", "REASON", "REGION", "VERSION", "IMAGE", "AUTH", "AGE");

  private GenerateCrd() {}

  public static void main(String[] args) throws IOException {
    Path file = Path.of(args[0]).toAbsolutePath().normalize();
    Files.createDirectories(file.resolveSibling("."));
    try (OutputStream out = Files.newOutputStream(file)) {
      new CRDGenerator()
          .customResourceClasses(List.of(FeatureServer.class))
          .withPostProcessor(new GenerateCrd())
          .withOutput(new OneFile(out))
          .generate();
    }
  }

  /** Takes the only CRD there is. */
  private record OneFile(OutputStream out) implements CRDGenerator.CRDOutput<OutputStream> {
    @Override
    public OutputStream outputFor(String crdName) {
      return out;
    }

    @Override
    public void close() throws IOException {
      out.close();
    }
  }

  @Override
  public HasMetadata process(HasMetadata generated, String crdSpecVersion) {
    CustomResourceDefinition crd = (CustomResourceDefinition) generated;
    crd.getSpec().getVersions().forEach(GenerateCrd::finish);
    return crd;
  }

  private static void finish(CustomResourceDefinitionVersion version) {
    version
        .getAdditionalPrinterColumns()
        .sort(
            Comparator.comparingInt(
                (CustomResourceColumnDefinition column) -> COLUMNS.indexOf(column.getName())));

    JSONSchemaProps root = version.getSchema().getOpenAPIV3Schema();
    JSONSchemaProps spec = property(root, "spec");
    JSONSchemaProps status = property(root, "status");
    describe(root, FeatureServer.class);
    describe(spec, FeatureServerSpec.class);
    describe(status, FeatureServerStatus.class);
    root.setRequired(List.of("spec"));

    JSONSchemaProps store = property(spec, "featureStore");
    for (JSONSchemaProps open :
        List.of(store, property(store, "online_store"), property(store, "feature_server"))) {
      // What takes the unknown keys is no key itself.
      open.getProperties().remove("others");
    }

    // A string or an object, so it has no type; a pattern looks at strings alone. What starts with
    // a variable passes here and is checked by the operator, which can expand it.
    property(store, "registry").setPattern("^(s3://|\\$)");

    // The generator takes bounds from annotations on Java's own numbers only.
    JSONSchemaProps keyVersion = property(store, "entity_key_serialization_version");
    keyVersion.setMinimum(1.0);
    keyVersion.setMaximum(3.0);

    // JSON of any shape, but never a bare value.
    JSONSchemaProps probe = property(property(spec, "rollout"), "probe");
    property(probe, "request").setType("object");
    property(probe, "expect").setType("object");

    JSONSchemaProps conditions = property(status, "conditions");
    conditions.setXKubernetesListType("map");
    conditions.setXKubernetesListMapKeys(List.of("type"));
    JSONSchemaProps condition = conditions.getItems().getSchema();
    property(condition, "lastTransitionTime").setFormat("date-time");
    property(property(status, "registry"), "lastUpdated").setFormat("date-time");
    property(property(property(status, "function"), "candidate"), "lastProbeTime")
        .setFormat("date-time");
  }

  private static void describe(JSONSchemaProps schema, Class<?> type) {
    schema.setDescription(type.getAnnotation(JsonClassDescription.class).value());
  }

  private static JSONSchemaProps property(JSONSchemaProps schema, String name) {
    JSONSchemaProps property = schema.getProperties().get(name);
    if (property == null) {
      throw new IllegalStateException("the generated schema has no property " + name);
    }
    return property;
  }
}
