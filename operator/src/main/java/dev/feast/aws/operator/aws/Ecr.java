package dev.feast.aws.operator.aws;

import dev.feast.aws.operator.model.ObservedStack.Repository;
import dev.feast.aws.operator.model.PolicyStatement;
import java.net.URI;
import java.util.Collection;
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

  boolean hasImage(String repository, String digest);

  Repository create(String repository, Map<String, String> tags);

  void setPolicy(String repository, Collection<PolicyStatement> statements);

  void tag(String repositoryArn, Map<String, String> tags);

  void untag(String repositoryArn, Collection<String> keys);

  /** With all images in it. */
  void delete(String repository);
}
