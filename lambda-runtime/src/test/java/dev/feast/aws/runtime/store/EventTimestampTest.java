package dev.feast.aws.runtime.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventTimestampTest {

  @ParameterizedTest
  @CsvSource({
    "2026-11-01 12:00:00+00:00, 2026-11-01T12:00:00Z",
    "2026-11-01T12:00:00Z, 2026-11-01T12:00:00Z",
    "2026-11-01 12:00:00, 2026-11-01T12:00:00Z",
    "2026-11-01 12:00:00.250000+00:00, 2026-11-01T12:00:00.250Z",
    "2026-11-01 12:00:00.000001+00:00, 2026-11-01T12:00:00.000001Z",
    "2026-11-01 12:00:00+02:00, 2026-11-01T10:00:00Z",
    "2026-11-01 12:00:00.5-07:30, 2026-11-01T19:30:00.500Z",
    "1899-12-31 23:59:59+00:53:28, 1899-12-31T23:06:31Z",
    "2024-02-29 00:00:00+00:00, 2024-02-29T00:00:00Z",
    "'', 1970-01-01T00:00:00Z",
    "yesterday, 1970-01-01T00:00:00Z",
    "2026-13-01 12:00:00+00:00, 1970-01-01T00:00:00Z",
    "2026-11-01 12:00:00+, 1970-01-01T00:00:00Z",
  })
  void readsWhatFeastWrites(String text, String instant) {
    // As text, because this is how an answer has it.
    assertThat(EventTimestamp.parse(text)).hasToString(instant);
  }
}
