package dev.feast.aws.operator.model;

import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A function's environment. Its text form shows no values: they may be secrets, and records end up
 * in logs.
 *
 * @param unreadable Lambda's words, where it could not decrypt the variables for the operator, so
 *     that there are none here; null where these are all
 */
public record Environment(SortedMap<String, String> variables, @Nullable String unreadable) {
  public static final Environment NONE = of(Map.of());

  private static final int SHORTEST_SECRET = 4;

  public Environment {
    variables = Collections.unmodifiableSortedMap(new TreeMap<>(variables));
  }

  public static Environment of(Map<String, String> variables) {
    return new Environment(new TreeMap<>(variables), null);
  }

  /** One that is like no other: nobody knows what is in it. */
  public static Environment unreadable(String why) {
    return new Environment(new TreeMap<>(), why);
  }

  /** Whether a function with it asks for an API key; not known of one that is unreadable. */
  public boolean asksForKeys() {
    return variables.containsKey(ApiKey.DIGESTS);
  }

  /** The text without any of these values in it; ones too short to be secrets stay. */
  public String masking(String text) {
    return masking(List.of(this), text);
  }

  /** The text without any value of any of these environments. */
  public static String masking(List<Environment> environments, String text) {
    String masked = text;
    // The longest first: one value may be part of another.
    for (String value :
        environments.stream()
            .flatMap(environment -> environment.variables().values().stream())
            .flatMap(Environment::forms)
            .filter(value -> value.length() >= SHORTEST_SECRET)
            .distinct()
            .sorted(Comparator.comparing(String::length).reversed())
            .toList()) {
      masked = masked.replace(value, "***");
    }
    return masked;
  }

  /** How a value looks in a text: as it is, in JSON, and one with several lines cut anywhere. */
  private static Stream<String> forms(String value) {
    Stream<String> lines = value.contains("\n") ? value.lines().map(String::strip) : Stream.of();
    return Stream.concat(Stream.of(value, inJson(value)), lines);
  }

  private static String inJson(String value) {
    String quoted = TextNode.valueOf(value).toString();
    return quoted.substring(1, quoted.length() - 1);
  }

  @Override
  public String toString() {
    return "Environment" + variables.keySet();
  }
}
