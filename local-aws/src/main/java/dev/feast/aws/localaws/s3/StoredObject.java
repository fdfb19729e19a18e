package dev.feast.aws.localaws.s3;

import java.util.Map;

/**
 * What belongs to an object (or to a part of an upload) beside its content.
 *
 * @param etag without quotes: the content's MD5, or of an upload the MD5 of its parts' MD5s and
 *     their number
 * @param lastModifiedMillis since the epoch
 * @param headers that come back with it: Content-Type, …, {@code x-amz-meta-*}, {@code
 *     x-amz-checksum-*}
 */
record StoredObject(
    String key, long size, String etag, long lastModifiedMillis, Map<String, String> headers) {
  StoredObject {
    headers = Map.copyOf(headers);
  }

  /** As HTTP has it, in quotes. */
  String quotedEtag() {
    return "\"" + etag + "\"";
  }
}
