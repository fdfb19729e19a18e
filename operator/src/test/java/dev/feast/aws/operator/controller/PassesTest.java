package dev.feast.aws.operator.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PassesTest {
  private static final int MOST = 2;

  private final Passes passes = new Passes(MOST);
  private final CountDownLatch answered = new CountDownLatch(1);

  @AfterEach
  void end() {
    answered.countDown();
    passes.threads().shutdownNow();
  }

  @Test
  void letsOthersGoOnWhileAnyNumberWaitsAside() throws Exception {
    for (int i = 0; i < 100; i++) {
      passes.threads().execute(() -> passes.aside(this::awaitAnswer));
    }

    assertThat(passes.threads().submit(() -> "went on").get(10, TimeUnit.SECONDS))
        .isEqualTo("went on");
  }

  @Test
  void runsNoMoreThanThatAtOnceAfterThoseThatWaitedAreBack() throws Exception {
    List<Future<Boolean>> aside = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      aside.add(passes.threads().submit(() -> passes.aside(this::awaitAnswer)));
    }
    answered.countDown();
    for (Future<Boolean> pass : aside) {
      assertThat(pass.get(10, TimeUnit.SECONDS)).isTrue();
    }
    var running = new AtomicInteger();
    var end = new CountDownLatch(1);
    for (int i = 0; i < 20; i++) {
      passes
          .threads()
          .execute(
              () -> {
                running.incrementAndGet();
                waitFor(end);
              });
    }

    await().untilAsserted(() -> assertThat(running).hasValueGreaterThanOrEqualTo(MOST));
    assertThat(running).hasValue(MOST);
    end.countDown();
  }

  /** Or the second passes of many FeatureServers would all wait for the last first one. */
  @Test
  void takesTheOldestAndTheNewestInTurn() throws Exception {
    var one = new Passes(1);
    try {
      one.threads().execute(this::awaitAnswer);
      Queue<Integer> order = new ConcurrentLinkedQueue<>();
      List<Future<?>> passes = new ArrayList<>();
      for (int i = 1; i <= 6; i++) {
        int number = i;
        passes.add(one.threads().submit(() -> order.add(number)));
      }

      answered.countDown();
      for (Future<?> pass : passes) {
        pass.get(10, TimeUnit.SECONDS);
      }

      assertThat(order).containsExactly(1, 6, 2, 5, 3, 4);
    } finally {
      one.threads().shutdownNow();
    }
  }

  private boolean awaitAnswer() {
    waitFor(answered);
    return true;
  }

  private static void waitFor(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
