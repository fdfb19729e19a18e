package dev.feast.aws.localaws.s3;

import dev.feast.aws.localaws.spi.AwsError;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Some of an object's bytes, counted from 0. */
record ByteRange(long first, long length) {
  private static final Pattern HEADER = Pattern.compile("bytes=(\\d*)-(\\d*)");

  static ByteRange all(StoredObject object) {
    return new ByteRange(0, object.size());
  }

  /**
   * What a Range header asks for; empty where S3 ignores it (several ranges, other units).
   *
   * @throws AwsError InvalidRange when the object has none of these bytes
   */
  static Optional<ByteRange> of(String header, long size) {
    Matcher parts = HEADER.matcher(header.strip());
    if (!parts.matches() || (parts.group(1).isEmpty() && parts.group(2).isEmpty())) {
      return Optional.empty();
    }
    long first;
    long last;
    if (parts.group(1).isEmpty()) {
      first = Math.max(0, size - Long.parseLong(parts.group(2)));
      last = size - 1;
    } else {
      first = Long.parseLong(parts.group(1));
      last =
          parts.group(2).isEmpty() ? size - 1 : Math.min(size - 1, Long.parseLong(parts.group(2)));
      if (!parts.group(2).isEmpty() && Long.parseLong(parts.group(2)) < first) {
        return Optional.empty();
      }
    }
    if (first >= size) {
      throw AwsError.of(416, "InvalidRange", "The requested range is not satisfiable")
          .detail("RangeRequested", header)
          .detail("ActualObjectSize", Long.toString(size))
          .header("Content-Range", "bytes */" + size);
    }
    return Optional.of(new ByteRange(first, last - first + 1));
  }

  /** The Content-Range header. */
  String of(long size) {
    return "bytes " + first + "-" + (first + length - 1) + "/" + size;
  }
}
