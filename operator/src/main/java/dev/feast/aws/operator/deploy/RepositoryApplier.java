package dev.feast.aws.operator.deploy;

import dev.feast.aws.operator.aws.AwsRegion;
import dev.feast.aws.operator.aws.Ecr;
import dev.feast.aws.operator.model.ObservedStack;
import dev.feast.aws.operator.model.ObservedStack.Repository;
import dev.feast.aws.operator.model.PolicyStatement;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/** The steps on the repository that are one call each. */
final class RepositoryApplier {
  private final Ecr ecr;
  private final String name;

  RepositoryApplier(AwsRegion aws, String name) {
    this.ecr = aws.ecr();
    this.name = name;
  }

  ObservedStack create(ObservedStack observed, Map<String, String> tags) {
    return observed.withRepository(ecr.create(name, tags));
  }

  ObservedStack setPolicy(ObservedStack observed, List<PolicyStatement> statements) {
    ecr.setPolicy(name, statements);
    return observed.changingRepository(
        repository -> repository.withStatements(new LinkedHashSet<>(statements)));
  }

  ObservedStack tag(ObservedStack observed, Map<String, String> set, List<String> remove) {
    Repository found = observed.requireRepository();
    return observed.withRepository(
        found.withTags(
            TagChange.apply(
                found.tags(),
                set,
                remove,
                tags -> ecr.tag(found.arn(), tags),
                keys -> ecr.untag(found.arn(), keys))));
  }

  ObservedStack deleteImages(ObservedStack observed, List<String> digests) {
    ecr.deleteImages(name, digests);
    return observed.changingRepository(repository -> repository.withoutImages(digests));
  }

  ObservedStack delete(ObservedStack observed) {
    ecr.delete(name);
    return observed.withRepository(null);
  }
}
