package dev.feast.aws.operator.aws;

import dev.feast.aws.operator.model.ObservedStack.Repository;
import dev.feast.aws.operator.model.ObservedStack.StoredImage;
import dev.feast.aws.operator.model.PolicyStatement;
import java.net.URI;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** ECR in one account and region. Each method is one call and throws {@link AwsException}. */
public interface Ecr {

  /**
   * What the registry behind ECR takes as a login; kept until shortly before it expires.
   *
   * @param registry scheme, host and port
   * @param token as in {@code Authorization: Basic <token>}
   */
  record Login(URI registry, String token) {
    @Override
    public String toString() {
      return "Login[" + registry + "]";
    }
  }

  Login login();

  /** The repository alone; tags, policy and images are read by the methods below. */
  Optional<Repository> find(String repository);

  Map<String, String> tags(String repositoryArn);

  /** The statements of its policy; none where it has none. */
  Set<PolicyStatement> policy(String repository);

  /** All images in it; one call for each page. */
  List<StoredImage> images(String repository);

  Repository create(String repository, Map<String, String> tags);

  void setPolicy(String repository, Collection<PolicyStatement> statements);

  void tag(String repositoryArn, Map<String, String> tags);

  void untag(String repositoryArn, Collection<String> keys);

  /**
   * Removes images; what is not there any more counts as removed.
   *
   * @param digests 1 to 100
   */
  void deleteImages(String repository, List<String> digests);

  /** With all images in it. */
  void delete(String repository);
}
