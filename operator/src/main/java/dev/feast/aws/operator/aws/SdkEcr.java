package dev.feast.aws.operator.aws;

import static dev.feast.aws.operator.aws.AwsErrors.ifFound;
import static dev.feast.aws.operator.aws.AwsErrors.translating;

import dev.feast.aws.operator.model.ObservedStack.Repository;
import dev.feast.aws.operator.model.ObservedStack.StoredImage;
import dev.feast.aws.operator.model.PolicyStatement;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.ecr.model.AuthorizationData;
import software.amazon.awssdk.services.ecr.model.ImageFailureCode;
import software.amazon.awssdk.services.ecr.model.ImageIdentifier;
import software.amazon.awssdk.services.ecr.model.Tag;

/** {@link Ecr} over the SDK. */
final class SdkEcr implements Ecr {
  /** A copy that starts just before the token expires still ends with it. */
  private static final Duration MARGIN = Duration.ofHours(1);

  /** The most that ECR lists at once. */
  private static final int PAGE = 1_000;

  private record Kept(Login login, Instant until) {}

  private final EcrClient read;
  private final EcrClient write;
  private final InstantSource clock;
  private volatile @Nullable Kept kept;

  /**
   * @param read retries by itself
   * @param write does not: what a lost answer left behind has to be looked at first
   */
  SdkEcr(EcrClient read, EcrClient write, InstantSource clock) {
    this.read = read;
    this.write = write;
    this.clock = clock;
  }

  @Override
  public Login login() {
    Kept present = kept;
    if (present == null || !clock.instant().isBefore(present.until())) {
      AuthorizationData data =
          translating("ecr:GetAuthorizationToken", read::getAuthorizationToken)
              .authorizationData()
              .getFirst();
      present =
          new Kept(
              new Login(URI.create(data.proxyEndpoint()), data.authorizationToken()),
              data.expiresAt().minus(MARGIN));
      kept = present;
    }
    return present.login();
  }

  @Override
  public Optional<Repository> find(String repository) {
    return ifFound(
            "ecr:DescribeRepositories of " + repository,
            () -> read.describeRepositories(r -> r.repositoryNames(repository)))
        .flatMap(found -> found.repositories().stream().findFirst())
        .map(SdkEcr::repository);
  }

  @Override
  public Map<String, String> tags(String repositoryArn) {
    return translating(
            "ecr:ListTagsForResource of " + repositoryArn,
            () -> read.listTagsForResource(r -> r.resourceArn(repositoryArn)))
        .tags()
        .stream()
        .collect(Collectors.toUnmodifiableMap(Tag::key, Tag::value));
  }

  @Override
  public Set<PolicyStatement> policy(String repository) {
    return ifFound(
            "ecr:GetRepositoryPolicy of " + repository,
            () -> read.getRepositoryPolicy(r -> r.repositoryName(repository)))
        .map(found -> PolicyStatement.parse(found.policyText()))
        .orElse(Set.of());
  }

  @Override
  public List<StoredImage> images(String repository) {
    return ifFound(
            "ecr:DescribeImages of " + repository,
            () ->
                read
                    .describeImagesPaginator(r -> r.repositoryName(repository).maxResults(PAGE))
                    .imageDetails()
                    .stream()
                    .map(image -> new StoredImage(image.imageDigest(), image.hasImageTags()))
                    .toList())
        .orElse(List.of());
  }

  @Override
  public Repository create(String repository, Map<String, String> tags) {
    return repository(
            translating(
                    "ecr:CreateRepository of " + repository,
                    () ->
                        write.createRepository(r -> r.repositoryName(repository).tags(list(tags))))
                .repository())
        .withTags(tags);
  }

  @Override
  public void setPolicy(String repository, Collection<PolicyStatement> statements) {
    String policy = PolicyStatement.policy(statements);
    translating(
        "ecr:SetRepositoryPolicy of " + repository,
        () -> write.setRepositoryPolicy(r -> r.repositoryName(repository).policyText(policy)));
  }

  @Override
  public void tag(String repositoryArn, Map<String, String> tags) {
    translating(
        "ecr:TagResource of " + repositoryArn,
        () -> write.tagResource(r -> r.resourceArn(repositoryArn).tags(list(tags))));
  }

  @Override
  public void untag(String repositoryArn, Collection<String> keys) {
    translating(
        "ecr:UntagResource of " + repositoryArn,
        () -> write.untagResource(r -> r.resourceArn(repositoryArn).tagKeys(keys)));
  }

  @Override
  public void deleteImages(String repository, List<String> digests) {
    String what = "ecr:BatchDeleteImage of " + repository;
    var answer =
        translating(
            what,
            () ->
                write.batchDeleteImage(
                    r ->
                        r.repositoryName(repository)
                            .imageIds(
                                digests.stream()
                                    .map(
                                        digest ->
                                            ImageIdentifier.builder().imageDigest(digest).build())
                                    .toList())));
    // Told in the body of an answer that is otherwise fine.
    answer.failures().stream()
        .filter(failure -> failure.failureCode() != ImageFailureCode.IMAGE_NOT_FOUND)
        .findFirst()
        .ifPresent(
            failure -> {
              throw AwsErrors.partial(
                  what, failure.failureCodeAsString(), String.valueOf(failure.failureReason()));
            });
  }

  @Override
  public void delete(String repository) {
    ifFound(
        "ecr:DeleteRepository of " + repository,
        () -> write.deleteRepository(r -> r.repositoryName(repository).force(true)));
  }

  private static List<Tag> list(Map<String, String> tags) {
    return tags.entrySet().stream()
        .map(tag -> Tag.builder().key(tag.getKey()).value(tag.getValue()).build())
        .toList();
  }

  private static Repository repository(software.amazon.awssdk.services.ecr.model.Repository found) {
    return new Repository(
        found.repositoryName(),
        found.repositoryArn(),
        found.repositoryUri(),
        Map.of(),
        Set.of(),
        List.of());
  }
}
