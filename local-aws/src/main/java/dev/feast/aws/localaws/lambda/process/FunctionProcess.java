package dev.feast.aws.localaws.lambda.process;

import dev.feast.aws.localaws.lambda.InvocationResult;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A process with its Runtime API, from start to end. */
final class FunctionProcess implements AutoCloseable {
  private static final long KILL_SECONDS = 5;
  private static final long SANDBOX_END_MILLIS = 200;

  /** A runtime asks again at once; one that does not is not waited for. */
  private static final Duration SETTLE = Duration.ofMillis(500);

  /** A reader that has got nothing for this long has got all. */
  private static final Duration QUIET = Duration.ofMillis(10);

  private final RuntimeApi api;
  private final Process process;
  private final CompletableFuture<Void> outputRead = new CompletableFuture<>();
  private final CompletableFuture<Optional<InvocationResult>> over = new CompletableFuture<>();

  /** Odd while somebody waits for output. */
  private final AtomicLong reads = new AtomicLong();

  private int maxMemoryMiB;

  /**
   * @param log takes what the process writes to stdout and stderr, line by line
   */
  FunctionProcess(RuntimeApi api, Process process, Consumer<String> log) {
    this.api = api;
    this.process = process;
    var reported = api.initError().thenAccept(error -> over.complete(Optional.of(error)));
    var exited = process.onExit().thenRun(() -> over.complete(Optional.empty()));
    Thread.ofVirtual().start(() -> readOutput(log));
  }

  private void readOutput(Consumer<String> log) {
    try (InputStream output = new Watched(process.getInputStream())) {
      new OutputLines(log).read(output);
    } catch (IOException e) {
      // The process was killed while a line was read.
    } finally {
      outputRead.complete(null);
    }
  }

  /** Counts when whoever reads it comes for more: with what it got before, it is done then. */
  private final class Watched extends FilterInputStream {
    private Watched(InputStream output) {
      super(output);
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      reads.incrementAndGet();
      int count = super.read(buffer, offset, length);
      reads.incrementAndGet();
      return count;
    }
  }

  RuntimeApi api() {
    return api;
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /**
   * Completes when no invocation can be answered any more: with the error that the runtime reported
   * of its initialization, or empty when the process ended. Always the same future: what is chained
   * to it stays as long as the process does.
   */
  CompletableFuture<Optional<InvocationResult>> over() {
    return over;
  }

  /** Why a process that ended did so, in Lambda's words. */
  String exitReason() {
    int status = process.exitValue();
    return switch (status) {
      case 0 -> "Runtime exited without providing a reason";
      case 128 + 4 -> "Runtime exited with error: signal: illegal instruction (core dumped)";
      case 128 + 6 -> "Runtime exited with error: signal: aborted (core dumped)";
      case 128 + 9 -> "Runtime exited with error: signal: killed";
      case 128 + 11 -> "Runtime exited with error: signal: segmentation fault (core dumped)";
      case 128 + 15 -> "Runtime exited with error: signal: terminated";
      default -> "Runtime exited with error: exit status " + status;
    };
  }

  /**
   * After an answer: waits a moment until the runtime asks for more and what it wrote before is in
   * the log. That is when the reader waits for output and has for a while got none: how much is in
   * the pipe cannot be asked while somebody reads from it.
   */
  void settleOutput() {
    long end = System.nanoTime() + SETTLE.toNanos();
    try {
      api.awaitNext(SETTLE);
      long seen = -1;
      for (long now = reads.get(); !isReading(now) || now != seen; now = reads.get()) {
        if (System.nanoTime() > end || outputRead.isDone()) {
          return;
        }
        seen = now;
        Thread.sleep(QUIET);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean isReading(long reads) {
    return reads % 2 == 1;
  }

  /** Waits a moment for what the process wrote last. */
  void drainOutput() {
    try {
      outputRead.get(1, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
      // A child that has the pipe still open; its output is lost.
    }
  }

  /**
   * The most memory that the process and its children have used so far, in MiB, as far as it was
   * looked at: a process that has ended tells no more. 0 where the kernel does not say.
   */
  int maxMemoryMiB() {
    long kib =
        Stream.concat(Stream.of(process.toHandle()), process.descendants())
            .mapToLong(handle -> maxMemoryKiB(handle.pid()))
            .sum();
    maxMemoryMiB = Math.max(maxMemoryMiB, (int) (kib / 1024));
    return maxMemoryMiB;
  }

  private static long maxMemoryKiB(long pid) {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
        if (line.startsWith("VmHWM:")) {
          return Long.parseLong(line.replaceAll("[^0-9]", ""));
        }
      }
    } catch (IOException e) {
      // ended meanwhile
    }
    return 0;
  }

  /** Kills the process with all that it started, and waits until they are gone. */
  @Override
  public void close() {
    List<ProcessHandle> descendants = process.descendants().toList();
    descendants.forEach(ProcessHandle::destroyForcibly);
    try {
      // A sandbox whose first process was killed ends by itself, and leaves no zombie for others to
      // bury.
      if (descendants.isEmpty() || !process.waitFor(SANDBOX_END_MILLIS, TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
      }
      boolean ended = process.waitFor(KILL_SECONDS, TimeUnit.SECONDS);
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(KILL_SECONDS);
      // ProcessHandle.onExit looks at other processes' children only every now and then, up to
      // seconds apart.
      while (ended
          && descendants.stream().anyMatch(FunctionProcess::isRunning)
          && System.nanoTime() < deadline) {
        Thread.sleep(2);
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    api.close();
  }

  /** Not so for a process that ended and waits for its parent to notice. */
  private static boolean isRunning(ProcessHandle handle) {
    if (!handle.isAlive()) {
      return false;
    }
    try {
      String stat = Files.readString(Path.of("/proc/" + handle.pid() + "/stat"));
      return !stat.substring(stat.lastIndexOf(')') + 1).strip().startsWith("Z");
    } catch (IOException e) {
      return false;
    }
  }
}
