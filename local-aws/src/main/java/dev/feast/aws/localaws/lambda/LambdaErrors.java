package dev.feast.aws.localaws.lambda;

import dev.feast.aws.localaws.spi.AwsError;

/** Lambda's errors, with its texts. */
final class LambdaErrors {
  private LambdaErrors() {}

  static AwsError functionNotFound(String arn) {
    return notFound("Function not found: " + arn);
  }

  static AwsError aliasNotFound(String arn) {
    return notFound("Cannot find alias arn: " + arn);
  }

  /** What GetPolicy says of everything that is not there, the policy included. */
  static AwsError resourceNotFound() {
    return notFound("The resource you requested does not exist.");
  }

  static AwsError notFound(String text) {
    return AwsError.of(404, "ResourceNotFoundException", text);
  }

  static AwsError invalid(String text) {
    return AwsError.of(400, "InvalidParameterValueException", text);
  }

  static AwsError conflict(String text) {
    return AwsError.of(409, "ResourceConflictException", text);
  }

  static AwsError updateInProgress(String arn) {
    return conflict(
        "The operation cannot be performed at this time. An update is in progress for resource: "
            + arn);
  }

  static AwsError wrongState(String state) {
    return conflict(
        "The operation cannot be performed at this time. The function is currently in the following"
            + " state: "
            + state);
  }

  static AwsError wrongRevision(String api) {
    return AwsError.of(
        412,
        "PreconditionFailedException",
        "The Revision Id provided does not match the latest Revision Id. Call the "
            + api
            + " API to retrieve the latest Revision Id");
  }

  static AwsError tooManyRequests(String reason) {
    return AwsError.of(429, "TooManyRequestsException", "Rate Exceeded.").detail("Reason", reason);
  }
}
