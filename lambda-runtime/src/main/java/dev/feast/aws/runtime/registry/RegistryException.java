package dev.feast.aws.runtime.registry;

/**
 * The registry could not be read. Its message says what to do and names neither bucket nor key: it
 * goes into answers.
 */
public final class RegistryException extends Exception {

  public static final String NOT_FOUND = "NotFound";
  public static final String BUCKET_NOT_FOUND = "BucketNotFound";
  public static final String OTHER_REGION = "OtherRegion";
  public static final String BAD_REQUEST = "BadRequest";
  public static final String ACCESS_DENIED = "AccessDenied";
  public static final String CORRUPT = "Corrupt";
  public static final String PROJECT_NOT_FOUND = "ProjectNotFound";
  public static final String UNREACHABLE = "Unreachable";

  private static final long serialVersionUID = 1L;

  private final String reason;

  /**
   * @param reason one word for machines: one of those above, or the store's own error code
   */
  public RegistryException(String reason, String message) {
    super(message);
    this.reason = reason;
  }

  public RegistryException(String reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  public String reason() {
    return reason;
  }
}
