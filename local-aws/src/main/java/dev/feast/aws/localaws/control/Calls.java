package dev.feast.aws.localaws.control;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
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

  /** The id for a call that arrives now. */
  public long nextId() {
    return lastId.incrementAndGet();
  }

  public synchronized void add(Call call) {
    if (calls.size() == KEPT) {
      calls.removeFirst();
    }
    calls.addLast(call);
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
  }
}
