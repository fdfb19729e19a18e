package dev.feast.aws.localaws.lambda;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The policy of a function, of one of its versions or of one of its aliases; each has its own.
 *
 * @param revisionId another one after each change
 */
record ResourcePolicy(List<ObjectNode> statements, String revisionId) {
  static final ResourcePolicy EMPTY = new ResourcePolicy(List.of(), "");

  ResourcePolicy {
    statements = List.copyOf(statements);
  }

  boolean has(String sid) {
    return statements.stream().anyMatch(s -> s.path("Sid").asText().equals(sid));
  }

  ResourcePolicy with(ObjectNode statement) {
    var more = new ArrayList<>(statements);
    more.add(statement);
    return new ResourcePolicy(more, FunctionVersion.newRevision());
  }

  ResourcePolicy without(String sid) {
    return new ResourcePolicy(
        statements.stream().filter(s -> !s.path("Sid").asText().equals(sid)).toList(),
        FunctionVersion.newRevision());
  }

  /** The policy document, as GetPolicy gives it (a string in its JSON). */
  String document() {
    ObjectNode document =
        JsonNodeFactory.instance.objectNode().put("Version", "2012-10-17").put("Id", "default");
    document.putArray("Statement").addAll(statements);
    return document.toString();
  }

  /** Whether a service may invoke on behalf of that source. */
  boolean allows(String servicePrincipal, String action, String sourceArn, String sourceAccount) {
    return statements.stream()
        .anyMatch(s -> allows(s, servicePrincipal, action, sourceArn, sourceAccount));
  }

  private static boolean allows(
      JsonNode statement, String service, String action, String sourceArn, String sourceAccount) {
    JsonNode principal = statement.path("Principal");
    boolean named =
        principal.asText().equals("*") || principal.path("Service").asText().equals(service);
    String allowed = statement.path("Action").asText();
    return named
        && (allowed.equals(action) || allowed.equals("lambda:*"))
        && condition(statement, "ArnLike", "AWS:SourceArn")
            .map(pattern -> matches(pattern, sourceArn))
            .orElse(true)
        && condition(statement, "StringEquals", "AWS:SourceAccount")
            .map(sourceAccount::equals)
            .orElse(true)
        // A condition that no service's call can meet, e.g. one on the caller's organization.
        && condition(statement, "StringEquals", "aws:PrincipalOrgID").isEmpty()
        && condition(statement, "StringEquals", "lambda:EventSourceToken").isEmpty();
  }

  private static Optional<String> condition(JsonNode statement, String operator, String key) {
    JsonNode value = statement.path("Condition").path(operator).path(key);
    return value.isTextual() ? Optional.of(value.asText()) : Optional.empty();
  }

  /**
   * ArnLike: each of the six parts between colons is compared by itself, {@code *} for any text and
   * {@code ?} for one character.
   */
  static boolean matches(String pattern, String arn) {
    String[] expected = pattern.split(":", 6);
    String[] actual = arn.split(":", 6);
    if (expected.length != 6 || actual.length != 6) {
      return false;
    }
    for (int i = 0; i < 6; i++) {
      if (!glob(expected[i]).matcher(actual[i]).matches()) {
        return false;
      }
    }
    return true;
  }

  private static Pattern glob(String text) {
    var regex = new StringBuilder();
    for (char c : text.toCharArray()) {
      switch (c) {
        case '*' -> regex.append(".*");
        case '?' -> regex.append('.');
        default -> regex.append(Pattern.quote(String.valueOf(c)));
      }
    }
    return Pattern.compile(regex.toString(), Pattern.DOTALL);
  }
}
