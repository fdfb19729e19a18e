package dev.feast.aws.localaws.ecr;

import dev.feast.aws.localaws.spi.AwsError;
import org.jspecify.annotations.Nullable;

/** ECR's errors, with its texts. */
final class EcrErrors {
  private EcrErrors() {}

  static AwsError repositoryNotFound(RepositoryKey key) {
    return error(
        "RepositoryNotFoundException",
        "The repository with name '%s' does not exist in the registry with id '%s'",
        key.name(),
        key.account());
  }

  static AwsError repositoryAlreadyExists(RepositoryKey key) {
    return error(
        "RepositoryAlreadyExistsException",
        "The repository with name '%s' already exists in the registry with id '%s'",
        key.name(),
        key.account());
  }

  static AwsError repositoryNotEmpty(RepositoryKey key) {
    return error(
        "RepositoryNotEmptyException",
        "The repository with name '%s' in registry with id '%s' cannot be deleted because it still"
            + " contains images",
        key.name(),
        key.account());
  }

  static AwsError policyNotFound(RepositoryKey key) {
    return error(
        "RepositoryPolicyNotFoundException",
        "Repository policy does not exist for the repository with name '%s' in the registry with id"
            + " '%s'",
        key.name(),
        key.account());
  }

  static AwsError lifecyclePolicyNotFound(RepositoryKey key) {
    return error(
        "LifecyclePolicyNotFoundException",
        "Lifecycle policy does not exist for the repository with name '%s' in the registry with id"
            + " '%s'",
        key.name(),
        key.account());
  }

  static AwsError imageNotFound(RepositoryKey key, ImageId id) {
    return error(
        "ImageNotFoundException",
        "The image with imageId %s does not exist within the repository with name '%s' in the"
            + " registry with id '%s'",
        id,
        key.name(),
        key.account());
  }

  static AwsError invalid(String parameter, String constraint) {
    return error(
        "InvalidParameterException",
        "Invalid parameter at '%s' failed to satisfy constraint: '%s'",
        parameter,
        constraint);
  }

  static AwsError error(String code, String text, @Nullable Object... arguments) {
    return AwsError.of(400, code, text.formatted(arguments));
  }
}
