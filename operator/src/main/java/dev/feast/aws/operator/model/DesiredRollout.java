package dev.feast.aws.operator.model;

import org.jspecify.annotations.Nullable;

/**
 * How a new version of the function takes over.
 *
 * @param probed whether it has to pass its probes first
 * @param lookup what it must answer beside {@code GET /health}; null where nothing
 * @param keepVersions former versions that stay beside the live one, at least 1
 */
public record DesiredRollout(boolean probed, @Nullable ProbeLookup lookup, int keepVersions) {
  public DesiredRollout {
    if (keepVersions < 1) {
      // Callers of a version that is deleted right after the alias moved get 502 for a while.
      throw new IllegalArgumentException("the version that served before stays");
    }
  }
}
