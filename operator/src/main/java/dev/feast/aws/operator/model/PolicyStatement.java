package dev.feast.aws.operator.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * One statement of a resource policy in canonical form: keys and lists sorted, a list of one
 * written as its element. AWS gives policies back in another order and notation than they were set;
 * in this form equal means equal.
 *
 * @param json the canonical text
 */
public record PolicyStatement(String json) {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /**
   * Lets Lambda pull images of this account's functions from a repository (Lambda developer guide,
   * images).
   */
  public static PolicyStatement lambdaMayPull(Location location) {
    ObjectNode statement = JSON.createObjectNode();
    statement.put("Sid", "FeastLambdaPull").put("Effect", "Allow");
    statement.putObject("Principal").put("Service", location.servicePrincipal("lambda"));
    statement.putArray("Action").add("ecr:BatchGetImage").add("ecr:GetDownloadUrlForLayer");
    // Without it a function of any other account could name this repository (confused deputy).
    statement
        .putObject("Condition")
        .putObject("StringLike")
        .put("aws:sourceArn", location.function("*"));
    return of(statement);
  }

  /**
   * All statements of a policy.
   *
   * @throws IllegalArgumentException when the text is not a policy
   */
  public static Set<PolicyStatement> parse(String policy) {
    try {
      JsonNode statements = JSON.readTree(policy).path("Statement");
      var found = new LinkedHashSet<PolicyStatement>();
      (statements.isArray() ? statements : JSON.createArrayNode().add(statements))
          .forEach(statement -> found.add(of(statement)));
      return found;
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("A resource policy that is not JSON", e);
    }
  }

  /** The policy that holds these statements. */
  public static String policy(Collection<PolicyStatement> statements) {
    ObjectNode policy = JSON.createObjectNode().put("Version", "2012-10-17");
    ArrayNode array = policy.putArray("Statement");
    statements.stream()
        .sorted(Comparator.comparing(PolicyStatement::json))
        .forEach(statement -> array.add(statement.tree()));
    return policy.toString();
  }

  public JsonNode tree() {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A canonical statement is JSON", e);
    }
  }

  public String sid() {
    return tree().path("Sid").asText();
  }

  private static PolicyStatement of(JsonNode statement) {
    return new PolicyStatement(canonical(statement).toString());
  }

  private static JsonNode canonical(JsonNode node) {
    if (node.isObject()) {
      ObjectNode sorted = JSON.createObjectNode();
      var names = new TreeSet<String>();
      node.fieldNames().forEachRemaining(names::add);
      names.forEach(name -> sorted.set(name, canonical(node.path(name))));
      return sorted;
    }
    if (node.isArray()) {
      List<JsonNode> elements = new ArrayList<>();
      node.forEach(element -> elements.add(canonical(element)));
      elements.sort(Comparator.comparing(JsonNode::toString));
      return elements.size() == 1 ? elements.getFirst() : JSON.createArrayNode().addAll(elements);
    }
    return node;
  }
}
