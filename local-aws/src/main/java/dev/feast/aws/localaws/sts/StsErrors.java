package dev.feast.aws.localaws.sts;

import dev.feast.aws.localaws.http.Request;
import dev.feast.aws.localaws.http.Response;
import dev.feast.aws.localaws.spi.AwsError;
import dev.feast.aws.localaws.spi.WireErrors;
import dev.feast.aws.localaws.xml.Xml;

/** Errors of AWS's query protocol, and STS' texts. */
enum StsErrors implements WireErrors {
  ERRORS;

  @Override
  public Response write(AwsError error, Request request, String requestId) {
    return Xml.document(
            "ErrorResponse",
            "https://sts.amazonaws.com/doc/2011-06-15/",
            xml ->
                xml.element(
                        "Error",
                        one ->
                            one.element("Type", error.status() >= 500 ? "Receiver" : "Sender")
                                .element("Code", error.code())
                                .element("Message", error.text()))
                    .element("RequestId", requestId))
        .response(error.status(), "text/xml");
  }

  @Override
  public String requestIdHeader() {
    return "x-amzn-RequestId";
  }

  @Override
  public AwsError throttled() {
    return AwsError.of(400, "Throttling", "Rate exceeded");
  }

  @Override
  public AwsError unknownOperation(Request request) {
    return invalidAction("", "");
  }

  static AwsError invalidAction(String action, String version) {
    return AwsError.of(
        400, "InvalidAction", "Could not find operation " + action + " for version " + version);
  }

  static AwsError validation(String text) {
    return AwsError.of(400, "ValidationError", text);
  }

  @Override
  public AwsError refused(Refusal refusal) {
    return switch (refusal) {
      case WRONG_SIGNATURE ->
          AwsError.of(
              403,
              "SignatureDoesNotMatch",
              "The request signature we calculated does not match the signature you provided. Check"
                  + " your AWS Secret Access Key and signing method. Consult the service"
                  + " documentation for details.");
      case WRONG_TOKEN ->
          AwsError.of(
              403,
              "InvalidClientTokenId",
              "The security token included in the request is invalid.");
      case EXPIRED ->
          AwsError.of(403, "ExpiredToken", "The security token included in the request is expired");
      case CLOCK_SKEW ->
          AwsError.of(
              403,
              "SignatureDoesNotMatch",
              "Signature expired: the request's time is too far from the time here");
      case MALFORMED ->
          AwsError.of(
              400,
              "IncompleteSignature",
              "The Authorization header is not of the form that Signature Version 4 has");
    };
  }
}
