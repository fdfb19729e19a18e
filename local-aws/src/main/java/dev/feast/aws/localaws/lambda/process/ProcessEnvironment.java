package dev.feast.aws.localaws.lambda.process;

import dev.feast.aws.localaws.lambda.ExecutionEnvironment;
import dev.feast.aws.localaws.lambda.Invocation;
import dev.feast.aws.localaws.lambda.InvocationResult;
import dev.feast.aws.localaws.lambda.Launch;
import dev.feast.aws.localaws.lambda.LogLines;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An execution environment that is a process. It is initialized before its first invocation, in ten
 * seconds at most; where that fails, once more as part of the invocation, as Lambda does.
 */
final class ProcessEnvironment implements ExecutionEnvironment {
  /** "The Init phase is limited to 10 seconds". */
  private static final Duration INIT_LIMIT = Duration.ofSeconds(10);

  private final Launch launch;
  private final ProcessStarter starter;
  private final Consumer<ProcessEnvironment> onClose;
  private @Nullable FunctionProcess process;
  private Optional<Duration> initDuration = Optional.empty();
  private volatile Consumer<String> sink;
  private volatile boolean closed;

  ProcessEnvironment(Launch launch, ProcessStarter starter, Consumer<ProcessEnvironment> onClose) {
    this.launch = launch;
    this.starter = starter;
    this.onClose = onClose;
    this.sink = launch.log()::add;
  }

  /** What became of waiting for a process. */
  private sealed interface Outcome {
    record Ready() implements Outcome {}

    record Answered(InvocationResult result) implements Outcome {}

    record Exited() implements Outcome {}

    record TimedOut() implements Outcome {}
  }

  @Override
  public InvocationResult invoke(Invocation invocation, Consumer<String> log) {
    sink = log;
    try {
      Optional<String> unstartable = starter.problem();
      if (unstartable.isPresent()) {
        return refuseToStart(invocation, unstartable.get(), log);
      }
      FunctionProcess current = initialized();
      log.accept(LogLines.start(invocation));
      Instant started = Instant.now();
      Outcome outcome = run(current, invocation, started);
      return finish(invocation, outcome, started, log);
    } catch (IOException e) {
      throw new UncheckedIOException("The process of " + launch.function().name(), e);
    } finally {
      sink = launch.log()::add;
    }
  }

  /** Starts a process where there is none, and gives it the init phase's time. */
  private @Nullable FunctionProcess initialized() throws IOException {
    FunctionProcess current = process;
    if (current != null && current.isAlive()) {
      return current;
    }
    Instant begun = Instant.now();
    FunctionProcess started = start();
    Outcome outcome = await(started, started.api().ready(), INIT_LIMIT);
    Duration took = Duration.between(begun, Instant.now());
    switch (outcome) {
      case Outcome.Ready() -> {
        initDuration = Optional.of(took);
        return started;
      }
      case Outcome.TimedOut() ->
          sink.accept(LogLines.initReport(took, "init", "timeout", Optional.empty()));
      case Outcome.Exited() -> {
        started.drainOutput();
        sink.accept(LogLines.initReport(took, "init", "error", Optional.of("Runtime.ExitError")));
      }
      case Outcome.Answered(_) ->
          sink.accept(LogLines.initReport(took, "init", "error", Optional.of("Runtime.Unknown")));
    }
    started.close();
    return null;
  }

  private synchronized FunctionProcess start() throws IOException {
    if (closed) {
      throw new IOException("the execution environment was closed");
    }
    FunctionProcess started = starter.start(line -> sink.accept(line));
    process = started;
    return started;
  }

  private Outcome run(@Nullable FunctionProcess initialized, Invocation invocation, Instant started)
      throws IOException {
    Instant deadline = started.plusSeconds(launch.timeoutSeconds());
    FunctionProcess current = initialized;
    if (current == null) {
      current = start();
      Outcome outcome = await(current, current.api().ready(), Duration.between(started, deadline));
      if (!(outcome instanceof Outcome.Ready)) {
        return outcome;
      }
    }
    CompletableFuture<InvocationResult> answer = current.api().run(invocation);
    Outcome outcome =
        await(current, answer.thenApply(r -> null), Duration.between(Instant.now(), deadline));
    return outcome instanceof Outcome.Ready ? new Outcome.Answered(answer.join()) : outcome;
  }

  /** Waits for something to happen, for the process to end, or for the time to be over. */
  private static Outcome await(
      FunctionProcess process, CompletableFuture<Void> event, Duration limit) {
    CompletableFuture<Outcome> happened = event.thenApply(done -> new Outcome.Ready());
    CompletableFuture<Outcome> failed = process.api().initError().thenApply(Outcome.Answered::new);
    CompletableFuture<Outcome> exited = process.onExit().thenApply(done -> new Outcome.Exited());
    try {
      return (Outcome)
          CompletableFuture.anyOf(happened, failed, exited)
              .get(Math.max(1, limit.toMillis()), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return new Outcome.TimedOut();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Outcome.TimedOut();
    }
  }

  private InvocationResult finish(
      Invocation invocation, Outcome outcome, Instant started, Consumer<String> log) {
    FunctionProcess current = Objects.requireNonNull(process);
    Duration duration = Duration.between(started, Instant.now());
    int memory = current.maxMemoryMiB();
    String id = invocation.requestId();
    return switch (outcome) {
      case Outcome.Answered(InvocationResult result) -> {
        boolean initFailed = current.api().initError().isDone();
        if (initFailed) {
          current.close();
        }
        Optional<String> status = initFailed ? Optional.of("error") : Optional.empty();
        report(invocation, duration, memory, status, Optional.empty(), log);
        yield result;
      }
      case Outcome.Exited() -> {
        current.drainOutput();
        InvocationResult result = current.exit(id);
        current.close();
        log.accept("RequestId: " + id + " Error: Runtime exited");
        report(
            invocation,
            duration,
            memory,
            Optional.of("error"),
            Optional.of("Runtime.ExitError"),
            log);
        yield result;
      }
      case Outcome.TimedOut() -> {
        current.close();
        log.accept(
            "%s %s Task timed out after %d.00 seconds"
                .formatted(
                    Instant.now().truncatedTo(ChronoUnit.MILLIS), id, launch.timeoutSeconds()));
        report(invocation, duration, memory, Optional.of("timeout"), Optional.empty(), log);
        yield InvocationResult.timedOut(id, launch.timeoutSeconds());
      }
      case Outcome.Ready() -> throw new IllegalStateException("an invocation without an end");
    };
  }

  private void report(
      Invocation invocation,
      Duration duration,
      int memory,
      Optional<String> status,
      Optional<String> errorType,
      Consumer<String> log) {
    log.accept(LogLines.end(invocation));
    log.accept(
        LogLines.report(
            invocation, duration, launch.memoryMiB(), memory, initDuration, status, errorType));
    initDuration = Optional.empty();
  }

  private static InvocationResult refuseToStart(
      Invocation invocation, String problem, Consumer<String> log) {
    log.accept(LogLines.start(invocation));
    log.accept("RequestId: " + invocation.requestId() + " Error: " + problem);
    log.accept("Runtime.InvalidEntrypoint");
    log.accept(LogLines.end(invocation));
    return InvocationResult.failure(invocation.requestId(), "Runtime.InvalidEntrypoint", problem);
  }

  @Override
  public boolean isReusable() {
    FunctionProcess current = process;
    return !closed && current != null && current.isAlive();
  }

  @Override
  public void close() {
    FunctionProcess current;
    synchronized (this) {
      closed = true;
      current = process;
    }
    if (current != null) {
      current.close();
    }
    starter.close();
    onClose.accept(this);
  }
}
