package dev.feast.aws.localaws.s3;

import dev.feast.aws.localaws.http.Request;
import dev.feast.aws.localaws.http.Response;
import dev.feast.aws.localaws.spi.AwsError;
import dev.feast.aws.localaws.spi.Caller;
import dev.feast.aws.localaws.xml.Xml;
import dev.feast.aws.localaws.xml.XmlInput;
import java.io.IOException;
import java.time.Clock;
import java.util.Optional;

/** The operations on buckets. */
final class BucketOperations {
  static final String NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/";
  private static final String FIRST_REGION = "us-east-1";

  private final Buckets buckets;
  private final Clock clock;

  BucketOperations(Buckets buckets, Clock clock) {
    this.buckets = buckets;
    this.clock = clock;
  }

  /** The bucket, which the request has to be signed for the region of. */
  Bucket get(String name, Caller caller) {
    Bucket bucket = buckets.find(name).orElseThrow(() -> S3Errors.noSuchBucket(name));
    String region = bucket.properties().region();
    if (!region.equals(caller.region())) {
      throw S3Errors.wrongRegion(caller.region(), name, region);
    }
    return bucket;
  }

  Response create(String name, Request request, Caller caller) throws IOException {
    String region = region(Upload.document(request), caller.region());
    buckets.create(new Bucket.Properties(name, region, caller.accountId(), clock.millis()));
    return Response.of(200, "Location", "/" + name);
  }

  /**
   * Where CreateBucket is to make it: under the global endpoint anywhere, else in the endpoint's
   * region.
   */
  private static String region(byte[] body, String endpointRegion) {
    Optional<String> constraint = Optional.empty();
    if (body.length > 0) {
      constraint =
          XmlInput.parse(body)
              .orElseThrow(S3Errors::malformedXml)
              .text("LocationConstraint")
              .filter(text -> !text.isBlank())
              .map(text -> text.equals("EU") ? "eu-west-1" : text.strip());
    }
    String region = constraint.orElse(FIRST_REGION);
    if (!endpointRegion.equals(FIRST_REGION) && !endpointRegion.equals(region)) {
      throw AwsError.of(
          400,
          "IllegalLocationConstraintException",
          "The "
              + constraint.orElse("unspecified")
              + " location constraint is incompatible for the region specific endpoint this"
              + " request was sent to.");
    }
    if (constraint.filter(FIRST_REGION::equals).isPresent()) {
      throw AwsError.of(
              400, "InvalidLocationConstraint", "The specified location-constraint is not valid")
          .detail("LocationConstraint", FIRST_REGION);
    }
    return region;
  }

  Response head(String name, Caller caller) {
    Bucket bucket = get(name, caller);
    return Response.of(
        200,
        "x-amz-bucket-region",
        bucket.properties().region(),
        "x-amz-access-point-alias",
        "false",
        "Content-Type",
        "application/xml");
  }

  /** Answered for a bucket of any region; that is what it is for. */
  Response location(String name) {
    Bucket bucket = buckets.find(name).orElseThrow(() -> S3Errors.noSuchBucket(name));
    String region = bucket.properties().region();
    return Xml.document(
            "LocationConstraint",
            NAMESPACE,
            xml -> xml.text(region.equals(FIRST_REGION) ? "" : region))
        .response(200, "application/xml");
  }

  Response delete(String name, Caller caller) throws IOException {
    buckets.delete(get(name, caller));
    return Response.of(204);
  }

  Response list(Caller caller) {
    return Xml.document(
            "ListAllMyBucketsResult",
            NAMESPACE,
            xml ->
                xml.element(
                        "Owner",
                        owner ->
                            owner
                                .element("ID", caller.accountId())
                                .element("DisplayName", caller.accountId()))
                    .element(
                        "Buckets",
                        list ->
                            buckets.all().stream()
                                .map(Bucket::properties)
                                .filter(bucket -> bucket.owner().equals(caller.accountId()))
                                .forEach(bucket -> describe(bucket, list))))
        .response(200, "application/xml");
  }

  private static void describe(Bucket.Properties bucket, Xml list) {
    list.element(
        "Bucket",
        xml ->
            xml.element("Name", bucket.name())
                .element("CreationDate", Times.iso(bucket.createdMillis()))
                .element("BucketRegion", bucket.region()));
  }
}
