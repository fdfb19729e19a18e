package dev.feast.aws.operator.aws;

/**
 * A role that the operator acts as instead of its own, for one tenant.
 *
 * @param externalId tells the role whom the operator acts for: where its trust policy asks for it,
 *     no other tenant can have the operator act as that role (the confused deputy of IAM's user
 *     guide)
 * @param sessionName how the operator is called in the role's account's CloudTrail
 */
public record AssumedRole(String arn, String externalId, String sessionName) {
  private static final int LONGEST_SESSION_NAME = 64;

  /**
   * @param clusterId of letters, digits and what an external id may hold besides
   * @param namespace the tenant
   */
  public static AssumedRole of(String arn, String clusterId, String namespace) {
    String session = "feast-" + namespace;
    return new AssumedRole(
        arn,
        clusterId + "/" + namespace,
        session.substring(0, Math.min(session.length(), LONGEST_SESSION_NAME)));
  }
}
