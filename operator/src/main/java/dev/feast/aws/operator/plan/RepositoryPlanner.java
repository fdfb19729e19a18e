package dev.feast.aws.operator.plan;

import dev.feast.aws.operator.model.DesiredStack;
import dev.feast.aws.operator.model.DesiredStack.DesiredImage;
import dev.feast.aws.operator.model.ObservedStack;
import dev.feast.aws.operator.model.ObservedStack.Repository;
import dev.feast.aws.operator.model.ObservedStack.StoredImage;
import dev.feast.aws.operator.model.PolicyStatement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The repository, what lets Lambda pull from it, and the image in it: all before the function that
 * needs them.
 */
final class RepositoryPlanner {
  /** ECR's BatchDeleteImage takes no more; the rest goes with the next step. */
  private static final int MOST_AT_ONCE = 100;

  private RepositoryPlanner() {}

  static List<Step> plan(DesiredStack desired, ObservedStack observed) {
    return switch (desired.image()) {
      case DesiredImage.Copied copied -> plan(desired, copied, observed);
      case DesiredImage.InPlace _ -> List.of();
    };
  }

  static List<Step> tags(DesiredStack desired, ObservedStack observed) {
    Repository found = observed.repository();
    if (found == null || desired.image() instanceof DesiredImage.InPlace) {
      return List.of();
    }
    return TagPlanner.plan(desired, found.tags(), Step.TagRepository::new);
  }

  private static List<Step> plan(
      DesiredStack desired, DesiredImage.Copied image, ObservedStack observed) {
    var steps = new ArrayList<Step>();
    Repository found = observed.repository();
    if (found == null) {
      steps.add(new Step.CreateRepository("there is no repository " + desired.name()));
    }
    Set<PolicyStatement> statements = found == null ? Set.of() : found.statements();
    PolicyStatement pull = PolicyStatement.lambdaMayPull(desired.location());
    if (!statements.contains(pull)) {
      var all = new ArrayList<PolicyStatement>();
      statements.stream()
          .filter(statement -> !statement.sid().equals(pull.sid()))
          .forEach(all::add);
      all.add(pull);
      steps.add(new Step.SetRepositoryPolicy(all, "its policy does not let Lambda pull from it"));
    }
    if (found == null || !found.hasImage(image.digest())) {
      steps.add(
          new Step.CopyImage(image.digest(), "the repository does not hold " + image.digest()));
    }
    return steps;
  }

  /**
   * Images that no version runs from any more. What somebody tagged is not ours to remove: the
   * operator pushes by digest alone.
   */
  static List<Step> unusedImages(DesiredStack desired, ObservedStack observed) {
    Repository repository = observed.repository();
    ObservedStack.Function function = observed.function();
    if (repository == null || function == null || function.configuration().image().isEmpty()) {
      return List.of();
    }
    var used = new HashSet<String>();
    used.add(desired.image().digest());
    used.add(function.configuration().digest());
    function.versions().forEach(version -> used.add(version.digest()));
    List<String> unused =
        repository.images().stream()
            .filter(image -> !image.tagged())
            .map(StoredImage::digest)
            .filter(digest -> !used.contains(digest))
            .limit(MOST_AT_ONCE)
            .toList();
    return unused.isEmpty()
        ? List.of()
        : List.of(
            new Step.DeleteImages(
                unused, "no version that is kept runs from " + String.join(", ", unused)));
  }

  /**
   * A repository from before the spec named an image in place goes once no version runs from it.
   */
  static List<Step> unused(DesiredStack desired, ObservedStack observed) {
    Repository repository = observed.repository();
    ObservedStack.Function function = observed.function();
    if (repository == null || function == null || desired.image() instanceof DesiredImage.Copied) {
      return List.of();
    }
    // By repository: the image in place may have the digest of the one that is copied here.
    String latest = function.configuration().image();
    boolean used =
        latest.isEmpty()
            || repository.holds(latest)
            || function.versions().stream().anyMatch(version -> version.mayRunFrom(repository));
    return used
        ? List.of()
        : List.of(
            new Step.DeleteRepository("the image is used in place and no version runs from it"));
  }
}
