package dev.feast.aws.localaws.lambda;

import java.time.Duration;

/**
 * What an operator of local-aws may want otherwise.
 *
 * @param concurrency invocations at once in one account and region; AWS gives 1,000, a laptop has
 *     fewer cores
 * @param settleTime how long Pending and InProgress last at least
 * @param idleTime after which an execution environment that nobody used is ended
 */
public record LambdaLimits(int concurrency, Duration settleTime, Duration idleTime) {
  public static final LambdaLimits DEFAULT =
      new LambdaLimits(100, Duration.ofMillis(200), Duration.ofMinutes(5));
}
