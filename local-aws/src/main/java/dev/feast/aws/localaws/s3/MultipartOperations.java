package dev.feast.aws.localaws.s3;

import dev.feast.aws.localaws.http.Parameters;
import dev.feast.aws.localaws.http.Request;
import dev.feast.aws.localaws.http.Response;
import dev.feast.aws.localaws.xml.Xml;
import dev.feast.aws.localaws.xml.XmlInput;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Map;

/** The operations on uploads in parts. */
final class MultipartOperations {
  private final Clock clock;

  MultipartOperations(Clock clock) {
    this.clock = clock;
  }

  Response begin(Bucket bucket, String key, Request request) throws IOException {
    ObjectOperations.checkKey(key);
    String id = bucket.uploads().begin(key, Upload.kept(request.headers()), clock.millis());
    Response response =
        Xml.document(
                "InitiateMultipartUploadResult",
                BucketOperations.NAMESPACE,
                xml ->
                    xml.element("Bucket", bucket.name())
                        .element("Key", key)
                        .element("UploadId", id))
            .response(200, "application/xml");
    return request
        .header("x-amz-checksum-algorithm")
        .map(algorithm -> response.with("x-amz-checksum-algorithm", algorithm))
        .orElse(response);
  }

  Response part(Bucket bucket, String key, Request request, Parameters query) throws IOException {
    int number = number(query.first("partNumber").orElse(""));
    return ObjectOperations.written(
        bucket.uploads().putPart(uploadId(query), key, number, Upload.of(request), clock.millis()));
  }

  Response complete(Bucket bucket, String key, Request request, Parameters query)
      throws IOException {
    XmlInput input = XmlInput.parse(Upload.document(request)).orElseThrow(S3Errors::malformedXml);
    List<MultipartUploads.Part> parts =
        input.all("Part").stream()
            .map(
                part ->
                    new MultipartUploads.Part(
                        number(part.text("PartNumber").orElse("")),
                        part.text("ETag").orElseThrow(S3Errors::malformedXml)))
            .toList();
    StoredObject object =
        bucket
            .uploads()
            .complete(
                uploadId(query),
                key,
                parts,
                clock.millis(),
                Preconditions.forWrite(request.headers(), key));
    return Xml.document(
            "CompleteMultipartUploadResult",
            BucketOperations.NAMESPACE,
            xml ->
                xml.element("Location", "/" + bucket.name() + "/" + key)
                    .element("Bucket", bucket.name())
                    .element("Key", key)
                    .element("ETag", object.quotedEtag()))
        .response(200, "application/xml");
  }

  Response abort(Bucket bucket, String key, Parameters query) throws IOException {
    bucket.uploads().abort(uploadId(query), key);
    return Response.of(204);
  }

  Response parts(Bucket bucket, String key, Parameters query) throws IOException {
    Map<Integer, StoredObject> parts = bucket.uploads().parts(uploadId(query), key);
    return Xml.document(
            "ListPartsResult",
            BucketOperations.NAMESPACE,
            xml -> {
              xml.element("Bucket", bucket.name())
                  .element("Key", key)
                  .element("UploadId", uploadId(query))
                  .element("IsTruncated", "false");
              parts.forEach((number, part) -> describe(number, part, xml));
            })
        .response(200, "application/xml");
  }

  private static void describe(int number, StoredObject part, Xml list) {
    list.element(
        "Part",
        xml ->
            xml.element("PartNumber", Integer.toString(number))
                .element("LastModified", Times.iso(part.lastModifiedMillis()))
                .element("ETag", part.quotedEtag())
                .element("Size", Long.toString(part.size())));
  }

  Response list(Bucket bucket) throws IOException {
    Map<String, MultipartUploads.Begun> uploads = bucket.uploads().list();
    return Xml.document(
            "ListMultipartUploadsResult",
            BucketOperations.NAMESPACE,
            xml -> {
              xml.element("Bucket", bucket.name()).element("IsTruncated", "false");
              uploads.forEach(
                  (id, upload) ->
                      xml.element(
                          "Upload",
                          one ->
                              one.element("Key", upload.key())
                                  .element("UploadId", id)
                                  .element("Initiated", Times.iso(upload.startedMillis()))));
            })
        .response(200, "application/xml");
  }

  private static String uploadId(Parameters query) {
    return query.first("uploadId").orElse("");
  }

  private static int number(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw S3Errors.invalidArgument(
          "Part number must be an integer between 1 and 10000, inclusive");
    }
  }
}
