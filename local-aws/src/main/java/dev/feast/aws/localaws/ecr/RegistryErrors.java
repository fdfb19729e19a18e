package dev.feast.aws.localaws.ecr;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.feast.aws.localaws.http.Body;
import dev.feast.aws.localaws.http.Headers;
import dev.feast.aws.localaws.http.Request;
import dev.feast.aws.localaws.http.Response;
import dev.feast.aws.localaws.spi.AwsError;
import dev.feast.aws.localaws.spi.WireErrors;

/** Errors as the OCI distribution specification has them, with ECR's codes and texts. */
final class RegistryErrors implements WireErrors {
  private static final JsonMapper JSON = new JsonMapper();

  /** No credentials, and the challenge that says which to bring. */
  static AwsError unauthorized(Request request) {
    String host = request.header("Host").orElse("127.0.0.1");
    return AwsError.of(401, "UNAUTHORIZED", "Not Authorized\n")
        .header(
            "WWW-Authenticate",
            "Basic realm=\"http://" + host + "/\",service=\"ecr.amazonaws.com\"");
  }

  static AwsError denied(String text) {
    return AwsError.of(403, "DENIED", text);
  }

  static AwsError unsupported() {
    return AwsError.of(405, "UNSUPPORTED", "The operation is unsupported.");
  }

  @Override
  public Response write(AwsError error, Request request, String requestId) {
    Response response;
    if (error.code().equals("UNAUTHORIZED")) {
      // ECR's gateway answers before the registry does, and not in JSON.
      response =
          new Response(
              error.status(),
              Headers.of("Content-Type", "text/plain; charset=utf-8"),
              Body.text(error.text()));
    } else {
      var body = JSON.createObjectNode();
      body.putArray("errors").addObject().put("code", error.code()).put("message", error.text());
      response = Response.json(error.status(), body.toString());
    }
    return new Response(
        response.status(),
        response
            .headers()
            .plus("Docker-Distribution-Api-Version", "registry/2.0")
            .plus(error.headers()),
        response.body());
  }

  @Override
  public String requestIdHeader() {
    return "x-amzn-RequestId";
  }

  @Override
  public AwsError throttled() {
    return AwsError.of(429, "TOOMANYREQUESTS", "Rate exceeded");
  }

  @Override
  public AwsError unknownOperation(Request request) {
    return unsupported();
  }

  @Override
  public AwsError accessDenied(String text) {
    return denied(text);
  }

  @Override
  public AwsError refused(Refusal refusal) {
    return denied("Your Authorization Token is invalid.");
  }
}
