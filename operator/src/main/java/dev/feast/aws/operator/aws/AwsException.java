package dev.feast.aws.operator.aws;

/**
 * An AWS call that did not do what was asked, classified.
 *
 * <p>Its message is safe to show: AWS' own text without the values of environments, which some
 * errors echo.
 */
public final class AwsException extends RuntimeException {

  /** What an error means for the operator: what to do next, and whose it is to put right. */
  public enum Kind {
    /** The object is not there. */
    NOT_FOUND,
    /** It exists already, or something else is changing it: look again. */
    CONFLICT,
    /** Too many calls: slow down. */
    THROTTLED,
    /** AWS' own fault, or the way to it: try again. */
    UNAVAILABLE,
    /** Right, but too early: an image that is being unpacked. */
    NOT_YET,
    /**
     * Lambda may not assume the function's role: it is too new to be known everywhere, or does not
     * trust Lambda. The two look the same.
     */
    ROLE_NOT_ASSUMABLE,
    /** Lambda, not the operator, may not pull the image. */
    IMAGE_NOT_READABLE,
    /**
     * The KMS key of the function is disabled, gone, or not for Lambda: somebody has to change it.
     */
    KEY_NOT_USABLE,
    /** Lambda could not restore a version from its snapshot: it, or its runtime, is to blame. */
    SNAPSHOT_UNUSABLE,
    /** A permission of the operator is missing; the message names the action. */
    DENIED,
    /** It may not have access logs written, or the account's policy for them is full. */
    LOG_DELIVERY_DENIED,
    /** An account's limit is reached. */
    QUOTA,
    /** The operator has no credentials, or they are refused. */
    CREDENTIALS,
    /** AWS refuses what was asked: the spec or what it refers to has to change. */
    REFUSED
  }

  private final Kind kind;
  private final String code;

  AwsException(Kind kind, String code, String message, Throwable cause) {
    // No cause in the chain: its message is AWS' text before it was made safe.
    super(message);
    this.kind = kind;
    this.code = code;
    setStackTrace(cause.getStackTrace());
  }

  public Kind kind() {
    return kind;
  }

  /** AWS' error code, or the client's exception class where no answer came. */
  public String code() {
    return code;
  }
}
