package dev.feast.aws.localaws.lambda;

import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * A name for a version.
 *
 * @param additionalWeights a second version and its share of the traffic, 0 to 1; empty for none
 */
record Alias(
    String name,
    String version,
    String description,
    Map<String, Double> additionalWeights,
    String revisionId) {
  Alias {
    additionalWeights = Map.copyOf(additionalWeights);
  }

  /** The version that the next invocation goes to. */
  String pick(RandomGenerator random) {
    double at = random.nextDouble();
    for (var additional : additionalWeights.entrySet()) {
      at -= additional.getValue();
      if (at < 0) {
        return additional.getKey();
      }
    }
    return version;
  }

  boolean pointsTo(String candidate) {
    return version.equals(candidate) || additionalWeights.containsKey(candidate);
  }
}
