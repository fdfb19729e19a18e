package dev.feast.aws.runtime.store;

import dev.feast.aws.runtime.http.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;

/**
 * Feast's DynamoDB tables. All tables of a lookup share a BatchGetItem; what does not fit into one
 * is read by several at once.
 */
public final class DynamoDbOnlineStore implements OnlineStore {

  /** How long one attempt to read may take; what the client is to end by itself. */
  public static final Duration LONGEST_ATTEMPT = BatchGetter.LONGEST_ATTEMPT;

  /** As many connections as are kept open, see the client's construction. */
  public static final int MAX_CONCURRENT_BATCHES = 16;

  private final BatchGetter getter;
  private final int batchSize;
  private final boolean consistentReads;

  /**
   * @param client asked for with each attempt, for it may be replaced
   * @param batchSize keys in one BatchGetItem, 1 to 100
   */
  public DynamoDbOnlineStore(
      Supplier<DynamoDbClient> client, int batchSize, boolean consistentReads) {
    this(new BatchGetter(client, Thread::sleep), batchSize, consistentReads);
  }

  DynamoDbOnlineStore(BatchGetter getter, int batchSize, boolean consistentReads) {
    this.getter = getter;
    this.batchSize = batchSize;
    this.consistentReads = consistentReads;
  }

  @Override
  public StoredRows read(List<TableRead> reads, Deadline deadline) throws StoreException {
    List<Map<String, KeysAndAttributes>> batches = batches(reads);
    if (batches.isEmpty()) {
      return new StoredRows(Map.of());
    }
    if (batches.size() == 1) {
      return getter.get(batches.getFirst(), deadline, new ReadBudget());
    }
    return merge(readAtOnce(batches, deadline));
  }

  /** The keys of one table in one batch. */
  private record TableKeys(Projection projection, List<Map<String, AttributeValue>> keys) {}

  private List<Map<String, KeysAndAttributes>> batches(List<TableRead> reads) {
    List<Map<String, KeysAndAttributes>> batches = new ArrayList<>();
    Map<String, TableKeys> tables = new HashMap<>();
    int size = 0;
    for (TableRead read : reads) {
      Projection projection = Projection.of(read.features());
      for (String entityId : read.entityIds()) {
        tables
            .computeIfAbsent(read.table(), table -> new TableKeys(projection, new ArrayList<>()))
            .keys()
            .add(Map.of(Row.ENTITY_ID, AttributeValue.fromS(entityId)));
        size++;
        if (size == batchSize) {
          batches.add(batch(tables));
          tables = new HashMap<>();
          size = 0;
        }
      }
    }
    if (size > 0) {
      batches.add(batch(tables));
    }
    return batches;
  }

  private Map<String, KeysAndAttributes> batch(Map<String, TableKeys> tables) {
    Map<String, KeysAndAttributes> batch = new HashMap<>();
    tables.forEach(
        (table, ofTable) ->
            batch.put(
                table,
                KeysAndAttributes.builder()
                    .keys(ofTable.keys())
                    .projectionExpression(ofTable.projection().expression())
                    .expressionAttributeNames(ofTable.projection().names())
                    .consistentRead(consistentReads)
                    .build()));
    return batch;
  }

  private List<StoredRows> readAtOnce(
      List<Map<String, KeysAndAttributes>> batches, Deadline deadline) throws StoreException {
    var permits = new Semaphore(MAX_CONCURRENT_BATCHES);
    var budget = new ReadBudget();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var reading = new ExecutorCompletionService<StoredRows>(threads);
      for (Map<String, KeysAndAttributes> batch : batches) {
        reading.submit(limited(permits, () -> getter.get(batch, deadline, budget)));
      }
      List<StoredRows> rows = new ArrayList<>();
      for (int i = 0; i < batches.size(); i++) {
        rows.add(resultOf(reading.take(), threads));
      }
      return rows;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreException(
          StoreException.Kind.UNREACHABLE, "interrupted while reading the online store", e);
    }
  }

  private static <T> Callable<T> limited(Semaphore permits, Callable<T> task) {
    return () -> {
      permits.acquire();
      try {
        return task.call();
      } finally {
        permits.release();
      }
    };
  }

  /** The first failure ends the others: without all rows there is no answer. */
  private static StoredRows resultOf(Future<StoredRows> done, ExecutorService threads)
      throws StoreException, InterruptedException {
    try {
      return done.get();
    } catch (ExecutionException e) {
      threads.shutdownNow();
      if (e.getCause() instanceof StoreException failed) {
        throw failed;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  private static StoredRows merge(List<StoredRows> parts) {
    Map<String, Map<String, StoredRow>> merged = new HashMap<>();
    for (StoredRows part : parts) {
      part.byTable()
          .forEach(
              (table, rows) -> merged.computeIfAbsent(table, name -> new HashMap<>()).putAll(rows));
    }
    return new StoredRows(merged);
  }
}
