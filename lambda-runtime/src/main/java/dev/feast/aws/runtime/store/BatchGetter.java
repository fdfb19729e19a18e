package dev.feast.aws.runtime.store;

import dev.feast.aws.runtime.http.Deadline;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;

/**
 * Gets one batch, wholly or not at all. The only place that tries again, so that the client's own
 * retries are off: only here it is known how much time is left and which keys are still missing.
 */
final class BatchGetter {

  /** Waits between two attempts; tests move their clock instead. */
  @FunctionalInterface
  interface Pause {
    void millis(long millis) throws InterruptedException;
  }

  private static final long FIRST_PAUSE_MILLIS = 25;
  private static final long LONGEST_PAUSE_MILLIS = 1_000;

  /**
   * A store that sends a byte now and then never meets the client's socket timeout. The client ends
   * attempts after this by itself; a request says so only where less is left.
   */
  static final Duration LONGEST_ATTEMPT = Duration.ofSeconds(5);

  /** Nothing ends an attempt that still connects, so that it is not begun with less than this. */
  private static final Duration CONNECTING = Duration.ofSeconds(1);

  private final Supplier<DynamoDbClient> client;
  private final Pause pause;

  /** The kernel's: ThreadLocalRandom goes on alike in all clones of a snapshot. */
  private final RandomGenerator random = new SecureRandom();

  BatchGetter(Supplier<DynamoDbClient> client, Pause pause) {
    this.client = client;
    this.pause = pause;
  }

  StoredRows get(Map<String, KeysAndAttributes> batch, Deadline deadline, ReadBudget budget)
      throws StoreException {
    Map<String, Map<String, StoredRow>> rows = new HashMap<>();
    Map<String, KeysAndAttributes> missing = batch;
    @Nullable StoreException lastFailure = null;
    int failures = 0;
    while (true) {
      budget.check();
      Duration left = deadline.toAnswer();
      if (!left.isPositive()) {
        throw lastFailure == null ? outOfTime() : lastFailure;
      }
      try {
        BatchGetItemResponse response = client.get().batchGetItem(request(missing, left));
        collect(response, rows, budget);
        if (!response.hasUnprocessedKeys() || response.unprocessedKeys().isEmpty()) {
          return new StoredRows(rows);
        }
        failures = count(response.unprocessedKeys()) < count(missing) ? 1 : failures + 1;
        missing = response.unprocessedKeys();
        lastFailure = throttled(null);
      } catch (SdkException e) {
        lastFailure = retryable(e);
        failures++;
      }
      pauseBeforeNext(failures, deadline, lastFailure);
    }
  }

  private static BatchGetItemRequest request(Map<String, KeysAndAttributes> keys, Duration left) {
    BatchGetItemRequest.Builder request = BatchGetItemRequest.builder().requestItems(keys);
    if (left.compareTo(LONGEST_ATTEMPT) < 0) {
      request.overrideConfiguration(override -> override.apiCallAttemptTimeout(left));
    }
    return request.build();
  }

  private static void collect(
      BatchGetItemResponse response, Map<String, Map<String, StoredRow>> rows, ReadBudget budget)
      throws StoreException {
    for (Map.Entry<String, List<Map<String, AttributeValue>>> items :
        response.responses().entrySet()) {
      Map<String, StoredRow> ofTable =
          rows.computeIfAbsent(items.getKey(), table -> new HashMap<>());
      for (Map<String, AttributeValue> item : items.getValue()) {
        StoredRow row = Row.of(item);
        budget.take(row);
        ofTable.put(Row.entityIdOf(item), row);
      }
    }
  }

  private static int count(Map<String, KeysAndAttributes> keys) {
    int count = 0;
    for (KeysAndAttributes ofTable : keys.values()) {
      count += ofTable.keys().size();
    }
    return count;
  }

  /** Returns what to tell if this was the last attempt, or throws what no other attempt changes. */
  private static StoreException retryable(SdkException e) throws StoreException {
    if (e instanceof AwsServiceException refused) {
      if (refused.isThrottlingException()) {
        return throttled(e);
      }
      if (refused.statusCode() >= 500) {
        return unreachable(e);
      }
    } else if (e instanceof AbortedException) {
      throw unreachable(e);
    } else if (e instanceof ApiCallAttemptTimeoutException || hasIoCause(e)) {
      return unreachable(e);
    }
    throw new StoreException(
        StoreException.Kind.REFUSED, "DynamoDB refused to read: " + e.getMessage(), e);
  }

  private static boolean hasIoCause(Throwable e) {
    for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof IOException) {
        return true;
      }
    }
    return false;
  }

  /** Full jitter, so that those who were throttled together do not come back together. */
  private void pauseBeforeNext(int failures, Deadline deadline, StoreException lastFailure)
      throws StoreException {
    long ceiling = Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(failures - 1, 10));
    long millis = random.nextLong(ceiling + 1);
    // As it is now: the attempt took its time.
    Duration left = deadline.toAnswer().minusMillis(millis);
    if (lastFailure.kind() == StoreException.Kind.UNREACHABLE) {
      left = left.minus(CONNECTING);
    }
    if (!left.isPositive()) {
      throw lastFailure;
    }
    try {
      pause.millis(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unreachable(e);
    }
  }

  private static StoreException outOfTime() {
    return new StoreException(
        StoreException.Kind.UNREACHABLE, "no time was left to read the online store", null);
  }

  private static StoreException throttled(@Nullable Throwable cause) {
    return new StoreException(
        StoreException.Kind.THROTTLED, "DynamoDB throttled until the time was up", cause);
  }

  private static StoreException unreachable(Throwable cause) {
    return new StoreException(
        StoreException.Kind.UNREACHABLE, "DynamoDB did not answer until the time was up", cause);
  }
}
