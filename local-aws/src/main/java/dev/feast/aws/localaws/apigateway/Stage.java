package dev.feast.aws.localaws.apigateway;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A stage. Only one that deploys by itself serves: deployments are not made here.
 *
 * @param name {@code $default}, or what is the first segment of its URLs
 * @param defaultSettings of routes without their own
 * @param routeSettings by route key
 */
record Stage(
    String name,
    boolean autoDeploy,
    Optional<String> description,
    Map<String, String> variables,
    RouteSettings defaultSettings,
    Map<String, RouteSettings> routeSettings,
    Optional<AccessLog> accessLog,
    Instant createdAt,
    Instant updatedAt) {
  static final String DEFAULT = "$default";

  Stage {
    variables = Map.copyOf(variables);
    routeSettings = Map.copyOf(routeSettings);
  }

  /** What holds for a route: its own settings, else the stage's. */
  RouteSettings settings(RouteKey route) {
    return routeSettings.getOrDefault(route.text(), defaultSettings);
  }

  Stage withoutSettings(String routeKey) {
    var rest = new HashMap<>(routeSettings);
    rest.remove(routeKey);
    return new Stage(
        name,
        autoDeploy,
        description,
        variables,
        defaultSettings,
        rest,
        accessLog,
        createdAt,
        updatedAt);
  }

  Stage withoutAccessLog() {
    return new Stage(
        name,
        autoDeploy,
        description,
        variables,
        defaultSettings,
        routeSettings,
        Optional.empty(),
        createdAt,
        updatedAt);
  }
}
