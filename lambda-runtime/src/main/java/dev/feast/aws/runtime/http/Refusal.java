package dev.feast.aws.runtime.http;

/** Ends a request with an error; {@link Routes} turns it into the answer. */
public final class Refusal extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final ErrorCode code;
  private final String detail;

  /**
   * @param detail for the client: names the thing, what was found, what would do
   */
  public Refusal(ErrorCode code, String detail) {
    // No stack trace: it is an answer, not a fault.
    super(detail, null, false, false);
    this.code = code;
    this.detail = detail;
  }

  public ErrorCode code() {
    return code;
  }

  public String detail() {
    return detail;
  }
}
