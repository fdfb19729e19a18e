package dev.feast.aws.localaws.spi;

import dev.feast.aws.localaws.http.Request;
import dev.feast.aws.localaws.http.Response;

/**
 * How a service writes errors on its wire, and its own errors for what every service can refuse.
 */
public interface WireErrors {
  Response write(AwsError error, Request request, String requestId);

  /** The header that carries the request id. */
  String requestIdHeader();

  /** What the service answers when it is called too often. */
  AwsError throttled();

  /** What the service answers to an operation that it does not have. */
  AwsError unknownOperation(Request request);

  /** The service's error for a request whose credentials are refused. */
  AwsError refused(Refusal refusal);

  /**
   * The service's error for a call that IAM does not allow.
   *
   * @param text AWS's sentence with principal, action and resource
   */
  AwsError accessDenied(String text);

  /**
   * What is answered where local-aws itself fails; it says so, for whoever looks for the reason.
   */
  default AwsError failed(Exception problem) {
    return AwsError.of(500, "InternalFailure", "local-aws failed: " + problem);
  }

  /** Why credentials are refused. */
  enum Refusal {
    /** The signature does not match the one calculated here. */
    WRONG_SIGNATURE,
    /** The session token is missing, or is not the one that was issued with the key. */
    WRONG_TOKEN,
    /** The key was issued for a time that is over. */
    EXPIRED,
    /** The request was signed too long ago, or in the future. */
    CLOCK_SKEW,
    /** The Authorization header cannot be read. */
    MALFORMED
  }
}
