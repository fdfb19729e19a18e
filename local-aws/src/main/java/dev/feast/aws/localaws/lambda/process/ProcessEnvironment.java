package dev.feast.aws.localaws.lambda.process;

import dev.feast.aws.localaws.lambda.ExecutionEnvironment;
import dev.feast.aws.localaws.lambda.Initialization;
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
 * An execution environment that is a process. It is initialized before its first invocation, within
 * the init phase's limit; where that fails, once more as part of the invocation, as Lambda does.
 */
final class ProcessEnvironment implements ExecutionEnvironment {
  private static final String EXIT_ERROR = "Runtime.ExitError";

  /** "after-restore hooks ... 10 seconds". */
  private static final Duration RESTORE_LIMIT = Duration.ofSeconds(10);

  private final Launch launch;
  private final ProcessStarter starter;
  private final Duration initLimit;
  private final Consumer<ProcessEnvironment> onClose;
  private @Nullable FunctionProcess process;
  private Optional<Duration> initDuration = Optional.empty();
  private volatile Consumer<String> sink;
  private volatile Instant usableUntil = Instant.MAX;
  private volatile boolean closed;

  /**
   * @param initLimit how long the init phase may last
   */
  ProcessEnvironment(
      Launch launch,
      ProcessStarter starter,
      Duration initLimit,
      Consumer<ProcessEnvironment> onClose) {
    this.launch = launch;
    this.starter = starter;
    this.initLimit = initLimit;
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
  public boolean initialize() {
    try {
      boolean ready =
          starter.problem().isEmpty()
              && initialize("init", initLimit) instanceof Outcome.Ready
              && mayBeHeld();
      initDuration = Optional.empty(); // No invocation waited for it.
      return ready;
    } catch (IOException e) {
      throw new UncheckedIOException("The process of " + launch.function().name(), e);
    }
  }

  /** A runtime that knows nothing of snapshots is put into one only where its image says so. */
  private boolean mayBeHeld() {
    boolean asksForMore = Objects.requireNonNull(process).api().ready().isDone();
    if (launch.initialization() != Initialization.SNAP_START
        || !asksForMore
        || starter.allowsSnapshot()) {
      return true;
    }
    sink.accept(
        "SnapStart needs a runtime that asks for /2018-06-01/runtime/restore/next, or an image with"
            + " the label com.amazonaws.lambda.feature.snapstart=Allow");
    return false;
  }

  @Override
  public InvocationResult invoke(Invocation invocation, Consumer<String> log) {
    sink = log;
    try {
      Optional<String> unstartable = starter.problem();
      if (unstartable.isPresent()) {
        return refuseToStart(invocation, unstartable.get(), log);
      }
      boolean initialized = isAlive() || initialize("init", initLimit) instanceof Outcome.Ready;
      if (initialized) {
        restore();
      }
      Instant started = Instant.now();
      Outcome outcome = run(initialized, invocation, started.plusSeconds(launch.timeoutSeconds()));
      return finish(invocation, outcome, started, log);
    } catch (IOException e) {
      throw new UncheckedIOException("The process of " + launch.function().name(), e);
    } finally {
      sink = launch.log()::add;
    }
  }

  private boolean isAlive() {
    FunctionProcess current = process;
    return current != null && current.isAlive();
  }

  /**
   * Starts a process and waits until it asks for its first invocation. Where it does not, says so
   * in the log and leaves it to whoever called to end it.
   *
   * @param phase {@code init}, or {@code invoke} where it is tried once more on an invocation's
   *     time
   */
  private Outcome initialize(String phase, Duration limit) throws IOException {
    Instant begun = Instant.now();
    FunctionProcess started = start();
    Outcome outcome = await(started, started.api().initialized(), limit);
    Duration took = Duration.between(begun, Instant.now());
    switch (outcome) {
      case Outcome.Ready() -> {
        started.maxMemoryMiB();
        initDuration = phase.equals("init") ? Optional.of(took) : Optional.empty();
      }
      case Outcome.TimedOut() ->
          sink.accept(LogLines.initReport(took, phase, "timeout", Optional.empty()));
      case Outcome.Exited() -> {
        started.drainOutput();
        sink.accept(LogLines.initReport(took, phase, "error", Optional.of(EXIT_ERROR)));
      }
      case Outcome.Answered(_) ->
          sink.accept(LogLines.initReport(took, phase, "error", Optional.of("Runtime.Unknown")));
    }
    if (phase.equals("init") && !(outcome instanceof Outcome.Ready)) {
      started.close();
    }
    return outcome;
  }

  private synchronized FunctionProcess start() throws IOException {
    if (closed) {
      throw new IOException("the execution environment was closed");
    }
    usableUntil = starter.usableUntil();
    FunctionProcess started = starter.start(line -> sink.accept(line));
    process = started;
    return started;
  }

  /**
   * As Lambda restores a snapshot: after the time that it has for that, the invocation's counts.
   */
  private void restore() {
    FunctionProcess current = Objects.requireNonNull(process);
    if (current.api().ready().isDone()) {
      return;
    }
    Instant begun = Instant.now();
    current.api().restore();
    Outcome outcome = await(current, current.api().ready(), RESTORE_LIMIT);
    if (outcome instanceof Outcome.Ready) {
      sink.accept(LogLines.restoreReport(Duration.between(begun, Instant.now())));
    }
  }

  private Outcome run(boolean initialized, Invocation invocation, Instant deadline)
      throws IOException {
    Outcome ready =
        initialized
            ? new Outcome.Ready()
            : initialize("invoke", Duration.between(Instant.now(), deadline));
    sink.accept(LogLines.start(invocation));
    if (!(ready instanceof Outcome.Ready)) {
      return ready;
    }
    if (!initialized) {
      restore();
    }
    FunctionProcess current = Objects.requireNonNull(process);
    CompletableFuture<InvocationResult> answer = current.api().run(invocation, deadline);
    Outcome outcome =
        await(current, answer.thenApply(r -> null), Duration.between(Instant.now(), deadline));
    return outcome instanceof Outcome.Ready ? new Outcome.Answered(answer.join()) : outcome;
  }

  /** Waits for something to happen, for the process to end, or for the time to be over. */
  private static Outcome await(
      FunctionProcess process, CompletableFuture<Void> event, Duration limit) {
    try {
      CompletableFuture.anyOf(event, process.over())
          .get(Math.max(1, limit.toMillis()), TimeUnit.MILLISECONDS);
      return event.isDone()
          ? new Outcome.Ready()
          : process
              .over()
              .join()
              .<Outcome>map(Outcome.Answered::new)
              .orElseGet(Outcome.Exited::new);
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
        } else {
          current.settleOutput();
        }
        Optional<String> status = initFailed ? Optional.of("error") : Optional.empty();
        report(invocation, duration, memory, status, Optional.empty(), log);
        yield result;
      }
      case Outcome.Exited() -> {
        current.drainOutput();
        String reason = current.exitReason();
        current.close();
        LogLines.error(id, EXIT_ERROR, reason).forEach(log);
        report(invocation, duration, memory, Optional.of("error"), Optional.of(EXIT_ERROR), log);
        yield InvocationResult.failure(id, EXIT_ERROR, reason);
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

  private InvocationResult refuseToStart(
      Invocation invocation, String problem, Consumer<String> log) {
    Instant started = Instant.now();
    String type = "Runtime.InvalidEntrypoint";
    log.accept(LogLines.start(invocation));
    LogLines.error(invocation.requestId(), type, problem).forEach(log);
    Duration duration = Duration.between(started, Instant.now());
    report(invocation, duration, 0, Optional.of("error"), Optional.of(type), log);
    return InvocationResult.failure(invocation.requestId(), type, problem);
  }

  @Override
  public boolean isReusable() {
    return !closed && isAlive() && !starter.isPast(usableUntil);
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
