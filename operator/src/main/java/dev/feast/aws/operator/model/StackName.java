package dev.feast.aws.operator.model;

import java.math.BigInteger;

/**
 * The one name that repository, function and API of a FeatureServer share.
 *
 * <p>{@code feast-} because Feast's documented IAM policy is limited to {@code function:feast-*};
 * then what is readable of namespace and name; then a hash of cluster, namespace and name, which
 * alone makes it unique. 64 characters is Lambda's limit; lower case, digits and single hyphens is
 * what ECR accepts. It never changes: not with a version of the operator, not with the resource's
 * UID.
 */
public final class StackName {
  /** What the names of all functions, repositories and APIs begin with. */
  public static final String PREFIX = "feast-";

  private static final int LIMIT = 64;
  private static final int HASH_CHARACTERS = 10;
  private static final int READABLE = LIMIT - PREFIX.length() - HASH_CHARACTERS - 1;

  private StackName() {}

  public static String of(Owner owner) {
    String readable = readable(owner.namespace() + "-" + owner.name());
    if (readable.length() > READABLE) {
      readable = trimHyphens(readable.substring(0, READABLE));
    }
    return PREFIX + readable + "-" + hash(owner.clusterId(), owner.namespace(), owner.name());
  }

  /**
   * Where Lambda logs what a function does.
   *
   * @param function its name
   */
  public static String logGroup(String function) {
    return "/aws/lambda/" + function;
  }

  private static String readable(String text) {
    return trimHyphens(text.replaceAll("[^a-z0-9]+", "-"));
  }

  private static String trimHyphens(String text) {
    return text.replaceAll("^-+|-+$", "");
  }

  /**
   * 50 bits in base 32. The parts cannot hold a line feed, so that no two triples give the same
   * text.
   */
  private static String hash(String... parts) {
    String text = new BigInteger(1, Sha256.of(String.join("\n", parts))).toString(32);
    return text.substring(text.length() - HASH_CHARACTERS);
  }
}
