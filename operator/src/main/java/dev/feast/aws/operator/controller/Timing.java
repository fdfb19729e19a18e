package dev.feast.aws.operator.controller;

import dev.feast.aws.operator.controller.Outcome.Next;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

/**
 * When each FeatureServer is looked at again. Every wait but one that was given has jitter, so that
 * what was started together does not come back together.
 */
final class Timing {
  private static final double JITTER = 0.2;

  private final Duration resync;
  private final Duration first;
  private final Duration longest;
  private final RandomGenerator random;
  private final Map<ResourceID, Failures> failures = new ConcurrentHashMap<>();

  /** Until when, by {@link System#nanoTime}, a FeatureServer is left as it is. */
  private final Map<ResourceID, Long> pauses = new ConcurrentHashMap<>();

  /**
   * What went wrong since something last went right. Each reason has its own count: one that comes
   * up for the first time is tried again soon, and two that take turns still wait longer each time.
   */
  private record Failures(long generation, Map<String, Integer> byReason) {
    int of(String reason) {
      return byReason.getOrDefault(reason, 0);
    }

    Failures with(String reason) {
      var more = new HashMap<>(byReason);
      more.merge(reason, 1, Integer::sum);
      return new Failures(generation, more);
    }
  }

  /**
   * @param resync how often a FeatureServer is looked at when nothing happens
   * @param first the first wait after a failure; the next are each twice as long
   * @param longest the longest of these
   */
  Timing(Duration resync, Duration first, Duration longest, RandomGenerator random) {
    this.resync = resync;
    this.first = first;
    this.longest = longest;
    this.random = random;
  }

  Duration wait(ResourceID resource, long generation, Outcome outcome) {
    return switch (outcome.next()) {
      case Next.Resync() -> {
        failures.remove(resource);
        yield jittered(resync);
      }
      case Next.Backoff() -> jittered(backoff(failed(resource, generation, outcome)));
      case Next.After(Duration delay) -> {
        failures.remove(resource);
        yield delay;
      }
      case Next.NotBefore(Duration delay) -> {
        failures.remove(resource);
        pauses.put(resource, System.nanoTime() + delay.toNanos());
        yield delay;
      }
    };
  }

  /** How often that went wrong by now, with this generation and nothing done in between. */
  private int failed(ResourceID resource, long generation, Outcome outcome) {
    String reason = outcome.assessment().summary().reason();
    return failures
        .compute(
            resource,
            (id, before) -> {
              boolean goesOn =
                  before != null
                      && before.generation() == generation
                      && outcome.applied().isEmpty();
              return (goesOn ? before : new Failures(generation, Map.of())).with(reason);
            })
        .of(reason);
  }

  /**
   * How long a FeatureServer is still to be left as it is, whatever asks for a pass. A process that
   * starts knows of none: by then it is over.
   */
  Duration pause(ResourceID resource) {
    Long until = pauses.get(resource);
    if (until == null) {
      return Duration.ZERO;
    }
    long left = until - System.nanoTime();
    if (left <= 0) {
      pauses.remove(resource, until);
      return Duration.ZERO;
    }
    return Duration.ofNanos(left);
  }

  void forget(ResourceID resource) {
    failures.remove(resource);
    pauses.remove(resource);
  }

  private Duration backoff(int failed) {
    Duration wait = first;
    for (int i = 1; i < failed && wait.compareTo(longest) < 0; i++) {
      wait = wait.multipliedBy(2);
    }
    return wait.compareTo(longest) < 0 ? wait : longest;
  }

  private Duration jittered(Duration wait) {
    double factor = 1 + JITTER * (2 * random.nextDouble() - 1);
    return Duration.ofMillis(Math.max(1, Math.round(wait.toMillis() * factor)));
  }
}
