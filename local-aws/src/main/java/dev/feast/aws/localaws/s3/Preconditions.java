package dev.feast.aws.localaws.s3;

import dev.feast.aws.localaws.http.Headers;
import dev.feast.aws.localaws.spi.AwsError;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;

/** The conditions that a request may put on the object that is there. */
final class Preconditions {
  private Preconditions() {}

  /**
   * Of GetObject and HeadObject. Where both a tag and a date are given, the tag decides (RFC 9110,
   * 13.2.2).
   *
   * @throws AwsError 412, or 304 for what the client has already
   */
  static void forRead(Headers headers, StoredObject object) {
    checkRead(headers, "If-", object);
  }

  /** Of CopyObject, on its source. */
  static void forCopySource(Headers headers, StoredObject source) {
    checkRead(headers, "x-amz-copy-source-if-", source);
  }

  private static void checkRead(Headers headers, String prefix, StoredObject object) {
    long modified = object.lastModifiedMillis() / 1000;
    Optional<String> match = headers.first(prefix + "Match");
    if (match.isPresent()) {
      if (!names(match.get(), object)) {
        throw S3Errors.preconditionFailed("If-Match");
      }
    } else if (date(headers, prefix + "Unmodified-Since").filter(d -> modified > d).isPresent()) {
      throw S3Errors.preconditionFailed("If-Unmodified-Since");
    }
    Optional<String> noneMatch = headers.first(prefix + "None-Match");
    boolean unchanged =
        noneMatch.isPresent()
            ? names(noneMatch.get(), object)
            : date(headers, prefix + "Modified-Since").filter(d -> modified <= d).isPresent();
    if (unchanged) {
      throw prefix.equals("If-")
          ? AwsError.of(304, "NotModified", "Not Modified")
              .header("ETag", object.quotedEtag())
              .header("Last-Modified", Times.http(object.lastModifiedMillis()))
          : S3Errors.preconditionFailed(prefix + "None-Match");
    }
  }

  /** Of PutObject and CompleteMultipartUpload, on what they are about to replace. */
  static Consumer<Optional<StoredObject>> forWrite(Headers headers, String key) {
    Optional<String> match = headers.first("If-Match");
    Optional<String> noneMatch = headers.first("If-None-Match");
    return there -> {
      if (noneMatch.isPresent()) {
        if (!noneMatch.get().strip().equals("*")) {
          throw AwsError.of(
              501,
              "NotImplemented",
              "A header you provided implies functionality that is not implemented");
        }
        if (there.isPresent()) {
          throw S3Errors.preconditionFailed("If-None-Match");
        }
      }
      if (match.isPresent()) {
        StoredObject object = there.orElseThrow(() -> S3Errors.noSuchKey(key));
        if (!names(match.get(), object)) {
          throw S3Errors.preconditionFailed("If-Match");
        }
      }
    };
  }

  private static boolean names(String tags, StoredObject object) {
    return Arrays.stream(tags.split(","))
        .map(String::strip)
        .anyMatch(
            tag ->
                tag.equals("*")
                    || tag.equals(object.quotedEtag())
                    || tag.equals("W/" + object.quotedEtag())
                    || tag.equals(object.etag()));
  }

  private static Optional<Long> date(Headers headers, String name) {
    return headers.first(name).flatMap(Times::seconds);
  }
}
