package dev.feast.aws.runtime.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.feast.aws.runtime.http.Deadline;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;

/**
 * Partial answers, which no local DynamoDB gives. The client is a fake: its table holds a row for
 * each key that does not start with {@code no}.
 */
@Timeout(30)
class BatchGetterTest {

  private final List<BatchGetItemRequest> requests = new ArrayList<>();

  @Test
  void asksAgainForTheKeysThatWereLeftOutAndOnlyForThem() throws StoreException {
    // Two of what is asked for, the rest unprocessed.
    OnlineStore store = store(request -> some(request, 2), 100);
    StoredRows rows = store.read(List.of(read("t", "a", "b", "no-c", "d", "e")), inSeconds(10));
    assertThat(rows.byTable().get("t")).containsOnlyKeys("a", "b", "d", "e");
    assertThat(requests).extracting(BatchGetterTest::keys).containsExactly(5, 3, 1);
  }

  @Test
  void givesNoRowsAtAllWhenKeysStayUnprocessedUntilTheTimeIsUp() {
    OnlineStore store = store(request -> some(request, 0), 100);
    StoreException e =
        catchThrowableOfType(
            StoreException.class,
            () -> store.read(List.of(read("t", "a")), Deadline.in(Duration.ofMillis(600))));
    assertThat(e.kind()).isEqualTo(StoreException.Kind.THROTTLED);
    assertThat(requests).hasSizeGreaterThan(2);
  }

  /** The time that an attempt takes is gone when the pause behind it is chosen. */
  @ParameterizedTest
  @ValueSource(longs = {500, 1_000, 3_000, 3_700, 4_900})
  void answersBeforeTheDeadlineHoweverLongAttemptsHang(long attemptMillis) {
    for (int i = 0; i < 50; i++) {
      var clock = new ManualClock();
      OnlineStore store =
          store(
              clock,
              request -> {
                Duration attempt =
                    request
                        .overrideConfiguration()
                        .flatMap(override -> override.apiCallAttemptTimeout())
                        .orElse(Duration.ofMillis(attemptMillis));
                long millis = Math.min(attempt.toMillis(), attemptMillis);
                clock.advance(millis);
                throw ApiCallAttemptTimeoutException.create(millis);
              });
      StoreException e =
          catchThrowableOfType(
              StoreException.class,
              () ->
                  store.read(List.of(read("t", "a")), Deadline.in(Duration.ofSeconds(30), clock)));
      assertThat(e.kind()).isEqualTo(StoreException.Kind.UNREACHABLE);
      assertThat(clock.millis()).isBetween(22_000L, 29_750L);
    }
  }

  /** A connection that nobody answers is given up after a second, whatever else was said. */
  @Test
  void answersBeforeTheDeadlineWhereNoConnectionIsMade() {
    for (int i = 0; i < 50; i++) {
      var clock = new ManualClock();
      OnlineStore store =
          store(
              clock,
              request -> {
                clock.advance(1_000);
                throw SdkClientException.create("connect", new SocketTimeoutException());
              });
      StoreException e =
          catchThrowableOfType(
              StoreException.class,
              () ->
                  store.read(List.of(read("t", "a")), Deadline.in(Duration.ofSeconds(30), clock)));
      assertThat(e.kind()).isEqualTo(StoreException.Kind.UNREACHABLE);
      assertThat(clock.millis()).isBetween(26_000L, 29_750L);
    }
  }

  @Test
  void throttlesOutOfTheWholeTimeAndNoLonger() {
    var clock = new ManualClock();
    OnlineStore store = store(clock, request -> some(request, 0));
    StoreException e =
        catchThrowableOfType(
            StoreException.class,
            () -> store.read(List.of(read("t", "a")), Deadline.in(Duration.ofSeconds(30), clock)));
    assertThat(e.kind()).isEqualTo(StoreException.Kind.THROTTLED);
    assertThat(clock.millis()).isBetween(28_700L, 29_750L);
  }

  @Test
  void keepsNoMoreBytesThanItsBudget() {
    byte[] wide = new byte[300_000];
    OnlineStore store = store(request -> wideRows(request, wide), 10);
    StoreException e =
        catchThrowableOfType(
            StoreException.class,
            () -> store.read(List.of(new TableRead("t", Set.of("f"), ids(1000))), inSeconds(20)));
    assertThat(e.kind()).isEqualTo(StoreException.Kind.TOO_LARGE);
    assertThat(e).hasMessageContaining("33554432 bytes");
    // Twelve batches of ten fill it; fifteen others may be under way then.
    assertThat(requests).hasSizeLessThanOrEqualTo(12 + 15);
  }

  @Test
  void asksForAllTablesAtOnce() throws StoreException {
    OnlineStore store = store(request -> some(request, 100), 100);
    StoredRows rows =
        store.read(List.of(read("t", "a", "b"), read("u", "a", "no-b")), inSeconds(10));
    assertThat(requests).hasSize(1);
    assertThat(rows.row("t", "a")).isPresent();
    assertThat(rows.row("t", "b")).isPresent();
    assertThat(rows.row("u", "a")).isPresent();
    assertThat(rows.row("u", "no-b")).isEmpty();
  }

  @Test
  void splitsWhatDoesNotFitAndMissesNothing() throws StoreException {
    OnlineStore store = store(request -> some(request, 100), 100);
    StoredRows rows =
        store.read(
            List.of(
                new TableRead("t", Set.of("f"), ids(150)),
                new TableRead("u", Set.of("f"), ids(170))),
            inSeconds(10));
    assertThat(rows.byTable().get("t")).hasSize(150);
    assertThat(rows.byTable().get("u")).hasSize(170);
    assertThat(requests).extracting(BatchGetterTest::keys).containsOnly(100, 20);
    assertThat(requests).hasSize(4);
  }

  @Test
  void keepsToTheConfiguredBatchSize() throws StoreException {
    OnlineStore store = store(request -> some(request, 100), 40);
    store.read(List.of(new TableRead("t", Set.of("f"), ids(100))), inSeconds(10));
    assertThat(requests).extracting(BatchGetterTest::keys).containsExactlyInAnyOrder(40, 40, 20);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void readsConsistentlyWhereTheStoreSaysSo(boolean consistentReads) throws StoreException {
    OnlineStore store =
        new DynamoDbOnlineStore(clients(request -> some(request, 100)), 100, consistentReads);
    store.read(List.of(read("t", "a"), read("u", "b")), inSeconds(10));
    assertThat(requests.getFirst().requestItems().values())
        .hasSize(2)
        .allMatch(table -> table.consistentRead() == consistentReads);
  }

  @Test
  void asksNothingWhereThereAreNoRows() throws StoreException {
    OnlineStore store = store(request -> some(request, 100), 100);
    assertThat(
            store.read(List.of(new TableRead("t", Set.of("f"), Set.of())), inSeconds(10)).byTable())
        .isEmpty();
    assertThat(requests).isEmpty();
  }

  @Test
  void doesNotAskAgainWhereItWasRefused() {
    OnlineStore store =
        store(
            request -> {
              throw DynamoDbException.builder().statusCode(400).message("no such table").build();
            },
            100);
    StoreException e =
        catchThrowableOfType(
            StoreException.class,
            () -> store.read(List.of(new TableRead("t", Set.of("f"), ids(300))), inSeconds(10)));
    assertThat(e.kind()).isEqualTo(StoreException.Kind.REFUSED);
    assertThat(requests).hasSizeLessThanOrEqualTo(3);
  }

  private OnlineStore store(
      Function<BatchGetItemRequest, BatchGetItemResponse> answers, int batchSize) {
    return new DynamoDbOnlineStore(clients(answers), batchSize, false);
  }

  private OnlineStore store(
      ManualClock clock, Function<BatchGetItemRequest, BatchGetItemResponse> answers) {
    return new DynamoDbOnlineStore(new BatchGetter(clients(answers), clock::advance), 100, false);
  }

  /** Moves when it is told to, from 0. */
  private static final class ManualClock implements InstantSource {
    private long millis;

    void advance(long by) {
      millis += by;
    }

    @Override
    public long millis() {
      return millis;
    }

    @Override
    public Instant instant() {
      return Instant.ofEpochMilli(millis);
    }
  }

  private static BatchGetItemResponse wideRows(BatchGetItemRequest request, byte[] value) {
    AttributeValue values =
        AttributeValue.fromM(Map.of("f", AttributeValue.fromB(SdkBytes.fromByteArray(value))));
    Map<String, List<Map<String, AttributeValue>>> items = new HashMap<>();
    request
        .requestItems()
        .forEach(
            (table, keys) ->
                items.put(
                    table,
                    keys.keys().stream()
                        .map(key -> Map.of("entity_id", id(key), "values", values))
                        .toList()));
    return BatchGetItemResponse.builder().responses(items).build();
  }

  private Supplier<DynamoDbClient> clients(
      Function<BatchGetItemRequest, BatchGetItemResponse> answers) {
    DynamoDbClient client = client(answers);
    return () -> client;
  }

  private DynamoDbClient client(Function<BatchGetItemRequest, BatchGetItemResponse> answers) {
    return new DynamoDbClient() {
      @Override
      public BatchGetItemResponse batchGetItem(BatchGetItemRequest request) {
        synchronized (requests) {
          requests.add(request);
        }
        return answers.apply(request);
      }

      @Override
      public String serviceName() {
        return "dynamodb";
      }

      @Override
      public void close() {}
    };
  }

  /** Answers for the first keys only. */
  private static BatchGetItemResponse some(BatchGetItemRequest request, int count) {
    Map<String, List<Map<String, AttributeValue>>> items = new HashMap<>();
    Map<String, KeysAndAttributes> unprocessed = new HashMap<>();
    int left = count;
    for (Map.Entry<String, KeysAndAttributes> table : request.requestItems().entrySet()) {
      List<Map<String, AttributeValue>> keys = table.getValue().keys();
      int taken = Math.min(left, keys.size());
      left -= taken;
      items.put(
          table.getKey(),
          keys.subList(0, taken).stream()
              .filter(key -> !id(key).s().startsWith("no"))
              .map(BatchGetterTest::item)
              .toList());
      if (taken < keys.size()) {
        unprocessed.put(
            table.getKey(),
            table.getValue().toBuilder().keys(keys.subList(taken, keys.size())).build());
      }
    }
    return BatchGetItemResponse.builder().responses(items).unprocessedKeys(unprocessed).build();
  }

  private static AttributeValue id(Map<String, AttributeValue> key) {
    return Objects.requireNonNull(key.get("entity_id"));
  }

  private static Map<String, AttributeValue> item(Map<String, AttributeValue> key) {
    return Map.of(
        "entity_id", id(key),
        "event_ts", AttributeValue.fromS("2026-11-01 12:00:00+00:00"),
        "values",
            AttributeValue.fromM(Map.of("f", AttributeValue.fromB(SdkBytes.fromUtf8String("")))));
  }

  private static int keys(BatchGetItemRequest request) {
    return request.requestItems().values().stream().mapToInt(table -> table.keys().size()).sum();
  }

  private static TableRead read(String table, String... ids) {
    return new TableRead(table, Set.of("f"), new LinkedHashSet<>(List.of(ids)));
  }

  private static Set<String> ids(int count) {
    return IntStream.range(0, count).mapToObj(Integer::toString).collect(Collectors.toSet());
  }

  private static Deadline inSeconds(int seconds) {
    return Deadline.in(Duration.ofSeconds(seconds));
  }
}
