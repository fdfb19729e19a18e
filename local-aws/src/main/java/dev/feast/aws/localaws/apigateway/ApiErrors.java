package dev.feast.aws.localaws.apigateway;

import dev.feast.aws.localaws.spi.AwsError;

/** API Gateway's errors. */
final class ApiErrors {
  private ApiErrors() {}

  static AwsError apiNotFound(String account, String apiId) {
    return notFound("Invalid API identifier specified " + account + ":" + apiId);
  }

  static AwsError notFound(String text) {
    return AwsError.of(404, "NotFoundException", text);
  }

  static AwsError badRequest(String text) {
    return AwsError.of(400, "BadRequestException", text);
  }

  static AwsError conflict(String text) {
    return AwsError.of(409, "ConflictException", text);
  }
}
