package dev.feast.aws.api.build;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.ValidationRule;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes docs/api.md, the API's reference, from the CRD: the first argument is the CRD's file, the
 * second the page's.
 *
 * <p>A section for each object of spec and status, with a row for each of its fields: type,
 * default, what it is, and what the API server refuses.
 */
public final class WriteApiReference {
  private final StringBuilder page = new StringBuilder();

  private WriteApiReference() {}

  public static void main(String[] args) throws IOException {
    Files.writeString(Path.of(args[1]), of(Files.readString(Path.of(args[0]))));
  }

  /** The page for a CRD in YAML. */
  public static String of(String crd) {
    var reference = new WriteApiReference();
    reference.write(new KubernetesSerialization().unmarshal(crd, CustomResourceDefinition.class));
    return reference.page.toString();
  }

  private void write(CustomResourceDefinition crd) {
    CustomResourceDefinitionVersion version = crd.getSpec().getVersions().get(0);
    JSONSchemaProps root = version.getSchema().getOpenAPIV3Schema();
    line("# API reference");
    line("");
    line(
        "<!-- Written by mvn -q -pl crds -am process-classes -Pupdate-crd: change the records."
            + " -->");
    line("");
    line(
        "`%s/%s`, kind `%s`, short name `%s`. %s"
            .formatted(
                crd.getSpec().getGroup(),
                version.getName(),
                crd.getSpec().getNames().getKind(),
                String.join("`, `", crd.getSpec().getNames().getShortNames()),
                root.getDescription()));
    line("");
    line("`kubectl explain featureserver.spec --recursive` says the same in a terminal.");
    line("");
    line("| column of `kubectl get` | what it shows |");
    line("| --- | --- |");
    for (CustomResourceColumnDefinition column : version.getAdditionalPrinterColumns()) {
      boolean wide = column.getPriority() != null && column.getPriority() > 0;
      line(
          "| %s%s | %s |"
              .formatted(column.getName(), wide ? " (wide)" : "", column.getDescription()));
    }
    root.getProperties()
        .forEach(
            (name, field) -> {
              if (hasSection(field)) {
                object(name, field);
              }
            });
  }

  private void object(String path, JSONSchemaProps schema) {
    line("");
    line("## " + path);
    line("");
    line(sentence(schema));
    line("");
    List<String> rules = messages(schema);
    if (!rules.isEmpty()) {
      rules.forEach(rule -> line("- " + rule));
      line("");
    }
    line("| field | type | default | what it is |");
    line("| --- | --- | --- | --- |");
    Map<String, JSONSchemaProps> fields = new TreeMap<>(schema.getProperties());
    fields.forEach((name, field) -> row(path, schema, name, field));
    fields.forEach(
        (name, field) -> {
          if (hasSection(field)) {
            object(path + "." + name, field);
          } else if (field.getItems() != null && hasSection(field.getItems().getSchema())) {
            object(path + "." + name + "[]", field.getItems().getSchema());
          }
        });
  }

  private void row(String path, JSONSchemaProps object, String name, JSONSchemaProps field) {
    boolean list = field.getItems() != null && hasSection(field.getItems().getSchema());
    String shown =
        hasSection(field) || list
            ? "[`%s`](#%s)".formatted(name, anchor(path + "." + name + (list ? "[]" : "")))
            : "`" + name + "`";
    boolean required = object.getRequired() != null && object.getRequired().contains(name);
    var parts = new ArrayList<String>();
    parts.add(sentence(field));
    parts.addAll(limits(field));
    if (!hasSection(field)) {
      parts.addAll(messages(field));
    }
    line(
        "| %s%s | %s | %s | %s |"
            .formatted(
                shown,
                required ? ", required" : "",
                type(field),
                defaultOf(field),
                String.join(" ", parts)));
  }

  private static boolean hasSection(JSONSchemaProps schema) {
    return schema.getProperties() != null && !schema.getProperties().isEmpty();
  }

  private static String sentence(JSONSchemaProps schema) {
    return cell(schema.getDescription());
  }

  private static String type(JSONSchemaProps schema) {
    if (schema.getItems() != null) {
      return "list of " + type(schema.getItems().getSchema());
    }
    if (schema.getAdditionalProperties() != null
        && schema.getAdditionalProperties().getSchema() != null) {
      return "map to " + type(schema.getAdditionalProperties().getSchema());
    }
    if (schema.getEnum() != null && !schema.getEnum().isEmpty()) {
      return String.join(
          ", ", schema.getEnum().stream().map(value -> "`" + value.asText() + "`").toList());
    }
    return schema.getType() == null ? "any" : schema.getType();
  }

  private static String defaultOf(JSONSchemaProps schema) {
    JsonNode value = schema.getDefault();
    return value == null || value.isContainerNode() ? "" : "`" + value.asText() + "`";
  }

  private static List<String> limits(JSONSchemaProps schema) {
    var limits = new ArrayList<String>();
    if (schema.getMinimum() != null || schema.getMaximum() != null) {
      limits.add(
          "From %s to %s.".formatted(number(schema.getMinimum()), number(schema.getMaximum())));
    }
    if (schema.getMaxLength() != null) {
      limits.add("At most %d characters.".formatted(schema.getMaxLength()));
    }
    if (schema.getMaxItems() != null) {
      limits.add("At most %d.".formatted(schema.getMaxItems()));
    }
    if (schema.getPattern() != null) {
      limits.add("Matches `" + schema.getPattern().replace("|", "\\|") + "`.");
    }
    return limits;
  }

  private static String number(Double value) {
    return value == null ? "any" : String.valueOf(value.longValue());
  }

  private static List<String> messages(JSONSchemaProps schema) {
    if (schema.getXKubernetesValidations() == null) {
      return List.of();
    }
    return schema.getXKubernetesValidations().stream()
        .map(ValidationRule::getMessage)
        .map(message -> "Rule: " + cell(message) + ".")
        .toList();
  }

  /** Nothing that ends a cell, or that Markdown takes for a tag. */
  private static String cell(String text) {
    return text == null ? "" : text.replace("|", "\\|").replace("<", "&lt;").replace("\n", " ");
  }

  /** As MkDocs and GitHub make anchors of headings. */
  private static String anchor(String heading) {
    return heading.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_-]", "");
  }

  private void line(String text) {
    page.append(text).append('\n');
  }
}
