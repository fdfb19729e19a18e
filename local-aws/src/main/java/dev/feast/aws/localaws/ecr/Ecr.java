package dev.feast.aws.localaws.ecr;

import dev.feast.aws.localaws.spi.Installation;
import java.io.IOException;

/**
 * ECR as a whole: the API, the registry that a push and a pull talk to, and the repositories that
 * both are about.
 *
 * @param api told by SigV4's scope
 * @param registry everything under {@code /v2/}
 * @param repositories what Lambda pulls from
 */
public record Ecr(EcrService api, DistributionRegistry registry, Repositories repositories) {
  /** Starts with no repositories; blobs lie in the folder {@code ecr} below the data folder. */
  public static Ecr start(Installation installation) throws IOException {
    var repositories =
        new Repositories(new BlobStore(installation.folder("ecr")), installation.clock());
    var tokens = new AuthorizationTokens(installation.clock());
    var operations = new RepositoryOperations(repositories, installation.endpoint());
    return new Ecr(
        new EcrService(
            operations,
            new ImageOperations(operations, installation.clock()),
            new TokenOperations(tokens, installation.endpoint()),
            new EcrPermissions(repositories)),
        new DistributionRegistry(repositories, tokens, installation.clock()),
        repositories);
  }
}
