package dev.feast.aws.operator.aws;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Lets {@code burst} calls through at once and {@code perSecond} from then on, in the order they
 * came. Who waits has its turn reserved, so that many waiting threads do not wake each other up.
 */
final class TokenBucket {
  private final Duration between;
  private final Duration tolerance;
  private final InstantSource clock;

  /** When the bucket is full again (the generic cell rate algorithm's theoretical arrival time). */
  private Instant full;

  TokenBucket(double perSecond, int burst, InstantSource clock) {
    this.between = Duration.ofNanos((long) (1_000_000_000L / perSecond));
    this.tolerance = between.multipliedBy(burst - 1L);
    this.clock = clock;
    this.full = clock.instant();
  }

  /**
   * Takes a token, waiting for it where none is left; whoever stops waiting gives it back.
   *
   * @return how long that took
   */
  Duration acquire() throws InterruptedException {
    Duration wait = reserve();
    if (wait.isPositive()) {
      try {
        Thread.sleep(wait);
      } catch (InterruptedException e) {
        giveBack();
        throw e;
      }
    }
    return wait;
  }

  /** Returns a token that was reserved and not used. */
  synchronized void giveBack() {
    full = full.minus(between);
  }

  /** Takes a token and says how long to wait before it may be used. */
  synchronized Duration reserve() {
    var now = clock.instant();
    if (full.isBefore(now)) {
      full = now;
    }
    Duration wait = Duration.between(now, full).minus(tolerance);
    full = full.plus(between);
    return wait.isPositive() ? wait : Duration.ZERO;
  }
}
