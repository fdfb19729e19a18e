package dev.feast.aws.localaws.s3;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/** Times as S3 writes them. */
final class Times {
  private static final DateTimeFormatter HTTP =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
          .withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter ISO =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.US)
          .withZone(ZoneOffset.UTC);

  private Times() {}

  /** {@code Sun, 01 Nov 2026 12:00:00 GMT}. */
  static String http(long millis) {
    return HTTP.format(Instant.ofEpochMilli(millis));
  }

  /** {@code 2026-11-01T12:00:00.000Z}. */
  static String iso(long millis) {
    return ISO.format(Instant.ofEpochMilli(millis));
  }

  /** Seconds since the epoch; empty for what is no HTTP date, which S3 ignores. */
  static Optional<Long> seconds(String http) {
    try {
      return Optional.of(Instant.from(HTTP.parse(http)).getEpochSecond());
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
