package dev.feast.aws.operator.model;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A function's environment. Its text form shows no values: they may be secrets, and records end up
 * in logs.
 */
public record Environment(SortedMap<String, String> variables) {
  public static final Environment NONE = of(Map.of());

  public Environment {
    variables = Collections.unmodifiableSortedMap(new TreeMap<>(variables));
  }

  public static Environment of(Map<String, String> variables) {
    return new Environment(new TreeMap<>(variables));
  }

  @Override
  public String toString() {
    return "Environment" + variables.keySet();
  }
}
