package dev.feast.aws.localaws.spi;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.feast.aws.localaws.http.Body;
import dev.feast.aws.localaws.http.Headers;
import dev.feast.aws.localaws.http.Request;
import dev.feast.aws.localaws.http.Response;

/**
 * Errors of the services that speak JSON. They differ in where the code stands and in how the
 * message is called.
 */
public enum JsonErrors implements WireErrors {
  /** Code in a header, {@code {"Type":"User","Message":"…"}}. */
  LAMBDA("application/json", 429, "TooManyRequestsException", "Rate exceeded") {
    @Override
    ObjectNode body(AwsError error) {
      // Lambda's model calls it Message for some errors and message for others; SDKs read both
      // without case.
      return JSON.createObjectNode()
          .put("Type", error.status() >= 500 ? "Service" : "User")
          .put("Message", error.text());
    }

    @Override
    public AwsError throttled() {
      return super.throttled().detail("Reason", "CallerRateLimitExceeded");
    }
  },

  /** Code in a header, {@code {"message":"…"}}. */
  API_GATEWAY("application/json", 429, "TooManyRequestsException", "Too Many Requests") {
    @Override
    ObjectNode body(AwsError error) {
      return JSON.createObjectNode().put("message", error.text());
    }
  },

  /** Code in the body, {@code {"__type":"…","message":"…"}}: ECR. */
  AWS_JSON_1_1("application/x-amz-json-1.1", 400, "ThrottlingException", "Rate exceeded") {
    @Override
    ObjectNode body(AwsError error) {
      return JSON.createObjectNode().put("__type", error.code()).put("message", error.text());
    }
  },

  /** As {@link #AWS_JSON_1_1}, the type with the service's namespace: DynamoDB. */
  DYNAMODB(
      "application/x-amz-json-1.0",
      400,
      "ProvisionedThroughputExceededException",
      "The level of configured provisioned throughput for the table was exceeded. Consider"
          + " increasing your provisioning level with the UpdateTable API.") {
    @Override
    ObjectNode body(AwsError error) {
      return JSON.createObjectNode()
          .put("__type", namespace(error) + error.code())
          .put("message", error.text());
    }

    private static String namespace(AwsError error) {
      return switch (error.code()) {
        case "ThrottlingException",
            "UnknownOperationException",
            "UnrecognizedClientException",
            "InvalidSignatureException",
            "ExpiredTokenException",
            "IncompleteSignatureException",
            "AccessDeniedException" ->
            "com.amazon.coral.service#";
        default -> "com.amazonaws.dynamodb.v20120810#";
      };
    }
  };

  private static final JsonMapper JSON = new JsonMapper();

  private final String contentType;
  private final int throttledStatus;
  private final String throttledCode;
  private final String throttledText;

  JsonErrors(String contentType, int throttledStatus, String throttledCode, String throttledText) {
    this.contentType = contentType;
    this.throttledStatus = throttledStatus;
    this.throttledCode = throttledCode;
    this.throttledText = throttledText;
  }

  abstract ObjectNode body(AwsError error);

  @Override
  public Response write(AwsError error, Request request, String requestId) {
    ObjectNode body = body(error);
    error.details().forEach(body::put);
    return new Response(
        error.status(),
        Headers.of("Content-Type", contentType, "x-amzn-ErrorType", error.code())
            .plus(error.headers()),
        Body.text(body.toString()));
  }

  @Override
  public String requestIdHeader() {
    return "x-amzn-RequestId";
  }

  @Override
  public AwsError throttled() {
    return AwsError.of(throttledStatus, throttledCode, throttledText);
  }

  @Override
  public AwsError unknownOperation(Request request) {
    return switch (this) {
      case LAMBDA, API_GATEWAY ->
          AwsError.of(
              404,
              "UnknownOperationException",
              "local-aws has no operation for " + request.method() + " " + request.rawPath());
      case AWS_JSON_1_1, DYNAMODB ->
          AwsError.of(
              400,
              "UnknownOperationException",
              "local-aws has no operation " + request.header("X-Amz-Target").orElse("(none)"));
    };
  }

  @Override
  public AwsError accessDenied(String text) {
    return AwsError.of(refusedStatus(), "AccessDeniedException", text);
  }

  private int refusedStatus() {
    return this == LAMBDA || this == API_GATEWAY ? 403 : 400;
  }

  @Override
  public AwsError refused(Refusal refusal) {
    int status = refusedStatus();
    return switch (refusal) {
      case WRONG_SIGNATURE ->
          AwsError.of(
              status,
              "InvalidSignatureException",
              "The request signature we calculated does not match the signature you provided. Check"
                  + " your AWS Secret Access Key and signing method. Consult the service"
                  + " documentation for details.");
      case WRONG_TOKEN ->
          AwsError.of(
              status,
              "UnrecognizedClientException",
              "The security token included in the request is invalid.");
      case EXPIRED ->
          AwsError.of(
              status,
              "ExpiredTokenException",
              "The security token included in the request is expired");
      case CLOCK_SKEW ->
          AwsError.of(
              status,
              "InvalidSignatureException",
              "Signature expired: the request's time is more than five minutes from the time here");
      case MALFORMED ->
          AwsError.of(
              status,
              "IncompleteSignatureException",
              "The Authorization header is not of the form that Signature Version 4 has");
    };
  }
}
