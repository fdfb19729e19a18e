package dev.feast.aws.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What bench/run was called with.
 *
 * @param repository the project's folder
 * @param only what is measured
 * @param pythons of each Feast, by the name of its store; empty: the documented store is measured
 * @param docs folder that the tables and the chart are written to; null: they are only printed
 * @param command what was typed, for the docs
 */
record Options(
    Path repository,
    Measurement measurement,
    Set<Subject.Id> only,
    Map<String, Path> pythons,
    @Nullable Path docs,
    String command) {

  /** All options come from bench/run, which has checked them, each with a value. */
  static Options parse(List<String> arguments) {
    Map<String, String> values = new HashMap<>();
    for (int i = 0; i + 1 < arguments.size(); i += 2) {
      values.put(arguments.get(i), arguments.get(i + 1));
    }
    Path repository = Path.of(Objects.requireNonNull(values.get("--repository")));
    Map<String, Path> pythons = new HashMap<>();
    for (String store : List.of("feast-0.67", "feast-0.14")) {
      if (values.get("--" + store) instanceof String python) {
        pythons.put(store, Path.of(python));
      }
    }
    return new Options(
        repository,
        new Measurement(
            number(values, "--starts"),
            number(values, "--passes"),
            Duration.ofMillis(number(values, "--turn"))),
        only(values.getOrDefault("--only", "all")),
        pythons,
        values.get("--docs") instanceof String docs ? repository.resolve(docs) : null,
        values.getOrDefault("--command", "bench/run"));
  }

  private static int number(Map<String, String> values, String name) {
    return Integer.parseInt(Objects.requireNonNull(values.get(name), name));
  }

  private static Set<Subject.Id> only(String names) {
    if (names.equals("all")) {
      return EnumSet.allOf(Subject.Id.class);
    }
    Set<Subject.Id> only = EnumSet.noneOf(Subject.Id.class);
    for (String name : names.split(",")) {
      only.add(
          Arrays.stream(Subject.Id.values())
              .filter(id -> id.option().equals(name))
              .findFirst()
              .orElseThrow(() -> new IllegalArgumentException("--only " + name)));
    }
    return only;
  }
}
