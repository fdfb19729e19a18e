package dev.feast.aws.localaws.spi;

import dev.feast.aws.localaws.http.Request;
import dev.feast.aws.localaws.http.Response;
import dev.feast.aws.localaws.xml.Xml;

/**
 * Errors of the services that speak AWS's query protocol: forms in, XML out.
 *
 * @param namespace of the service's XML
 */
public record QueryErrors(String namespace) implements WireErrors {

  @Override
  public Response write(AwsError error, Request request, String requestId) {
    return Xml.document(
            "ErrorResponse",
            namespace,
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

  /** For an {@code Action} that the service does not have. */
  public static AwsError invalidAction(String action, String version) {
    return AwsError.of(
        400, "InvalidAction", "Could not find operation " + action + " for version " + version);
  }

  @Override
  public AwsError accessDenied(String text) {
    return AwsError.of(403, "AccessDenied", text);
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
