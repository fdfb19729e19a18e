package dev.feast.aws.operator.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
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
