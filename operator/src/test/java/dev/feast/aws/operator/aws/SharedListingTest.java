package dev.feast.aws.operator.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SharedListingTest {

  /** Whoever asks while one runs may have created something that it has passed already. */
  @Test
  void sharesTheNextListingAndNotTheRunningOne() throws Exception {
    var started = new CountDownLatch(1);
    var goOn = new CountDownLatch(1);
    var listings = new AtomicInteger();
    var listing =
        new SharedListing<>(
            () -> {
              int number = listings.incrementAndGet();
              started.countDown();
              awaitLatch(goOn);
              return number;
            });
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Integer> first = threads.submit(listing::get);
      started.await();
      List<Future<Integer>> later = new ArrayList<>();
      var asking = new AtomicInteger();
      for (int i = 0; i < 20; i++) {
        later.add(
            threads.submit(
                () -> {
                  asking.incrementAndGet();
                  return listing.get();
                }));
      }
      await().until(() -> asking.get() == 20);

      goOn.countDown();

      assertThat(first.get()).isEqualTo(1);
      for (Future<Integer> answer : later) {
        assertThat(answer.get()).isGreaterThan(1);
      }
      assertThat(listings.get()).isLessThan(10);
    }
  }

  @Test
  void givesItsErrorToWhoAskedAndTriesAgainForTheNext() {
    var listings = new AtomicInteger();
    var listing =
        new SharedListing<>(
            () -> {
              if (listings.incrementAndGet() == 1) {
                throw new IllegalArgumentException("not now");
              }
              return "fine";
            });

    assertThatThrownBy(listing::get).isInstanceOf(IllegalArgumentException.class);
    assertThat(listing.get()).isEqualTo("fine");
  }

  /** Nobody waits for ever for a listing that ended with an Error. */
  @Test
  void givesAnErrorToAllWhoWait() throws Exception {
    var goOn = new CountDownLatch(1);
    var listings = new AtomicInteger();
    var listing =
        new SharedListing<String>(
            () -> {
              if (listings.incrementAndGet() == 1) {
                awaitLatch(goOn);
                return "first";
              }
              throw new NoClassDefFoundError("gone");
            });
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<String> first = threads.submit(listing::get);
      await().until(() -> listings.get() == 1);
      List<Thread> followers = new ArrayList<>();
      var errors = new AtomicInteger();
      for (int i = 0; i < 2; i++) {
        followers.add(
            Thread.ofVirtual()
                .start(
                    () -> {
                      try {
                        listing.get();
                      } catch (NoClassDefFoundError e) {
                        errors.incrementAndGet();
                      }
                    }));
      }
      await().until(() -> followers.stream().allMatch(t -> t.getState() == Thread.State.WAITING));

      goOn.countDown();

      assertThat(first.get()).isEqualTo("first");
      await().until(() -> errors.get() == 2);
    }
  }

  private static void awaitLatch(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
