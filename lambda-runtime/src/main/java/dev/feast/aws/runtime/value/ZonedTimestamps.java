package dev.feast.aws.runtime.value;

import com.fasterxml.jackson.core.JsonGenerator;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.feast.aws.runtime.proto.ValueProto.ZonedTimestamp;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * Timestamps that carry their zone, as Python's {@code datetime.isoformat()} writes them. Apart
 * from {@link ValueJson}, so that only who has such features loads the time zone database.
 */
final class ZonedTimestamps {

  /** Feast's mark for no time. */
  private static final long NO_TIME = Long.MIN_VALUE;

  /** Python's calendar, the years 1 to 9999: past it no Feast wrote a time. */
  private static final long FIRST_SECOND = -62_135_596_800L;

  private static final long LAST_SECOND = 253_402_300_799L;

  private ZonedTimestamps() {}

  static void write(JsonGenerator json, ZonedTimestamp timestamp) throws IOException {
    long seconds = timestamp.getUnixTimestamp();
    if (seconds == NO_TIME) {
      json.writeNull();
      return;
    }
    if (seconds < FIRST_SECOND || seconds > LAST_SECOND) {
      throw new InvalidProtocolBufferException("a time past the calendar");
    }
    json.writeString(text(seconds, zone(timestamp.getZone())));
  }

  /** A name of the time zone database or an offset; Feast takes what is neither for UTC. */
  private static ZoneId zone(String name) {
    if (name.isEmpty()) {
      return ZoneOffset.UTC;
    }
    try {
      return ZoneId.of(name.strip());
    } catch (DateTimeException e) {
      return ZoneOffset.UTC;
    }
  }

  /** By hand, because java.time leaves out seconds that are zero, and formatters load slowly. */
  private static String text(long seconds, ZoneId zone) {
    OffsetDateTime at = OffsetDateTime.ofInstant(Instant.ofEpochSecond(seconds), zone);
    String time = at.toLocalTime() + (at.getSecond() == 0 ? ":00" : "");
    String offset = at.getOffset().equals(ZoneOffset.UTC) ? "+00:00" : at.getOffset().getId();
    return at.toLocalDate() + "T" + time + offset;
  }
}
