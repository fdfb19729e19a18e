package dev.feast.aws.e2e.scale;

import java.time.Duration;

/**
 * What was measured with one number of FeatureServers.
 *
 * @param size how many FeatureServers
 * @param bound the shortest time from nothing to all ready that AWS' limits leave
 * @param ready the time that it took
 * @param calls all that local-aws got until then
 * @param throttled how many of them it refused because of the limits
 * @param before the operator without any FeatureServer
 * @param after the operator when all were ready
 * @param restartBound the shortest time that AWS' limits leave for one pass over each
 * @param restart from the start of the operator's process until it had passed over each
 * @param restarted the calls and throttled answers of that
 * @param restartVitals the operator after that
 */
record Growth(
    int size,
    CallBudget.Bound bound,
    Duration ready,
    long calls,
    long throttled,
    Vitals before,
    Vitals after,
    CallBudget.Bound restartBound,
    Duration restart,
    Pass restarted,
    Vitals restartVitals) {

  /**
   * Calls of passes over FeatureServers that are as they should be.
   *
   * @param passes how many passes
   * @param reads calls that change nothing
   * @param mutations calls that do
   * @param throttled calls that were refused because of the limits
   */
  record Pass(long passes, long reads, long mutations, long throttled) {
    double readsOfOne() {
      return (double) reads / passes;
    }
  }

  /** How many times the bound it took. */
  double timesBound() {
    return (double) ready.toMillis() / bound.time().toMillis();
  }

  double restartTimesBound() {
    return (double) restart.toMillis() / restartBound.time().toMillis();
  }
}
