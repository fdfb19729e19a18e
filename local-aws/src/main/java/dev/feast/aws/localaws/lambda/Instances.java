package dev.feast.aws.localaws.lambda;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The execution environments of one function. An invocation takes one that is idle, or a new one;
 * it goes back when the invocation is over, unless its version has changed since.
 */
final class Instances {
  private final Clock clock;
  private final Map<Kind, ArrayDeque<Idle>> idle = new HashMap<>();
  private final Map<String, Set<ExecutionEnvironment>> busy = new HashMap<>();
  private boolean closed;

  Instances(Clock clock) {
    this.clock = clock;
  }

  /** What makes two environments interchangeable. */
  private record Kind(String version, Settings settings) {}

  private record Idle(ExecutionEnvironment environment, Instant since) {}

  /** Runs an invocation of that version, in an environment of its own for as long as it takes. */
  InvocationResult invoke(
      String version,
      Settings settings,
      Invocation invocation,
      Consumer<String> log,
      Supplier<ExecutionEnvironment> launch) {
    var kind = new Kind(version, settings);
    ExecutionEnvironment environment = take(kind, launch);
    try {
      return environment.invoke(invocation, log);
    } finally {
      giveBack(kind, environment);
    }
  }

  private ExecutionEnvironment take(Kind kind, Supplier<ExecutionEnvironment> launch) {
    synchronized (this) {
      ArrayDeque<Idle> waiting = idle.getOrDefault(kind, new ArrayDeque<>());
      while (!waiting.isEmpty()) {
        // The last one used is the warmest; the others get their chance to be ended.
        ExecutionEnvironment environment = waiting.removeLast().environment;
        if (environment.isReusable()) {
          busy.computeIfAbsent(kind.version, v -> new HashSet<>()).add(environment);
          return environment;
        }
        environment.close();
      }
    }
    ExecutionEnvironment environment = launch.get();
    synchronized (this) {
      busy.computeIfAbsent(kind.version, v -> new HashSet<>()).add(environment);
    }
    return environment;
  }

  private synchronized void giveBack(Kind kind, ExecutionEnvironment environment) {
    boolean current = busy.getOrDefault(kind.version, Set.of()).remove(environment);
    if (current && !closed && environment.isReusable()) {
      idle.computeIfAbsent(kind, k -> new ArrayDeque<>())
          .addLast(new Idle(environment, clock.instant()));
    } else {
      environment.close();
    }
  }

  /** Ends what is idle of a version; what is busy ends with its invocation. */
  synchronized void retire(String version) {
    busy.remove(version);
    List<Kind> kinds = idle.keySet().stream().filter(k -> k.version.equals(version)).toList();
    for (Kind kind : kinds) {
      end(idle.remove(kind));
    }
  }

  /** Ends what has not been used for that long. */
  synchronized void reap(Duration unused) {
    Instant before = clock.instant().minus(unused);
    for (ArrayDeque<Idle> waiting : idle.values()) {
      while (!waiting.isEmpty() && waiting.getFirst().since.isBefore(before)) {
        waiting.removeFirst().environment.close();
      }
    }
    idle.values().removeIf(ArrayDeque::isEmpty);
  }

  /** Ends everything, invocations under way included. */
  void close() {
    List<ExecutionEnvironment> all = new ArrayList<>();
    synchronized (this) {
      closed = true;
      idle.values().forEach(waiting -> waiting.forEach(i -> all.add(i.environment)));
      busy.values().forEach(all::addAll);
      idle.clear();
      busy.clear();
    }
    all.forEach(ExecutionEnvironment::close);
  }

  synchronized int idleCount() {
    return idle.values().stream().mapToInt(ArrayDeque::size).sum();
  }

  private static void end(@org.jspecify.annotations.Nullable ArrayDeque<Idle> waiting) {
    if (waiting != null) {
      waiting.forEach(i -> i.environment.close());
    }
  }
}
