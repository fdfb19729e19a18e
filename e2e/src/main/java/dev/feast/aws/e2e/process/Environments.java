package dev.feast.aws.e2e.process;

import java.util.Map;

/** How variables are laid over the environment that a process inherits. */
final class Environments {
  private Environments() {}

  /** Adds the variables; one with an empty value is taken away. */
  static void add(Map<String, String> variables, Map<String, String> environment) {
    variables.forEach(
        (name, value) -> {
          if (value.isEmpty()) {
            environment.remove(name);
          } else {
            environment.put(name, value);
          }
        });
  }
}
