package dev.feast.aws.localaws.apigateway;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Bounds the requests of a stage's routes, each by a token bucket of its own. */
final class Throttle {
  /** "10,000 requests per second, with a burst of 5,000": an account's quota in a region. */
  private static final double DEFAULT_RATE = 10_000;

  private static final int DEFAULT_BURST = 5_000;

  private record Key(String api, String stage, String route) {}

  private final Map<Key, Bucket> buckets = new ConcurrentHashMap<>();
  private final InstantSource clock;

  Throttle(InstantSource clock) {
    this.clock = clock;
  }

  /** Whether a request may pass now; it counts if it may. */
  boolean admits(Api api, Stage stage, Route route) {
    RouteSettings settings = stage.settings(route.key());
    if (!settings.throttles()) {
      return true;
    }
    var key = new Key(api.id(), stage.name(), route.key().text());
    return buckets
        .compute(
            key,
            (_, found) ->
                found != null && found.settings.equals(settings)
                    ? found
                    : new Bucket(settings, clock.instant()))
        .take(clock.instant());
  }

  private static final class Bucket {
    private final RouteSettings settings;
    private final double ratePerSecond;
    private final int burst;
    private double tokens;
    private Instant filled;

    Bucket(RouteSettings settings, Instant now) {
      this.settings = settings;
      this.ratePerSecond = settings.ratePerSecond().orElse(DEFAULT_RATE);
      this.burst = settings.burst().orElse(DEFAULT_BURST);
      this.tokens = burst;
      this.filled = now;
    }

    synchronized boolean take(Instant now) {
      if (now.isAfter(filled)) {
        double seconds = Duration.between(filled, now).toNanos() / 1e9;
        tokens = Math.min(burst, tokens + seconds * ratePerSecond);
        filled = now;
      }
      if (tokens < 1) {
        return false;
      }
      tokens--;
      return true;
    }
  }
}
