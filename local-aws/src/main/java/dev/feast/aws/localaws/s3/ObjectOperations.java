package dev.feast.aws.localaws.s3;

import dev.feast.aws.localaws.http.Body;
import dev.feast.aws.localaws.http.Headers;
import dev.feast.aws.localaws.http.Parameters;
import dev.feast.aws.localaws.http.Request;
import dev.feast.aws.localaws.http.Response;
import dev.feast.aws.localaws.spi.AwsError;
import dev.feast.aws.localaws.xml.Xml;
import dev.feast.aws.localaws.xml.XmlInput;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The operations on single objects. */
final class ObjectOperations {
  private static final int MAX_KEY_BYTES = 1024;
  private static final int MAX_DELETED = 1000;
  private static final String DEFAULT_TYPE = "binary/octet-stream";

  private final Clock clock;

  ObjectOperations(Clock clock) {
    this.clock = clock;
  }

  /** GetObject, and HeadObject: the server leaves the body out. */
  Response get(Bucket bucket, String key, Request request) throws IOException {
    Bucket.Opened opened =
        bucket
            .read(
                key,
                object -> {
                  Preconditions.forRead(request.headers(), object);
                  return range(request, object).orElseGet(() -> ByteRange.all(object));
                })
            .orElseThrow(() -> S3Errors.noSuchKey(key));
    StoredObject object = opened.object();
    Optional<ByteRange> range = range(request, object);
    Headers headers =
        Headers.of(
            "ETag",
            object.quotedEtag(),
            "Last-Modified",
            Times.http(object.lastModifiedMillis()),
            "Accept-Ranges",
            "bytes");
    if (range.isPresent()) {
      headers = headers.plus("Content-Range", range.get().of(object.size()));
    }
    boolean checksums =
        range.isEmpty()
            && request.header("x-amz-checksum-mode").orElse("").equalsIgnoreCase("ENABLED");
    for (Map.Entry<String, String> kept : object.headers().entrySet()) {
      if (!kept.getKey().startsWith("x-amz-checksum-")) {
        headers = headers.plus(kept.getKey(), kept.getValue());
      } else if (checksums) {
        headers =
            headers.plus(kept.getKey(), kept.getValue()).with("x-amz-checksum-type", "FULL_OBJECT");
      }
    }
    if (!headers.has("Content-Type")) {
      headers = headers.plus("Content-Type", DEFAULT_TYPE);
    }
    return new Response(
        range.isPresent() ? 206 : 200, overridden(headers, request.query()), opened.content());
  }

  private static Optional<ByteRange> range(Request request, StoredObject object) {
    return request.header("Range").flatMap(range -> ByteRange.of(range, object.size()));
  }

  /** {@code response-content-type=…} and its like, for links that are given away. */
  private static Headers overridden(Headers headers, Parameters query) {
    Headers result = headers;
    for (Parameters.Parameter parameter : query.list()) {
      if (parameter.name().startsWith("response-")) {
        result = result.with(parameter.name().substring("response-".length()), parameter.value());
      }
    }
    return result;
  }

  Response put(Bucket bucket, String key, Request request) throws IOException {
    checkKey(key);
    StoredObject object =
        bucket.put(
            key,
            Upload.of(request),
            Upload.kept(request.headers()),
            clock.millis(),
            Preconditions.forWrite(request.headers(), key));
    return written(object);
  }

  /** What an upload answers: its tag and the checksums that were verified. */
  static Response written(StoredObject object) {
    Response response = Response.of(200, "ETag", object.quotedEtag());
    for (Map.Entry<String, String> header : object.headers().entrySet()) {
      if (header.getKey().startsWith("x-amz-checksum-")) {
        response = response.with(header.getKey(), header.getValue());
      }
    }
    return response;
  }

  static void checkKey(String key) {
    int bytes = key.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > MAX_KEY_BYTES) {
      throw AwsError.of(400, "KeyTooLongError", "Your key is too long")
          .detail("Size", Integer.toString(bytes))
          .detail("MaxSizeAllowed", Integer.toString(MAX_KEY_BYTES));
    }
  }

  Response copy(
      CopySource from, Function<String, Bucket> buckets, Bucket to, String key, Request request)
      throws IOException {
    checkKey(key);
    Bucket.Opened source =
        buckets
            .apply(from.bucket())
            .read(from.key(), ByteRange::all)
            .orElseThrow(() -> S3Errors.noSuchKey(from.key()));
    try (Body.Stream content = source.content()) {
      StoredObject object = source.object();
      Preconditions.forCopySource(request.headers(), object);
      Map<String, String> headers = object.headers();
      if (request.header("x-amz-metadata-directive").orElse("COPY").equalsIgnoreCase("REPLACE")) {
        headers = Upload.kept(request.headers());
      } else if (to.name().equals(from.bucket()) && key.equals(from.key())) {
        throw AwsError.of(
            400,
            "InvalidRequest",
            "This copy request is illegal because it is trying to copy an object to itself without"
                + " changing the object's metadata, storage class, website redirect location or"
                + " encryption attributes.");
      }
      var copy = new StoredObject(key, object.size(), object.etag(), clock.millis(), headers);
      Path incoming = to.incoming();
      try (FileChannel channel = Bucket.create(incoming)) {
        content.in().transferTo(Channels.newOutputStream(channel));
        ObjectFile.finish(channel, copy);
        to.replace(incoming, copy, Preconditions.forWrite(request.headers(), key));
      } finally {
        Files.deleteIfExists(incoming);
      }
      return Xml.document(
              "CopyObjectResult",
              BucketOperations.NAMESPACE,
              xml ->
                  xml.element("ETag", copy.quotedEtag())
                      .element("LastModified", Times.iso(copy.lastModifiedMillis())))
          .response(200, "application/xml");
    }
  }

  /** The same answer whether there was one or not. */
  Response delete(Bucket bucket, String key) throws IOException {
    bucket.delete(key);
    return Response.of(204);
  }

  /**
   * @param refusal why an object of that key may not be deleted; empty where it may
   */
  Response deleteAll(Bucket bucket, Request request, Function<String, Optional<String>> refusal)
      throws IOException {
    XmlInput input = XmlInput.parse(Upload.document(request)).orElseThrow(S3Errors::malformedXml);
    List<String> keys =
        input.all("Object").stream()
            .map(object -> object.text("Key").orElseThrow(S3Errors::malformedXml))
            .toList();
    if (keys.isEmpty() || keys.size() > MAX_DELETED) {
      throw S3Errors.malformedXml();
    }
    boolean quiet =
        input.text("Quiet").orElse("false").toLowerCase(Locale.ROOT).strip().equals("true");
    var refused = new LinkedHashMap<String, String>();
    for (String key : keys) {
      Optional<String> why = refusal.apply(key);
      if (why.isPresent()) {
        refused.put(key, why.get());
      } else {
        bucket.delete(key);
      }
    }
    return Xml.document(
            "DeleteResult",
            BucketOperations.NAMESPACE,
            xml -> {
              for (String key : keys) {
                String why = refused.get(key);
                if (why != null) {
                  xml.element(
                      "Error",
                      e ->
                          e.element("Key", key)
                              .element("Code", "AccessDenied")
                              .element("Message", why));
                } else if (!quiet) {
                  xml.element("Deleted", d -> d.element("Key", key));
                }
              }
            })
        .response(200, "application/xml");
  }
}
