package dev.feast.aws.runtime.http;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * The moment after which nobody waits for an answer any more.
 *
 * @param at by the clock, which has to be the machine's for what Lambda and API Gateway say
 */
public record Deadline(Instant at, InstantSource clock) {

  /** For writing the answer, and for its way back. */
  private static final Duration RESERVED = Duration.ofMillis(250);

  public static Deadline in(Duration fromNow) {
    return in(fromNow, Clock.systemUTC());
  }

  public static Deadline in(Duration fromNow, InstantSource clock) {
    return new Deadline(clock.instant().plus(fromNow), clock);
  }

  public static Deadline atEpochMillis(long millis) {
    return new Deadline(Instant.ofEpochMilli(millis), Clock.systemUTC());
  }

  /** The same, or a moment before it that is still to come. */
  public Deadline orEarlier(Instant moment) {
    return moment.isBefore(at) && moment.isAfter(clock.instant())
        ? new Deadline(moment, clock)
        : this;
  }

  /** What is left, negative once it has passed. */
  public Duration remaining() {
    return Duration.between(clock.instant(), at);
  }

  /** What is left for finding out what to answer; zero or less where it has to go out now. */
  public Duration toAnswer() {
    return remaining().minus(RESERVED);
  }
}
