package dev.feast.aws.localaws.ecr;

/** Where a repository lives and what it is called. */
public record RepositoryKey(String account, String region, String name) {
  /** The name under which the distribution registry has it, {@code <account>/<region>/<name>}. */
  String path() {
    return account + "/" + region + "/" + name;
  }
}
