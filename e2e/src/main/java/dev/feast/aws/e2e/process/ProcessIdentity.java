package dev.feast.aws.e2e.process;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A process for good: its id alone may belong to a stranger once it has ended.
 *
 * @param startedMillis when it started, in milliseconds since 1970; 0 where the system hides it
 */
record ProcessIdentity(long pid, long startedMillis) {
  /**
   * Linux gives a start in ticks since boot, and the boot time shifts with the clock's corrections.
   */
  private static final Duration TOLERANCE = Duration.ofSeconds(2);

  static ProcessIdentity of(ProcessHandle handle) {
    long started = handle.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    return new ProcessIdentity(handle.pid(), started);
  }

  /** The process, while it lives and is the one that was meant. */
  Optional<ProcessHandle> living() {
    return ProcessHandle.of(pid)
        .filter(ProcessHandle::isAlive)
        .filter(
            handle ->
                handle
                    .info()
                    .startInstant()
                    .map(Instant::toEpochMilli)
                    .filter(started -> Math.abs(started - startedMillis) <= TOLERANCE.toMillis())
                    .isPresent());
  }
}
