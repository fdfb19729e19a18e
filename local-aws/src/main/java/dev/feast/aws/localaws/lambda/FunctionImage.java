package dev.feast.aws.localaws.lambda;

import dev.feast.aws.localaws.ecr.Digest;
import dev.feast.aws.localaws.ecr.RepositoryKey;

/**
 * The image that a function is made of.
 *
 * @param imageUri as it was given, by tag or by digest
 * @param repositoryUri the part of it before tag or digest
 * @param digest what it was resolved to when it was given; a tag that moves later changes nothing
 */
public record FunctionImage(
    String imageUri, String repositoryUri, RepositoryKey repository, Digest digest) {
  String resolvedUri() {
    return repositoryUri + "@" + digest;
  }
}
