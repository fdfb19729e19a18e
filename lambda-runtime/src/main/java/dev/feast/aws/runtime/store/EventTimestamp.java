package dev.feast.aws.runtime.store;

import java.time.Instant;
import java.time.LocalDate;

/**
 * Reads {@code event_ts} as Feast writes it: Python's {@code str()} of a datetime with a zone, such
 * as {@code 2026-11-01 12:00:00.250000+00:00}. By hand, because java.time's formatters take longer
 * to load than a whole lookup does.
 */
public final class EventTimestamp {

  private static final int SECONDS_END = 19;

  private EventTimestamp() {}

  /** Returns 1970 for what is not such a text: then the row's age is not known. */
  public static Instant parse(String text) {
    try {
      return parseStrictly(text);
    } catch (RuntimeException e) {
      return Instant.EPOCH;
    }
  }

  private static Instant parseStrictly(String text) {
    long day =
        LocalDate.of(number(text, 0, 4), number(text, 5, 7), number(text, 8, 10)).toEpochDay();
    long seconds =
        day * 86_400
            + number(text, 11, 13) * 3_600L
            + number(text, 14, 16) * 60L
            + number(text, 17, SECONDS_END);
    int at = SECONDS_END;
    int nanos = 0;
    if (at < text.length() && text.charAt(at) == '.') {
      int end = at + 1;
      while (end < text.length() && Character.isDigit(text.charAt(end))) {
        end++;
      }
      String digits = (text.substring(at + 1, end) + "000000000").substring(0, 9);
      nanos = Integer.parseInt(digits);
      at = end;
    }
    return Instant.ofEpochSecond(seconds - offsetSeconds(text, at), nanos);
  }

  /** Nothing and Z mean UTC; Feast makes every time aware before it writes it. */
  private static long offsetSeconds(String text, int at) {
    if (at == text.length() || text.charAt(at) == 'Z') {
      return 0;
    }
    long offset = number(text, at + 1, at + 3) * 3_600L + number(text, at + 4, at + 6) * 60L;
    if (text.length() > at + 6) {
      offset += number(text, at + 7, at + 9);
    }
    return text.charAt(at) == '-' ? -offset : offset;
  }

  private static int number(String text, int start, int end) {
    return Integer.parseInt(text, start, end, 10);
  }
}
