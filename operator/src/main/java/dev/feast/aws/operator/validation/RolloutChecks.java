package dev.feast.aws.operator.validation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.feast.aws.api.v1alpha1.ProbeSpec;
import dev.feast.aws.api.v1alpha1.RolloutSpec;
import dev.feast.aws.api.v1alpha1.RolloutStrategy;
import dev.feast.aws.operator.model.DesiredRollout;
import dev.feast.aws.operator.model.ProbeLookup;
import dev.feast.aws.operator.model.RouteKey;
import dev.feast.aws.operator.validation.Problem.Reason;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the spec says about how a new version takes over. */
final class RolloutChecks {
  private static final String PROBE = "spec.rollout.probe";
  private static final String REQUEST = PROBE + ".request";

  /** Deeper than any lookup or answer; of what is nested deeper only the upper part was read. */
  private static final int MAX_DEPTH = 50;

  private final List<Problem> problems;

  RolloutChecks(List<Problem> problems) {
    this.problems = problems;
  }

  /** Null where it cannot be as the spec says. */
  @Nullable DesiredRollout rollout(RolloutSpec rollout) {
    int before = problems.size();
    boolean probed = rollout.strategy() == RolloutStrategy.Verified;
    ProbeLookup lookup = null;
    if (rollout.probe() != null) {
      if (!probed) {
        problem(PROBE, "goes with strategy Verified; Direct would skip it: leave one of them out");
      }
      lookup = lookup(rollout.probe());
    }
    return problems.size() == before
        ? new DesiredRollout(probed, lookup, rollout.keepVersions())
        : null;
  }

  private @Nullable ProbeLookup lookup(ProbeSpec probe) {
    Optional<RouteKey> route =
        RouteKey.ALL.stream()
            .filter(key -> key.method().equals("POST") && key.path().equals(probe.path()))
            .findFirst();
    if (route.isEmpty()) {
      problem(
          PROBE + ".path",
          "holds \"%s\"; must be /get-online-features or /v2/get-online-features"
              .formatted(probe.path()));
    }
    JsonNode request = probe.request();
    if (request == null || !request.isObject()) {
      problem(REQUEST, "must be the body of a lookup, an object with features and entities");
      return null;
    }
    if (request.has("features") == request.has("feature_service")) {
      problem(REQUEST, "must have either features or feature_service");
    }
    if (!request.path("entities").isObject()) {
      problem(REQUEST + ".entities", "must be an object: a list of values for each join key");
    }
    JsonNode expected = probe.expect();
    if (expected != null && !expected.isObject()) {
      problem(PROBE + ".expect", "must be an object: what the answer must hold");
    }
    if (isTooDeep(request, 0) || (expected != null && isTooDeep(expected, 0))) {
      problem(PROBE, "is nested deeper than %d levels".formatted(MAX_DEPTH));
    }
    return route.map(key -> new ProbeLookup(key, request.toString(), expected)).orElse(null);
  }

  private static boolean isTooDeep(JsonNode node, int depth) {
    if (depth > MAX_DEPTH) {
      return true;
    }
    for (JsonNode child : node) {
      if (isTooDeep(child, depth + 1)) {
        return true;
      }
    }
    return false;
  }

  private void problem(String key, String message) {
    problems.add(new Problem(Reason.InvalidProbe, key, message));
  }
}
