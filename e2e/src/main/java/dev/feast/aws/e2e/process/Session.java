package dev.feast.aws.e2e.process;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A process that a {@link Run} started, with all that it starts itself. */
public final class Session implements AutoCloseable {
  private static final Duration REAPED = Duration.ofSeconds(5);

  private final Process process;

  /** Empty when the process had ended before anybody could look at it. */
  private final Optional<ProcessIdentity> identity;

  private final Ending.Manner manner;
  private final Consumer<Session> onEnd;

  Session(
      Process process,
      Optional<ProcessIdentity> identity,
      Ending.Manner manner,
      Consumer<Session> onEnd) {
    this.process = process;
    this.identity = identity;
    this.manner = manner;
    this.onEnd = onEnd;
  }

  /** Its streams, its end and its exit code. */
  public Process process() {
    return process;
  }

  /**
   * Ends it, and what it has started; no more than the latter when it has ended already.
   *
   * @return whether it ended by itself after it was asked
   */
  public boolean end() {
    boolean byItself = identity.map(leader -> Ending.end(leader, manner)).orElse(false);
    try {
      // This JVM learns a little later than the system that its child has ended.
      process.waitFor(REAPED.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    onEnd.accept(this);
    return byItself;
  }

  @Override
  public void close() {
    end();
  }
}
