package dev.feast.aws.operator.model;

/**
 * What of a function is ours to set and is frozen into each published version, beside its code.
 *
 * @param role the execution role's ARN
 * @param kmsKeyArn the key that encrypts the environment; empty: Lambda's own
 * @param ephemeralStorageMiB size of /tmp
 * @param traced whether Lambda traces a sample of all requests, not only what callers trace
 * @param snapStart whether published versions start from a snapshot
 */
public record FunctionSettings(
    String role,
    int memoryMiB,
    int timeoutSeconds,
    Environment environment,
    String kmsKeyArn,
    int ephemeralStorageMiB,
    boolean traced,
    VpcAttachment vpc,
    boolean snapStart) {

  /** What Lambda gives a function that says nothing of it. */
  public static final int DEFAULT_EPHEMERAL_STORAGE_MIB = 512;

  /** With Lambda's defaults for all that is not named. */
  public FunctionSettings(
      String role, int memoryMiB, int timeoutSeconds, Environment environment, String kmsKeyArn) {
    this(
        role,
        memoryMiB,
        timeoutSeconds,
        environment,
        kmsKeyArn,
        DEFAULT_EPHEMERAL_STORAGE_MIB,
        false,
        VpcAttachment.NONE,
        false);
  }
}
