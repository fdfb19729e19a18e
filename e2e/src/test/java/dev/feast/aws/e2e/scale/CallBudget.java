package dev.feast.aws.e2e.scale;

import dev.feast.aws.localaws.control.CallCount;
import dev.feast.aws.localaws.limits.CallRate;
import dev.feast.aws.localaws.limits.CallRates;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The calls that one FeatureServer needs, by what limits them. A listing of all APIs is none of
 * them: any number of FeatureServers could do with the same one.
 *
 * @param calls of each group that AWS limits
 */
record CallBudget(Map<CallRate, Long> calls) {
  private static final String SHARED = "GetApis";

  /** Of what was counted for a FeatureServer that was alone. */
  static CallBudget of(List<CallCount> counts) {
    Map<CallRate, Long> calls = new TreeMap<>(Comparator.comparing(CallRate::group));
    for (CallCount count : counts) {
      if (!count.operation().equals(SHARED)) {
        CallRates.AWS
            .of(count.service(), count.operation())
            .ifPresent(rate -> calls.merge(rate, count.count(), Long::sum));
      }
    }
    return new CallBudget(calls);
  }

  /** The shortest time that AWS' limits leave, and which of them it is. */
  record Bound(Duration time, String group) {}

  /**
   * For as many FeatureServers, spread over the regions: the bucket is full at first, and from then
   * on gives so many tokens a second.
   */
  Bound bound(int featureServers) {
    int inRegion = (featureServers + Cluster.REGIONS.size() - 1) / Cluster.REGIONS.size();
    return calls.entrySet().stream()
        .map(entry -> bound(entry.getKey(), entry.getValue() * inRegion))
        .max(Comparator.comparing(Bound::time))
        .orElseThrow();
  }

  private static Bound bound(CallRate rate, long calls) {
    double seconds = Math.max(0, calls - rate.burst()) / rate.perSecond();
    return new Bound(Duration.ofMillis(Math.round(seconds * 1000)), rate.group());
  }
}
