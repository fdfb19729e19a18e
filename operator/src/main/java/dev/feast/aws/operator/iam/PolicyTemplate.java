package dev.feast.aws.operator.iam;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.feast.aws.operator.model.StackName;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A policy with placeholders, beside this class as JSON. A resource is repeated for each value of a
 * placeholder in it; a statement that is left without any resource is left out.
 */
enum PolicyTemplate {
  /** What the operator's role has to be allowed. */
  OPERATOR("operator.json"),
  /** What the role of a FeatureServer's function has to be allowed. */
  EXECUTION("execution.json"),
  /** Who may have the keys of a function's role. */
  EXECUTION_TRUST("execution-trust.json");

  private static final JsonMapper JSON = new JsonMapper();
  private static final String RESOURCE = "Resource";

  private final String file;

  PolicyTemplate(String file) {
    this.file = file;
  }

  /**
   * The policy as IAM takes it.
   *
   * @param values by placeholder; what every policy has, {@code Prefix}, need not be among them
   */
  String render(Map<String, List<String>> values) {
    var all = new TreeMap<>(values);
    all.put("Prefix", List.of(StackName.PREFIX));
    ObjectNode policy = read();
    ArrayNode statements = JSON.createArrayNode();
    for (JsonNode statement : policy.path("Statement")) {
      if (!statement.has(RESOURCE)) {
        statements.add(statement);
        continue;
      }
      ArrayNode resources = JSON.createArrayNode();
      statement
          .path(RESOURCE)
          .forEach(resource -> filled(resource.asText(), all).forEach(resources::add));
      if (!resources.isEmpty()) {
        statements.add(statement.<ObjectNode>deepCopy().<ObjectNode>set(RESOURCE, resources));
      }
    }
    policy.set("Statement", statements);
    var printer =
        new DefaultPrettyPrinter().withArrayIndenter(DefaultIndenter.SYSTEM_LINEFEED_INSTANCE);
    try {
      return JSON.writer(printer).writeValueAsString(policy);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ObjectNode read() {
    try (InputStream json = PolicyTemplate.class.getResourceAsStream(file)) {
      return (ObjectNode) JSON.readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> filled(String text, Map<String, List<String>> values) {
    int start = text.indexOf("${");
    if (start < 0) {
      return List.of(text);
    }
    String name = text.substring(start + 2, text.indexOf('}', start));
    List<String> replacements = values.get(name);
    if (replacements == null) {
      throw new IllegalArgumentException("No value is given for " + name);
    }
    return replacements.stream()
        .map(value -> text.replace("${" + name + "}", value))
        .flatMap(one -> filled(one, values).stream())
        .toList();
  }
}
