package dev.feast.aws.localaws.limits;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Counts calls against their rates: a token bucket for each group, account and region. */
public final class CallLimits {
  private final CallRates rates;
  private final InstantSource clock;
  private final Map<Key, Bucket> buckets = new ConcurrentHashMap<>();

  private record Key(String group, String account, String region) {}

  public CallLimits(CallRates rates, InstantSource clock) {
    this.rates = rates;
    this.clock = clock;
  }

  /**
   * Takes a token for a call; without one the call is to be refused, and costs nothing.
   *
   * @param service as in SigV4's credential scope
   * @param operation as in AWS's API reference
   */
  public boolean admits(String service, String operation, String account, String region) {
    return rates
        .of(service, operation)
        .map(
            rate ->
                buckets
                    .computeIfAbsent(
                        new Key(rate.group(), account, region), key -> new Bucket(rate))
                    .take())
        .orElse(true);
  }

  private final class Bucket {
    private static final double NANOS = 1e9;

    private final CallRate rate;
    private double tokens;
    private Instant filled;

    Bucket(CallRate rate) {
      this.rate = rate;
      this.tokens = rate.burst();
      this.filled = clock.instant();
    }

    synchronized boolean take() {
      Instant now = clock.instant();
      double more = Math.max(0, Duration.between(filled, now).toNanos()) / NANOS * rate.perSecond();
      tokens = Math.min(rate.burst(), tokens + more);
      filled = now;
      if (tokens < 1) {
        return false;
      }
      tokens--;
      return true;
    }
  }
}
