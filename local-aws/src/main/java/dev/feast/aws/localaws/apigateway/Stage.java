package dev.feast.aws.localaws.apigateway;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A stage. Only one that deploys by itself serves: deployments are not made here.
 *
 * @param name {@code $default}, or what is the first segment of its URLs
 */
record Stage(
    String name,
    boolean autoDeploy,
    Optional<String> description,
    Map<String, String> variables,
    Instant createdAt,
    Instant updatedAt) {
  static final String DEFAULT = "$default";

  Stage {
    variables = Map.copyOf(variables);
  }
}
