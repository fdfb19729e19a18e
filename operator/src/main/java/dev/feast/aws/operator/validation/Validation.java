package dev.feast.aws.operator.validation;

import java.util.List;

/** What became of a spec and its feature_store.yaml. */
public sealed interface Validation {

  /** There is nothing wrong with it. */
  record Accepted(FeatureServerConfig config) implements Validation {}

  /** {@code feature_server.enabled} is false: what exists is to be taken down. */
  record Disabled() implements Validation {}

  /**
   * It cannot be served as it is.
   *
   * @param problems all that were found, at least one, in the order of the keys in the spec
   */
  record Rejected(List<Problem> problems) implements Validation {
    public Rejected {
      problems = List.copyOf(problems);
      if (problems.isEmpty()) {
        throw new IllegalArgumentException("nothing is wrong, so nothing is rejected");
      }
    }

    /** The condition's reason: the only one there is, else that there are several. */
    public String reason() {
      List<String> reasons =
          problems.stream().map(problem -> problem.reason().name()).distinct().toList();
      return reasons.size() == 1 ? reasons.getFirst() : "SeveralProblems";
    }

    /** The condition's message: every problem, numbered where there are several. */
    public String message() {
      if (problems.size() == 1) {
        return problems.getFirst().text();
      }
      StringBuilder all = new StringBuilder(problems.size() + " problems:");
      for (int i = 0; i < problems.size(); i++) {
        all.append(" (").append(i + 1).append(") ").append(problems.get(i).text());
      }
      return all.toString();
    }
  }
}
