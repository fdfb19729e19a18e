package dev.feast.aws.localaws.s3;

import dev.feast.aws.localaws.http.Request;
import dev.feast.aws.localaws.http.Response;
import dev.feast.aws.localaws.spi.AwsError;
import dev.feast.aws.localaws.spi.WireErrors;
import dev.feast.aws.localaws.xml.Xml;
import java.util.Base64;

/** S3's errors: their texts, and how they are written. */
final class S3Errors implements WireErrors {
  static final String NO_SUCH_KEY = "NoSuchKey";

  @Override
  public Response write(AwsError error, Request request, String requestId) {
    Response response =
        error.status() == 304
            ? Response.of(304)
            : Xml.document(
                    "Error",
                    xml -> {
                      xml.element("Code", error.code()).element("Message", error.text());
                      error.details().forEach(xml::element);
                      xml.element("RequestId", requestId).element("HostId", hostId(requestId));
                    })
                .response(error.status(), "application/xml");
    return new Response(
            response.status(), response.headers().plus(error.headers()), response.body())
        .with("x-amz-id-2", hostId(requestId));
  }

  private static String hostId(String requestId) {
    return Base64.getEncoder()
        .encodeToString(requestId.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  @Override
  public String requestIdHeader() {
    return "x-amz-request-id";
  }

  @Override
  public AwsError throttled() {
    return AwsError.of(503, "SlowDown", "Please reduce your request rate.");
  }

  @Override
  public AwsError unknownOperation(Request request) {
    return AwsError.of(
        501,
        "NotImplemented",
        "local-aws has no operation for "
            + request.method()
            + " "
            + request.rawPath()
            + (request.rawQuery().isEmpty() ? "" : "?" + request.rawQuery()));
  }

  @Override
  public AwsError accessDenied(String text) {
    return AwsError.of(403, "AccessDenied", S3Permissions.quoted(text));
  }

  @Override
  public AwsError refused(Refusal refusal) {
    return switch (refusal) {
      case WRONG_SIGNATURE ->
          AwsError.of(
              403,
              "SignatureDoesNotMatch",
              "The request signature we calculated does not match the signature you provided. Check"
                  + " your key and signing method.");
      case WRONG_TOKEN ->
          AwsError.of(400, "InvalidToken", "The provided token is malformed or otherwise invalid.");
      case EXPIRED -> AwsError.of(400, "ExpiredToken", "The provided token has expired.");
      case CLOCK_SKEW ->
          AwsError.of(
              403,
              "RequestTimeTooSkewed",
              "The difference between the request time and the current time is too large.");
      case MALFORMED ->
          AwsError.of(
              400,
              "AuthorizationHeaderMalformed",
              "The authorization header that you provided is not valid.");
    };
  }

  static AwsError accessDenied() {
    return AwsError.of(403, "AccessDenied", "Access Denied");
  }

  static AwsError noSuchBucket(String bucket) {
    return AwsError.of(404, "NoSuchBucket", "The specified bucket does not exist")
        .detail("BucketName", bucket);
  }

  static AwsError noSuchKey(String key) {
    return AwsError.of(404, NO_SUCH_KEY, "The specified key does not exist.").detail("Key", key);
  }

  static AwsError noSuchUpload(String uploadId) {
    return AwsError.of(
            404,
            "NoSuchUpload",
            "The specified upload does not exist. The upload ID may be invalid, or the upload may"
                + " have been aborted or completed.")
        .detail("UploadId", uploadId);
  }

  static AwsError preconditionFailed(String condition) {
    return AwsError.of(
            412,
            "PreconditionFailed",
            "At least one of the pre-conditions you specified did not hold")
        .detail("Condition", condition);
  }

  static AwsError invalidArgument(String text) {
    return AwsError.of(400, "InvalidArgument", text);
  }

  static AwsError invalidUri() {
    return AwsError.of(400, "InvalidURI", "Couldn't parse the specified URI.");
  }

  static AwsError malformedXml() {
    return AwsError.of(
        400,
        "MalformedXML",
        "The XML you provided was not well-formed or did not validate against our published"
            + " schema");
  }

  static AwsError incompleteBody() {
    return AwsError.of(400, "IncompleteBody", "The request body terminated unexpectedly");
  }

  /**
   * A request signed for a region that is not the bucket's. Under the global endpoint (us-east-1)
   * S3 routes it to the bucket's region, which refuses the signature; a regional endpoint
   * redirects.
   */
  static AwsError wrongRegion(String signedRegion, String bucket, String bucketRegion) {
    if (signedRegion.equals("us-east-1")) {
      return AwsError.of(
              400,
              "AuthorizationHeaderMalformed",
              "The authorization header is malformed; the region 'us-east-1' is wrong; expecting '"
                  + bucketRegion
                  + "'")
          .detail("Region", bucketRegion)
          .header("x-amz-bucket-region", bucketRegion);
    }
    return AwsError.of(
            301,
            "PermanentRedirect",
            "The bucket you are attempting to access must be addressed using the specified"
                + " endpoint. Please send all future requests to this endpoint.")
        .detail("Bucket", bucket)
        .detail("Endpoint", "s3." + bucketRegion + ".amazonaws.com")
        .header("x-amz-bucket-region", bucketRegion);
  }
}
