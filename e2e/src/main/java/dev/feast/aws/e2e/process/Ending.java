package dev.feast.aws.e2e.process;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** How a process is ended. */
public final class Ending {
  /** Whether the process gets a chance to stop by itself. */
  public enum Manner {
    /** For what has to clean up: a signal, and force only after a while. */
    ASK_FIRST,
    /** For what holds nothing worth saving, and would take its time. */
    AT_ONCE
  }

  /** How long a process may take over its own clean stop. */
  private static final Duration GRACE = Duration.ofSeconds(10);

  private static final Duration AFTER_KILL = Duration.ofSeconds(5);

  private Ending() {}

  /**
   * Ends the process; when this returns, neither it nor what it had started runs.
   *
   * @return whether it ended by itself after it was asked
   */
  static boolean end(ProcessHandle process, Manner manner) {
    List<ProcessHandle> family = Stream.concat(Stream.of(process), process.descendants()).toList();
    boolean ended =
        switch (manner) {
          case ASK_FIRST -> process.destroy() && endedWithin(process, GRACE);
          case AT_ONCE -> false;
        };
    if (!ended) {
      family = new ArrayList<>(family);
      process.descendants().forEach(family::add);
      process.destroyForcibly();
    }
    for (ProcessHandle member : family) {
      if (member.isAlive()) {
        member.destroyForcibly();
      }
      endedWithin(member, AFTER_KILL);
    }
    return ended;
  }

  private static boolean endedWithin(ProcessHandle process, Duration bound) {
    CompletableFuture<ProcessHandle> exit = process.onExit();
    try {
      exit.get(bound.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      // The caller is being stopped itself: no more waiting, but still end everything.
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }
}
