package dev.feast.aws.localaws.apigateway;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.feast.aws.localaws.http.Request;
import dev.feast.aws.localaws.http.Response;
import dev.feast.aws.localaws.spi.AwsError;
import dev.feast.aws.localaws.spi.WireErrors;

/**
 * What an endpoint answers itself, in place of the integration: a status and {@code
 * {"message":"…"}}.
 */
final class EndpointErrors implements WireErrors {
  static AwsError notFound() {
    return AwsError.of(404, "NotFound", "Not Found");
  }

  /** No token, or none that is good; the challenge says which. */
  static AwsError unauthorized(String challenge) {
    return AwsError.of(401, "Unauthorized", "Unauthorized").header("www-authenticate", challenge);
  }

  static AwsError forbidden() {
    return AwsError.of(403, "Forbidden", "Forbidden");
  }

  static AwsError tooMany() {
    return AwsError.of(429, "TooManyRequests", "Too Many Requests");
  }

  /** The integration may not be called, failed, or answered what is no response. */
  static AwsError internal() {
    return AwsError.of(500, "InternalServerError", "Internal Server Error");
  }

  /** The integration took longer than its timeout. */
  static AwsError unavailable() {
    return AwsError.of(503, "ServiceUnavailable", "Service Unavailable");
  }

  static AwsError tooLarge() {
    return AwsError.of(413, "RequestEntityTooLarge", "Request Entity Too Large");
  }

  @Override
  public Response write(AwsError error, Request request, String requestId) {
    Response plain =
        Response.json(
            error.status(),
            JsonNodeFactory.instance.objectNode().put("message", error.text()).toString());
    return new Response(plain.status(), plain.headers().plus(error.headers()), plain.body());
  }

  @Override
  public String requestIdHeader() {
    return "Apigw-Requestid";
  }

  @Override
  public AwsError throttled() {
    return tooMany();
  }

  @Override
  public AwsError unknownOperation(Request request) {
    return notFound();
  }

  /** An endpoint's callers are told nothing of what is behind it. */
  @Override
  public AwsError failed(Exception problem) {
    return internal();
  }

  /** Nor of who would have had to allow what. */
  @Override
  public AwsError accessDenied(String text) {
    return forbidden();
  }

  @Override
  public AwsError refused(Refusal refusal) {
    return accessDenied("");
  }
}
