package dev.feast.aws.operator.controller;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
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
            most,
            most,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofVirtual().factory());
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
