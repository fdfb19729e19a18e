package dev.feast.aws.operator.deploy;

import java.time.Duration;

/**
 * How long to wait for what.
 *
 * @param poll the shortest and first wait for a function that Lambda works on
 * @param pollLongest the longest of these waits
 * @param stuck after which a function that Lambda still works on is called stuck
 * @param again how long after a failure of its own a function is made or updated once more
 * @param probe the wait after a first failed probe, doubled after each further one
 * @param probeLongest the longest of these waits
 * @param endpoint how long an endpoint may answer wrongly before what it served before no longer
 *     counts: a moved alias or a new permission takes a moment to be known everywhere
 * @param replaced how long an adopted API must have led to the FeatureServer's own function before
 *     what it led to goes
 */
public record Pace(
    Duration poll,
    Duration pollLongest,
    Duration stuck,
    Duration again,
    Duration probe,
    Duration probeLongest,
    Duration endpoint,
    Duration replaced) {

  public static final Pace PRODUCTION =
      new Pace(
          Duration.ofSeconds(1),
          Duration.ofSeconds(30),
          Duration.ofMinutes(10),
          Duration.ofMinutes(1),
          Duration.ofSeconds(5),
          Duration.ofMinutes(5),
          Duration.ofMinutes(1),
          Duration.ofSeconds(30));

  /** The wait after the given number of probes that failed in a row, at least one. */
  Duration afterProbes(int failed) {
    Duration wait = probe;
    for (int i = 1; i < failed && wait.compareTo(probeLongest) < 0; i++) {
      wait = wait.multipliedBy(2);
    }
    return shorter(wait, probeLongest);
  }

  /** Soon while the wait is young, then less often: a fifth of the time that it has taken. */
  Duration afterWaiting(Duration waited) {
    Duration wait = waited.dividedBy(5);
    return shorter(wait.compareTo(poll) < 0 ? poll : wait, pollLongest);
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }
}
