package dev.feast.aws.localaws.spi;

/**
 * Who calls, and where.
 *
 * @param accountId twelve digits
 * @param region of the credential scope; {@code us-east-1} for what is not signed
 * @param accessKeyId empty for an anonymous call
 * @param principalArn as GetCallerIdentity says it: {@code arn:aws:iam::<account>:root} or {@code
 *     arn:aws:sts::<account>:assumed-role/<role>/<session>}
 * @param requestId of this call; the response carries it
 */
public record Caller(
    String accountId, String region, String accessKeyId, String principalArn, String requestId) {
  /** The account of every access key that was not issued here. */
  public static final String ROOT_ACCOUNT = "000000000000";

  /** The same one, where another account's or region's objects are asked for. */
  public Caller in(String account, String itsRegion) {
    return new Caller(account, itsRegion, accessKeyId, principalArn, requestId);
  }

  /**
   * An ARN in the caller's account and region: {@code
   * arn:aws:<service>:<region>:<account>:<resource>}.
   */
  public String arn(String service, String resource) {
    return "arn:aws:" + service + ":" + region + ":" + accountId + ":" + resource;
  }
}
