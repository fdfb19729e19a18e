package dev.feast.aws.localaws.s3;

import dev.feast.aws.localaws.http.Parameters;
import dev.feast.aws.localaws.http.Response;
import dev.feast.aws.localaws.xml.Xml;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * One page of a bucket's keys.
 *
 * @param keys objects, in order
 * @param prefixes what keys have in common up to the delimiter, in order; each stands for all keys
 *     that begin with it
 * @param last the last key or prefix of the page; where the next one goes on
 * @param truncated whether there is a next one
 */
record Listing(List<StoredObject> keys, List<String> prefixes, String last, boolean truncated) {
  private static final int MAX_KEYS = 1000;

  /** ListObjectsV2. */
  static Response version2(Bucket bucket, Parameters query) {
    Optional<String> token = query.first("continuation-token");
    String after =
        token.map(Listing::decodeToken).orElseGet(() -> query.first("start-after").orElse(""));
    Listing page = page(bucket, query, after);
    return Xml.document(
            "ListBucketResult",
            BucketOperations.NAMESPACE,
            xml -> {
              page.describe(bucket, query, xml);
              xml.element("KeyCount", Integer.toString(page.keys.size() + page.prefixes.size()));
              token.ifPresent(t -> xml.element("ContinuationToken", t));
              query
                  .first("start-after")
                  .ifPresent(start -> xml.element("StartAfter", encode(start, query)));
              if (page.truncated) {
                xml.element("NextContinuationToken", encodeToken(page.last));
              }
            })
        .response(200, "application/xml");
  }

  /** ListObjects, the older one. */
  static Response version1(Bucket bucket, Parameters query) {
    String marker = query.first("marker").orElse("");
    Listing page = page(bucket, query, marker);
    return Xml.document(
            "ListBucketResult",
            BucketOperations.NAMESPACE,
            xml -> {
              page.describe(bucket, query, xml);
              xml.element("Marker", encode(marker, query));
              if (page.truncated && query.has("delimiter")) {
                xml.element("NextMarker", encode(page.last, query));
              }
            })
        .response(200, "application/xml");
  }

  private static Listing page(Bucket bucket, Parameters query, String after) {
    String prefix = query.first("prefix").orElse("");
    String delimiter = query.first("delimiter").orElse("");
    int max = maxKeys(query);
    var keys = new ArrayList<StoredObject>();
    var prefixes = new ArrayList<String>();
    String last = after;
    if (max == 0) {
      return new Listing(keys, prefixes, last, false);
    }
    boolean inclusive = Bucket.KEY_ORDER.compare(prefix, after) > 0;
    for (StoredObject object :
        bucket.objects().tailMap(inclusive ? prefix : after, inclusive).values()) {
      if (!object.key().startsWith(prefix)) {
        break;
      }
      int end = delimiter.isEmpty() ? -1 : object.key().indexOf(delimiter, prefix.length());
      String common = end < 0 ? "" : object.key().substring(0, end + delimiter.length());
      if (!common.isEmpty() && common.equals(last)) {
        continue; // stands for this one too, on this page or the one before
      }
      if (keys.size() + prefixes.size() == max) {
        return new Listing(keys, prefixes, last, true);
      }
      if (common.isEmpty()) {
        keys.add(object);
        last = object.key();
      } else {
        prefixes.add(common);
        last = common;
      }
    }
    return new Listing(keys, prefixes, last, false);
  }

  private static int maxKeys(Parameters query) {
    String text = query.first("max-keys").orElse("");
    if (text.isEmpty()) {
      return MAX_KEYS;
    }
    try {
      int max = Integer.parseInt(text);
      if (max >= 0) {
        return Math.min(max, MAX_KEYS);
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw S3Errors.invalidArgument("Argument max-keys must be an integer between 0 and 2147483647");
  }

  private void describe(Bucket bucket, Parameters query, Xml xml) {
    xml.element("Name", bucket.name())
        .element("Prefix", encode(query.first("prefix").orElse(""), query))
        .element("MaxKeys", Integer.toString(maxKeys(query)))
        .element("IsTruncated", Boolean.toString(truncated));
    query.first("delimiter").ifPresent(d -> xml.element("Delimiter", encode(d, query)));
    query.first("encoding-type").ifPresent(type -> xml.element("EncodingType", type));
    for (StoredObject object : keys) {
      xml.element(
          "Contents",
          one ->
              one.element("Key", encode(object.key(), query))
                  .element("LastModified", Times.iso(object.lastModifiedMillis()))
                  .element("ETag", object.quotedEtag())
                  .element("Size", Long.toString(object.size()))
                  .element("StorageClass", "STANDARD"));
    }
    for (String prefix : prefixes) {
      xml.element("CommonPrefixes", one -> one.element("Prefix", encode(prefix, query)));
    }
  }

  private static String encode(String key, Parameters query) {
    return query.first("encoding-type").orElse("").equals("url")
        ? URLEncoder.encode(key, StandardCharsets.UTF_8).replace("%2F", "/")
        : key;
  }

  private static String encodeToken(String key) {
    return Base64.getUrlEncoder().encodeToString(key.getBytes(StandardCharsets.UTF_8));
  }

  private static String decodeToken(String token) {
    try {
      return new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw S3Errors.invalidArgument("The continuation token provided is incorrect");
    }
  }
}
