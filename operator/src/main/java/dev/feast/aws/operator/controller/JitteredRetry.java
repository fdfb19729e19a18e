package dev.feast.aws.operator.controller;

import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import io.javaoperatorsdk.operator.processing.retry.Retry;
import io.javaoperatorsdk.operator.processing.retry.RetryExecution;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * JOSDK's retry, for what a pass throws (Kubernetes not answering, or a bug), without its default
 * of five attempts and with jitter, which it lacks. What AWS says is no exception by then.
 */
final class JitteredRetry implements Retry {
  private static final long FIRST_MILLIS = 1_000;
  private static final long LONGEST_MILLIS = 300_000;
  private static final double JITTER = 0.2;

  private final Retry retry =
      new GenericRetry()
          .setInitialInterval(FIRST_MILLIS)
          .setIntervalMultiplier(2)
          .setMaxInterval(LONGEST_MILLIS)
          .withoutMaxAttempts();

  private final RandomGenerator random;

  JitteredRetry(RandomGenerator random) {
    this.random = random;
  }

  @Override
  public RetryExecution initExecution() {
    RetryExecution execution = retry.initExecution();
    return new RetryExecution() {
      @Override
      public Optional<Long> nextDelay() {
        return execution
            .nextDelay()
            .map(delay -> Math.round(delay * (1 + JITTER * (2 * random.nextDouble() - 1))));
      }

      @Override
      public int getAttemptCount() {
        return execution.getAttemptCount();
      }

      @Override
      public boolean isLastAttempt() {
        return execution.isLastAttempt();
      }
    };
  }
}
