package dev.feast.aws.operator.admission;

import dev.feast.aws.operator.validation.Problem;
import dev.feast.aws.operator.validation.Validation;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What there is to say about a FeatureServer.
 *
 * @param problems why it cannot be served as it is
 * @param moved which of what stays as it was at the first deployment it would change
 * @param doubts what is legal, and perhaps not meant
 */
record Findings(List<Problem> problems, @Nullable String moved, List<String> doubts) {
  Findings {
    problems = List.copyOf(problems);
    doubts = List.copyOf(doubts);
  }

  /** Whether something is wrong with it that was not before. */
  boolean worseThan(Findings before) {
    return !before.problems.containsAll(problems) || (moved != null && !moved.equals(before.moved));
  }

  boolean areMistakes() {
    return moved != null || !problems.isEmpty();
  }

  /** Each mistake as a sentence. */
  List<String> mistakes() {
    return Stream.concat(problems.stream().map(Problem::text), Stream.ofNullable(moved)).toList();
  }

  /** As the condition has it that would come of it. */
  String message() {
    return moved == null ? new Validation.Rejected(problems).message() : moved;
  }
}
