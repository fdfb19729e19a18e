package dev.feast.aws.localaws.iam;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One condition of a statement: an operator, a key, and values of which one has to match, or none
 * where the operator is a negation.
 */
record Condition(
    Quantifier quantifier,
    Test test,
    boolean negated,
    boolean ifExists,
    String key,
    List<String> values) {
  private static final Pattern OPERATOR =
      Pattern.compile("(?:(ForAnyValue|ForAllValues):)?([A-Za-z]+?)(IfExists)?");

  private static final Map<String, Test> OPERATORS =
      Map.ofEntries(
          Map.entry("StringEquals", Test.EQUAL),
          Map.entry("StringNotEquals", Test.EQUAL),
          Map.entry("StringEqualsIgnoreCase", Test.EQUAL_IGNORING_CASE),
          Map.entry("StringNotEqualsIgnoreCase", Test.EQUAL_IGNORING_CASE),
          Map.entry("StringLike", Test.LIKE),
          Map.entry("StringNotLike", Test.LIKE),
          // "ArnEquals and ArnLike behave identically."
          Map.entry("ArnEquals", Test.LIKE_ARN),
          Map.entry("ArnNotEquals", Test.LIKE_ARN),
          Map.entry("ArnLike", Test.LIKE_ARN),
          Map.entry("ArnNotLike", Test.LIKE_ARN),
          Map.entry("Bool", Test.EQUAL_IGNORING_CASE),
          Map.entry("Null", Test.NULL));

  /** How the values that a call has under a key count together. */
  enum Quantifier {
    NONE,
    ANY,
    ALL
  }

  /** How one of the call's values is held against one of the policy's. */
  enum Test {
    EQUAL(String::equals),
    EQUAL_IGNORING_CASE(String::equalsIgnoreCase),
    LIKE((value, pattern) -> Glob.of(pattern).matches(value)),
    LIKE_ARN(Condition::likeArn),
    /** Whether the call has no such key; {@code true} or {@code false}. */
    NULL((value, wanted) -> false);

    private final BiPredicate<String, String> matches;

    Test(BiPredicate<String, String> matches) {
      this.matches = matches;
    }
  }

  /** "Each of the six colon-delimited components of the ARN is checked separately." */
  private static boolean likeArn(String value, String pattern) {
    String[] parts = value.split(":", 6);
    String[] wanted = pattern.split(":", 6);
    return parts.length == wanted.length
        && java.util.stream.IntStream.range(0, parts.length)
            .allMatch(i -> Glob.of(wanted[i]).matches(parts[i]));
  }

  /**
   * Reads a statement's {@code Condition}.
   *
   * @throws IllegalArgumentException for an operator or a key that is not known
   */
  static List<Condition> parse(JsonNode json) {
    var conditions = new ArrayList<Condition>();
    for (Map.Entry<String, JsonNode> operator : json.properties()) {
      for (Map.Entry<String, JsonNode> key : operator.getValue().properties()) {
        conditions.add(of(operator.getKey(), key.getKey(), key.getValue()));
      }
    }
    return List.copyOf(conditions);
  }

  private static Condition of(String operator, String key, JsonNode values) {
    Matcher form = OPERATOR.matcher(operator);
    Test test = form.matches() ? OPERATORS.get(form.group(2)) : null;
    if (test == null || (test == Test.NULL && form.group(3) != null)) {
      throw new IllegalArgumentException(
          "Condition operator %s is none that local-aws knows; it knows %s, with IfExists behind and ForAnyValue: or ForAllValues: before them"
              .formatted(operator, new TreeSet<>(OPERATORS.keySet())));
    }
    Context.checkKnown(key);
    String quantifier = form.group(1) == null ? "" : form.group(1);
    return new Condition(
        switch (quantifier) {
          case "ForAnyValue" -> Quantifier.ANY;
          case "ForAllValues" -> Quantifier.ALL;
          default -> Quantifier.NONE;
        },
        test,
        form.group(2).contains("Not"),
        form.group(3) != null,
        key,
        values(operator + " of " + key, values));
  }

  private static List<String> values(String what, JsonNode json) {
    List<String> values =
        PolicyJson.elements(json).stream()
            .map(value -> value.isBoolean() ? value.asText() : PolicyJson.text(what, value))
            .toList();
    if (values.isEmpty() || values.stream().anyMatch(value -> value.contains("${"))) {
      throw new IllegalArgumentException(
          what
              + " is "
              + Arrays.toString(values.toArray())
              + "; local-aws has no policy variables");
    }
    return values;
  }

  boolean holds(Context context) {
    List<String> had = context.get(key);
    if (test == Test.NULL) {
      return values.contains(Boolean.toString(had.isEmpty()).toLowerCase(Locale.ROOT));
    }
    if (had.isEmpty()) {
      return switch (quantifier) {
        case NONE -> negated || ifExists;
        case ANY -> ifExists;
        case ALL -> true;
      };
    }
    return quantifier == Quantifier.ALL
        ? had.stream().allMatch(this::fits)
        : quantifier == Quantifier.NONE && negated
            ? had.stream().allMatch(this::fits)
            : had.stream().anyMatch(this::fits);
  }

  private boolean fits(String value) {
    return negated != values.stream().anyMatch(wanted -> test.matches.test(value, wanted));
  }
}
