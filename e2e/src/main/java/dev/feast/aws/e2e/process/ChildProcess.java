package dev.feast.aws.e2e.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;

/** A process that a {@link Run} started, with its log. */
public final class ChildProcess implements AutoCloseable {
  private static final int TAIL_LINES = 15;

  private final String name;
  private final Session session;
  private final Path log;
  private final long logStart;

  ChildProcess(String name, Session session, Path log, long logStart) {
    this.name = name;
    this.session = session;
    this.log = log;
    this.logStart = logStart;
  }

  public Path log() {
    return log;
  }

  public long pid() {
    return session.process().pid();
  }

  public boolean isAlive() {
    return session.process().isAlive();
  }

  /** What this process has written so far. */
  public String output() {
    try {
      byte[] all = Files.readAllBytes(log);
      return new String(Arrays.copyOfRange(all, (int) logStart, all.length), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Waits until the process is ready.
   *
   * @throws IllegalStateException when it ends before, or takes longer than the bound; the message
   *     holds the end of its log and where all of it is
   */
  public void awaitReady(Duration bound, Callable<Boolean> ready) throws InterruptedException {
    try {
      Await.until(
          name + " to be ready",
          bound,
          () -> {
            if (!isAlive()) {
              throw new IllegalStateException(
                  "%s ended with exit code %d.".formatted(name, session.process().exitValue()));
            }
            return ready.call();
          });
    } catch (Await.TimeoutException | IllegalStateException e) {
      throw new IllegalStateException(e.getMessage() + "\n" + logTail(), e);
    }
  }

  private String logTail() {
    List<String> lines = output().lines().toList();
    return "The last lines of its log %s:%n%s"
        .formatted(
            log,
            String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size())));
  }

  /** Kills it as the machine would: no clean stop, and nobody takes care of its children. */
  public void kill() throws InterruptedException {
    session.process().destroyForcibly().waitFor();
  }

  /**
   * Ends it and what it has started.
   *
   * @return whether it ended by itself after it was asked
   */
  public boolean end() {
    return session.end();
  }

  @Override
  public void close() {
    end();
  }
}
