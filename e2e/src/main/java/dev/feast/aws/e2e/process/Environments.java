package dev.feast.aws.e2e.process;

import java.util.Map;
import java.util.stream.Stream;

/** How variables are laid over the environment that a process inherits. */
public final class Environments {
  private static final String THIS_MACHINE = "127.0.0.1,localhost";

  private Environments() {}

  /** Adds the variables; one with an empty value is taken away. */
  public static void add(Map<String, String> variables, Map<String, String> environment) {
    variables.forEach(
        (name, value) -> {
          if (value.isEmpty()) {
            environment.remove(name);
          } else {
            environment.put(name, value);
          }
        });
  }

  /**
   * Keeps what is asked of 127.0.0.1 from a proxy that the user's environment names. Go, curl, the
   * AWS SDK and fabric8's client all go by these two variables.
   */
  static void reachThisMachineDirectly(Map<String, String> environment) {
    String given =
        Stream.of("no_proxy", "NO_PROXY")
            .map(name -> environment.getOrDefault(name, ""))
            .filter(hosts -> !hosts.isEmpty())
            .findFirst()
            .map(hosts -> hosts + ",")
            .orElse("");
    environment.put("no_proxy", given + THIS_MACHINE);
    environment.put("NO_PROXY", given + THIS_MACHINE);
  }
}
