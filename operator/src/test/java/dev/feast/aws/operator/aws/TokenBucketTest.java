package dev.feast.aws.operator.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class TokenBucketTest {
  private Instant now = Instant.EPOCH;

  @Test
  void letsABurstThroughAndThenOneAtATime() {
    var bucket = new TokenBucket(10, 4, () -> now);

    for (int i = 0; i < 4; i++) {
      assertThat(bucket.reserve()).isZero();
    }
    assertThat(bucket.reserve()).isEqualTo(Duration.ofMillis(100));
    assertThat(bucket.reserve()).isEqualTo(Duration.ofMillis(200));
  }

  /** AWS counts in seconds: a burst on top of the rate would be refused. */
  @Test
  void letsNoMoreThanItsRateIntoTheFirstSecond() {
    var bucket = new TokenBucket(15, 1, () -> now);

    int calls = 0;
    while (bucket.reserve().compareTo(Duration.ofSeconds(1)) < 0) {
      calls++;
    }

    assertThat(calls).isBetween(15, 16); // The last one is at the very end of the second.
  }

  @Test
  void takesBackTheTokenOfWhoStopsWaiting() throws Exception {
    var bucket = new TokenBucket(0.001, 1, () -> now);
    bucket.acquire();
    var interrupted = new AtomicBoolean();
    Thread waiting =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    bucket.acquire();
                  } catch (InterruptedException e) {
                    interrupted.set(true);
                  }
                });
    await().until(() -> waiting.getState() == Thread.State.TIMED_WAITING);

    waiting.interrupt();
    waiting.join();

    assertThat(interrupted).isTrue();
    assertThat(bucket.reserve()).isEqualTo(Duration.ofSeconds(1_000));
  }

  @Test
  void fillsUpAgainButNotPastItsBurst() {
    var bucket = new TokenBucket(10, 2, () -> now);
    bucket.reserve();
    bucket.reserve();

    now = now.plusSeconds(60);

    assertThat(bucket.reserve()).isZero();
    assertThat(bucket.reserve()).isZero();
    assertThat(bucket.reserve()).isEqualTo(Duration.ofMillis(100));
  }
}
