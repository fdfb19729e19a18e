package dev.feast.aws.localaws.lambda;

/** An image that Lambda does not run. */
public final class ImageRefused extends Exception {
  private static final long serialVersionUID = 1;

  private final String code;

  /**
   * @param code what becomes the StateReasonCode, e.g. {@code InvalidImage}
   * @param text what becomes the StateReason
   */
  public ImageRefused(String code, String text) {
    super(text);
    this.code = code;
  }

  public String code() {
    return code;
  }

  public String text() {
    return String.valueOf(getMessage());
  }
}
