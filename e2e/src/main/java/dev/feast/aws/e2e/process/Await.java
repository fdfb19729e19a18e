package dev.feast.aws.e2e.process;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;

/** Waits for a condition, never for longer than a bound. */
public final class Await {
  private static final Duration POLL = Duration.ofMillis(100);

  private Await() {}

  /**
   * Asks until the answer is yes.
   *
   * @param what completes "waited 10 s for …" in the message of the timeout
   * @throws TimeoutException when the condition does not hold in time
   */
  public static void until(String what, Duration bound, Callable<Boolean> condition)
      throws TimeoutException, InterruptedException {
    Instant end = Instant.now().plus(bound);
    while (!holds(condition)) {
      if (Instant.now().isAfter(end)) {
        throw new TimeoutException("Waited %d s for %s.".formatted(bound.toSeconds(), what));
      }
      Thread.sleep(POLL);
    }
  }

  private static boolean holds(Callable<Boolean> condition) throws InterruptedException {
    try {
      return condition.call();
    } catch (InterruptedException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** The bound passed and the condition did not hold. */
  public static final class TimeoutException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TimeoutException(String message) {
      super(message);
    }
  }
}
