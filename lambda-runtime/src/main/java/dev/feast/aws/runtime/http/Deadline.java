package dev.feast.aws.runtime.http;

import java.time.Duration;
import java.time.Instant;

/**
 * The moment after which nobody waits for an answer any more.
 *
 * @param at by the machine's clock, which is also the one that Lambda's deadline header goes by
 */
public record Deadline(Instant at) {

  public static Deadline in(Duration fromNow) {
    return new Deadline(Instant.now().plus(fromNow));
  }

  public static Deadline atEpochMillis(long millis) {
    return new Deadline(Instant.ofEpochMilli(millis));
  }

  /** What is left, negative once it has passed. */
  public Duration remaining() {
    return Duration.between(Instant.now(), at);
  }
}
