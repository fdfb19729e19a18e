package dev.feast.aws.operator.controller;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * The threads of the passes: a limited number at once, for after a start all would only queue for
 * the same rate limits of AWS. One that waits for something else gives its place to another.
 */
final class Passes {
  private final ThreadPoolExecutor threads;
  private int most;

  /**
   * @param most passes at once, but for those that wait aside
   */
  Passes(int most) {
    this.most = most;
    this.threads =
        new ThreadPoolExecutor(
            most, most, 0, TimeUnit.SECONDS, new OldestAndNewest(), Thread.ofVirtual().factory());
  }

  /**
   * Gives the one that waits longest and the one that came last in turn. With a thousand
   * FeatureServers to make, their second passes would all wait for the last first one: functions
   * would be made for a minute and no API in it, although the two have limits of their own. As
   * every other turn is the oldest's, none waits for ever.
   */
  private static final class OldestAndNewest extends LinkedBlockingDeque<Runnable> {
    private final AtomicInteger turn = new AtomicInteger();

    @Override
    public Runnable take() throws InterruptedException {
      return isOldestsTurn() ? takeFirst() : takeLast();
    }

    @Override
    public Runnable poll(long timeout, TimeUnit unit) throws InterruptedException {
      return isOldestsTurn() ? pollFirst(timeout, unit) : pollLast(timeout, unit);
    }

    private boolean isOldestsTurn() {
      return turn.getAndIncrement() % 2 == 0;
    }
  }

  ExecutorService threads() {
    return threads;
  }

  /** How many are under way, those that wait aside among them. */
  int running() {
    return threads.getActiveCount();
  }

  /** How many wait for another one to end. */
  int waiting() {
    return threads.getQueue().size();
  }

  /** Waits for what has nothing to do with AWS' limits, and keeps no other pass waiting. */
  <T> T aside(Supplier<T> wait) {
    more();
    try {
      return wait.get();
    } finally {
      fewer();
    }
  }

  private synchronized void more() {
    most++;
    threads.setMaximumPoolSize(most);
    threads.setCorePoolSize(most);
  }

  /** The next thread that has nothing to do ends. */
  private synchronized void fewer() {
    most--;
    threads.setCorePoolSize(most);
    threads.setMaximumPoolSize(most);
  }
}
