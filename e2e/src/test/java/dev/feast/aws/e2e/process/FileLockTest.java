package dev.feast.aws.e2e.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileLockTest {
  private final Path folder;

  FileLockTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void waitsForWhoeverHoldsItAndSaysSo() throws Exception {
    Path file = folder.resolve("made/lock");
    CountDownLatch waiting = new CountDownLatch(1);
    CompletableFuture<Boolean> released = new CompletableFuture<>();
    FutureTask<Boolean> second =
        new FutureTask<>(
            () -> {
              try (FileLock _ = FileLock.acquire(file, waiting::countDown)) {
                return released.getNow(false);
              }
            });
    try (FileLock _ = FileLock.acquire(file, () -> {})) {
      Thread.ofPlatform().start(second);
      assertThat(waiting.await(30, TimeUnit.SECONDS)).as("told that it waits").isTrue();
      released.complete(true);
    }
    assertThat(second.get(30, TimeUnit.SECONDS)).as("had the lock only afterwards").isTrue();
  }
}
