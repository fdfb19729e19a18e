package dev.feast.aws.localaws.lambda;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** What Lambda does after it has answered; it takes a while, for clients to meet it under way. */
final class Background implements AutoCloseable {
  private final Duration atLeast;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /**
   * @param atLeast how long any of it takes
   */
  Background(Duration atLeast) {
    this.atLeast = atLeast;
  }

  /**
   * Begins.
   *
   * @param end is given what came of the work; not called where local-aws is closed before
   */
  <T> void run(Supplier<T> work, Consumer<T> end) {
    threads.execute(
        () -> {
          Instant until = Instant.now().plus(atLeast);
          T result = work.get();
          try {
            Thread.sleep(Duration.between(Instant.now(), until));
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return; // local-aws is closing
          }
          end.accept(result);
        });
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
