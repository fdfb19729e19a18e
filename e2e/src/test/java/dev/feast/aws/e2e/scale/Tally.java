package dev.feast.aws.e2e.scale;

import dev.feast.aws.localaws.control.CallCount;
import dev.feast.aws.localaws.control.Calls;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** What local-aws counted since it was told to forget. */
record Tally(List<CallCount> counts) {
  private static final Set<String> THROTTLED =
      Set.of("TooManyRequestsException", "ThrottlingException", "TOOMANYREQUESTS");

  /** Each pass over a FeatureServer that has its API reads the stage once, after all else. */
  private static final String LAST_READ_OF_A_PASS = "GetStage";

  static Tally of(Calls calls) {
    return new Tally(calls.counts());
  }

  long all() {
    return sum(count -> true);
  }

  long throttled() {
    return sum(count -> THROTTLED.contains(count.errorCode()));
  }

  /** Passes over FeatureServers that came to their end. */
  long passes() {
    return sum(
        count -> count.operation().equals(LAST_READ_OF_A_PASS) && count.errorCode().isEmpty());
  }

  Growth.Pass pass() {
    return new Growth.Pass(
        passes(), sum(count -> !count.mutating()), sum(CallCount::mutating), throttled());
  }

  private long sum(Predicate<CallCount> which) {
    return counts.stream().filter(which).mapToLong(CallCount::count).sum();
  }
}
