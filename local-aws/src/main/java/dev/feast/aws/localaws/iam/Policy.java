package dev.feast.aws.localaws.iam;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;

/** A policy of a role: what it may and may not do. */
public record Policy(List<Statement> statements) {
  private static final Set<String> MEMBERS = Set.of("Version", "Id", "Statement");
  private static final Set<String> VERSIONS = Set.of("2012-10-17", "2008-10-17");

  public Policy {
    statements = List.copyOf(statements);
  }

  /**
   * Reads IAM's JSON.
   *
   * @throws IllegalArgumentException saying what is wrong, or what local-aws does not know
   */
  public static Policy parse(String json) {
    return of(PolicyJson.parse(json));
  }

  static Policy of(JsonNode json) {
    return new Policy(statements("The policy", json).stream().map(Statement::parse).toList());
  }

  static List<JsonNode> statements(String what, JsonNode json) {
    PolicyJson.object(what, json, MEMBERS);
    String version = json.path("Version").asText("2008-10-17");
    if (!VERSIONS.contains(version)) {
      throw new IllegalArgumentException(
          what + " has Version " + version + "; there are " + VERSIONS);
    }
    List<JsonNode> statements = PolicyJson.elements(json.path("Statement"));
    if (statements.isEmpty()) {
      throw new IllegalArgumentException(what + " has no Statement");
    }
    return statements;
  }
}
