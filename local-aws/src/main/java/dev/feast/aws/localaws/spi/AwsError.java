package dev.feast.aws.localaws.spi;

import dev.feast.aws.localaws.http.Headers;
import java.io.Serial;
import java.util.Map;
import java.util.TreeMap;

/** An error as AWS answers it; the service's {@link WireErrors} writes it. */
public final class AwsError extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  private final int status;
  private final String code;
  private final String text;
  private final transient Map<String, String> details;
  private final transient Headers headers;

  private AwsError(
      int status, String code, String text, Map<String, String> details, Headers headers) {
    super(code + ": " + text, null, false, false);
    this.status = status;
    this.code = code;
    this.text = text;
    this.details = details;
    this.headers = headers;
  }

  /**
   * An error with nothing but code and message.
   *
   * @param status HTTP status
   * @param code e.g. {@code ResourceNotFoundException}, {@code NoSuchBucket}
   * @param text as AWS has it
   */
  public static AwsError of(int status, String code, String text) {
    return new AwsError(status, code, text, Map.of(), Headers.NONE);
  }

  /**
   * This, with one more member beside code and message, e.g. {@code Reason} or {@code BucketName}.
   */
  public AwsError detail(String name, String value) {
    var more = new TreeMap<>(details);
    more.put(name, value);
    return new AwsError(status, code, text, more, headers);
  }

  /** This, with one more response header. */
  public AwsError header(String name, String value) {
    return new AwsError(status, code, text, details, headers.plus(name, value));
  }

  public int status() {
    return status;
  }

  public String code() {
    return code;
  }

  /** The message alone; {@link #getMessage} has the code before it. */
  public String text() {
    return text;
  }

  public Map<String, String> details() {
    return details;
  }

  public Headers headers() {
    return headers;
  }
}
