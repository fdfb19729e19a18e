package dev.feast.aws.localaws.lambda;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** Runs a Java handler in place of every function's image. */
final class InProcessLauncher implements FunctionLauncher {
  private final FunctionHandler handler;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  InProcessLauncher(FunctionHandler handler) {
    this.handler = handler;
  }

  @Override
  public void prepare(FunctionImage image) {}

  @Override
  public ExecutionEnvironment launch(Launch launch) {
    return new ExecutionEnvironment() {
      @Override
      public boolean initialize() {
        return true;
      }

      @Override
      public InvocationResult invoke(Invocation invocation, Consumer<String> log) {
        log.accept(LogLines.start(invocation));
        Instant started = Instant.now();
        InvocationResult result = run(invocation, launch.timeoutSeconds());
        log.accept(LogLines.end(invocation));
        log.accept(
            LogLines.report(
                invocation, Duration.between(started, Instant.now()), launch.memoryMiB()));
        return result;
      }

      @Override
      public boolean isReusable() {
        return true;
      }

      @Override
      public void close() {}
    };
  }

  private InvocationResult run(Invocation invocation, int timeoutSeconds) {
    Future<String> answer = threads.submit(() -> handler.handle(invocation));
    try {
      byte[] payload =
          answer.get(timeoutSeconds, TimeUnit.SECONDS).getBytes(StandardCharsets.UTF_8);
      return payload.length > InvocationResult.MAX_ANSWER_BYTES
          ? InvocationResult.tooLarge()
          : InvocationResult.answer(payload);
    } catch (TimeoutException e) {
      answer.cancel(true);
      return InvocationResult.timedOut(invocation.requestId(), timeoutSeconds);
    } catch (ExecutionException e) {
      return failure(e.getCause() == null ? e : e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return failure(e);
    }
  }

  /** As the Java runtime reports what a handler throws. */
  private static InvocationResult failure(Throwable thrown) {
    return InvocationResult.failure(
        JsonNodeFactory.instance
            .objectNode()
            .put("errorMessage", thrown.getMessage())
            .put("errorType", thrown.getClass().getName())
            .toString()
            .getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
