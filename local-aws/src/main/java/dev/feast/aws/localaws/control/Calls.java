package dev.feast.aws.localaws.control;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The calls that were answered: the newest {@link #KEPT}. A call is listed before its client has
 * the answer.
 */
public final class Calls {
  /** Older calls are forgotten. */
  public static final int KEPT = 100_000;

  private final AtomicLong lastId = new AtomicLong();
  private final Deque<Call> calls = new ArrayDeque<>();
  private final Map<Kind, Long> counts = new HashMap<>();

  private record Kind(
      String service, String operation, String region, boolean mutating, String errorCode) {
    static Kind of(Call call) {
      return new Kind(
          call.service(), call.operation(), call.region(), call.mutating(), call.errorCode());
    }

    CallCount times(long count) {
      return new CallCount(service, operation, region, mutating, errorCode, count);
    }
  }

  /** The id for a call that arrives now. */
  public long nextId() {
    return lastId.incrementAndGet();
  }

  public synchronized void add(Call call) {
    if (calls.size() == KEPT) {
      calls.removeFirst();
    }
    calls.addLast(call);
    counts.merge(Kind.of(call), 1L, Long::sum);
  }

  /** How many there were of each kind, those included that are no longer listed. */
  public synchronized List<CallCount> counts() {
    return counts.entrySet().stream()
        .map(entry -> entry.getKey().times(entry.getValue()))
        .sorted(
            Comparator.comparing(CallCount::service)
                .thenComparing(CallCount::operation)
                .thenComparing(CallCount::region)
                .thenComparing(CallCount::errorCode))
        .toList();
  }

  /** In the order in which they arrived. */
  public synchronized List<Call> list() {
    return calls.stream().sorted(Comparator.comparingLong(Call::id)).toList();
  }

  /** Those that change what later calls see, whether they succeeded or not. */
  public List<Call> mutating() {
    return list().stream().filter(Call::mutating).toList();
  }

  /** Forgets them. */
  public synchronized void clear() {
    calls.clear();
    counts.clear();
  }
}
