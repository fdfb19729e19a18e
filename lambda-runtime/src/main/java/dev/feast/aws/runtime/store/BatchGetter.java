package dev.feast.aws.runtime.store;

import dev.feast.aws.runtime.http.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
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

  /** For writing the answer, and for its way back. */
  private static final Duration RESERVED = Duration.ofMillis(250);

  private static final long FIRST_PAUSE_MILLIS = 25;
  private static final long LONGEST_PAUSE_MILLIS = 1_000;

  /** Past this the client's own socket timeout ends an attempt soon enough. */
  private static final Duration UNLIMITED = Duration.ofSeconds(5);

  private final DynamoDbClient client;

  BatchGetter(DynamoDbClient client) {
    this.client = client;
  }

  StoredRows get(Map<String, KeysAndAttributes> batch, Deadline deadline) throws StoreException {
    Map<String, Map<String, StoredRow>> rows = new HashMap<>();
    Map<String, KeysAndAttributes> missing = batch;
    @Nullable StoreException lastFailure = null;
    int failures = 0;
    while (true) {
      Duration left = deadline.remaining().minus(RESERVED);
      if (!left.isPositive()) {
        throw lastFailure == null ? outOfTime() : lastFailure;
      }
      try {
        BatchGetItemResponse response = client.batchGetItem(request(missing, left));
        collect(response, rows);
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
      pause(failures, left);
    }
  }

  private static BatchGetItemRequest request(Map<String, KeysAndAttributes> keys, Duration left) {
    BatchGetItemRequest.Builder request = BatchGetItemRequest.builder().requestItems(keys);
    if (left.compareTo(UNLIMITED) < 0) {
      request.overrideConfiguration(override -> override.apiCallAttemptTimeout(left));
    }
    return request.build();
  }

  private static void collect(
      BatchGetItemResponse response, Map<String, Map<String, StoredRow>> rows) {
    response
        .responses()
        .forEach(
            (table, items) -> {
              Map<String, StoredRow> ofTable = rows.computeIfAbsent(table, name -> new HashMap<>());
              for (Map<String, AttributeValue> item : items) {
                ofTable.put(Row.entityIdOf(item), Row.of(item));
              }
            });
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
  private static void pause(int failures, Duration left) throws StoreException {
    long ceiling = Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(failures - 1, 10));
    long millis = ThreadLocalRandom.current().nextLong(ceiling + 1);
    try {
      Thread.sleep(Math.min(millis, left.toMillis()));
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
