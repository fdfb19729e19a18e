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
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The execution environments of one function. An invocation takes one that is idle, or a new one;
 * it goes back when the invocation is over, unless its version has changed since.
 *
 * <p>Environments are ended outside its lock: a process may take seconds to go.
 */
final class Instances {
  private final Clock clock;
  private final Map<Kind, ArrayDeque<Idle>> idle = new HashMap<>();
  private final Set<Use> uses = new HashSet<>();

  /** Environments that are not ended for being idle, by version. */
  private final Map<String, Set<ExecutionEnvironment>> kept = new HashMap<>();

  private boolean closed;

  Instances(Clock clock) {
    this.clock = clock;
  }

  /** What makes two environments interchangeable. */
  private record Kind(String version, Settings settings) {}

  private record Idle(ExecutionEnvironment environment, Instant since) {}

  /** An invocation under way, from before its environment is launched. */
  private static final class Use {
    private final Kind kind;
    private @Nullable ExecutionEnvironment environment;

    /** Its version was changed or deleted meanwhile: its environment serves nobody else. */
    private boolean retired;

    Use(Kind kind) {
      this.kind = kind;
    }
  }

  /** Runs an invocation of that version, in an environment of its own for as long as it takes. */
  InvocationResult invoke(
      String version,
      Settings settings,
      Invocation invocation,
      Consumer<String> log,
      Supplier<ExecutionEnvironment> launch) {
    Use use = begin(new Kind(version, settings));
    try {
      return environment(use, launch).invoke(invocation, log);
    } finally {
      end(use).ifPresent(ExecutionEnvironment::close);
    }
  }

  private synchronized Use begin(Kind kind) {
    var use = new Use(kind);
    uses.add(use);
    return use;
  }

  private ExecutionEnvironment environment(Use use, Supplier<ExecutionEnvironment> launch) {
    for (Optional<ExecutionEnvironment> waiting = takeIdle(use);
        waiting.isPresent();
        waiting = takeIdle(use)) {
      if (waiting.get().isReusable()) {
        return waiting.get();
      }
      waiting.get().close();
    }
    ExecutionEnvironment launched = launch.get();
    synchronized (this) {
      use.environment = launched;
    }
    return launched;
  }

  /**
   * Keeps that many environments of a version, and starts those that are missing. False where one
   * cannot be initialized: then no more are started.
   */
  boolean keep(
      String version, Settings settings, int wanted, Supplier<ExecutionEnvironment> launch) {
    var kind = new Kind(version, settings);
    for (int missing = begin(kind, wanted); missing > 0; missing--) {
      ExecutionEnvironment environment = launch.get();
      if (!environment.initialize()) {
        environment.close();
        return false;
      }
      if (!put(kind, environment)) {
        environment.close();
      }
    }
    return true;
  }

  /** Starts one for the next invocation to find; false where it cannot be initialized. */
  boolean start(String version, Settings settings, Supplier<ExecutionEnvironment> launch) {
    ExecutionEnvironment environment = launch.get();
    boolean initialized = environment.initialize();
    if (!initialized || !add(new Kind(version, settings), environment)) {
      environment.close();
    }
    return initialized;
  }

  /** Returns how many are missing: those that invocations started do not count. */
  private synchronized int begin(Kind kind, int wanted) {
    Set<ExecutionEnvironment> present = kept.computeIfAbsent(kind.version, v -> new HashSet<>());
    present.removeIf(environment -> !environment.isReusable());
    while (present.size() > wanted) {
      present.remove(present.iterator().next());
    }
    return wanted - present.size();
  }

  private synchronized boolean put(Kind kind, ExecutionEnvironment environment) {
    Set<ExecutionEnvironment> present = kept.get(kind.version);
    if (closed || present == null) {
      return false;
    }
    present.add(environment);
    return add(kind, environment);
  }

  private synchronized boolean add(Kind kind, ExecutionEnvironment environment) {
    if (closed) {
      return false;
    }
    idle.computeIfAbsent(kind, k -> new ArrayDeque<>())
        .addLast(new Idle(environment, clock.instant()));
    return true;
  }

  /** Environments of that version are ended for being idle again. */
  synchronized void keepNone(String version) {
    kept.remove(version);
  }

  /** The one used last is the warmest; the others get their chance to be ended. */
  private synchronized Optional<ExecutionEnvironment> takeIdle(Use use) {
    ArrayDeque<Idle> waiting = idle.get(use.kind);
    Idle last = waiting == null ? null : waiting.pollLast();
    use.environment = last == null ? null : last.environment;
    return Optional.ofNullable(use.environment);
  }

  /** Returns the environment where it is to be ended; else it is idle now. */
  private synchronized Optional<ExecutionEnvironment> end(Use use) {
    uses.remove(use);
    ExecutionEnvironment environment = use.environment;
    if (environment == null || closed || use.retired || !environment.isReusable()) {
      return Optional.ofNullable(environment);
    }
    idle.computeIfAbsent(use.kind, k -> new ArrayDeque<>())
        .addLast(new Idle(environment, clock.instant()));
    return Optional.empty();
  }

  /**
   * Ends what is idle of a version, soon; what is busy ends with its invocation. Does not wait:
   * callers hold their function's lock.
   */
  synchronized void retire(String version) {
    kept.remove(version);
    uses.stream()
        .filter(use -> use.kind.version.equals(version))
        .forEach(use -> use.retired = true);
    List<Kind> kinds = idle.keySet().stream().filter(k -> k.version.equals(version)).toList();
    for (Kind kind : kinds) {
      for (Idle waiting : idle.getOrDefault(kind, new ArrayDeque<>())) {
        Thread.ofVirtual().start(waiting.environment::close);
      }
      idle.remove(kind);
    }
  }

  /** Ends what has not been used for that long. */
  void reap(Duration unused) {
    var unwanted = new ArrayList<ExecutionEnvironment>();
    synchronized (this) {
      Instant before = clock.instant().minus(unused);
      for (Map.Entry<Kind, ArrayDeque<Idle>> entry : idle.entrySet()) {
        Set<ExecutionEnvironment> stay = kept.getOrDefault(entry.getKey().version, Set.of());
        entry
            .getValue()
            .removeIf(
                waiting ->
                    waiting.since.isBefore(before)
                        && !stay.contains(waiting.environment)
                        && unwanted.add(waiting.environment));
      }
      idle.values().removeIf(ArrayDeque::isEmpty);
    }
    unwanted.forEach(ExecutionEnvironment::close);
  }

  /** Ends everything, invocations under way included. */
  void close() {
    var all = new ArrayList<ExecutionEnvironment>();
    synchronized (this) {
      closed = true;
      idle.values().forEach(waiting -> waiting.forEach(i -> all.add(i.environment)));
      for (Use use : uses) {
        if (use.environment != null) {
          all.add(use.environment);
        }
      }
      idle.clear();
    }
    all.forEach(ExecutionEnvironment::close);
  }
}
