package dev.feast.aws.operator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feast.aws.localaws.control.Call;
import dev.feast.aws.localaws.control.Fault;
import dev.feast.aws.localaws.lambda.LambdaLimits;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Runs an operation once to see which calls of AWS it makes, and then again and again from the same
 * beginning, each time with one fault at one of these calls. Whatever happens, AWS has to hold the
 * same in the end, and nothing once the FeatureServer is deleted.
 */
final class FaultWalk {
  /** The only FeatureServer of a world; of the same name each time, so that all is the same. */
  static final String NAME = "dev";

  /** The repository that images come from; not the operator's. */
  static final String IMAGES = "images";

  /** A call that fails as often as the SDK tries it again, so that the operator learns of it. */
  private static final int ATTEMPTS_TO_READ = 3;

  private static final Duration POLL = Duration.ofMillis(30);

  /** Lambda prepares functions at once. */
  static final LambdaLimits QUICK =
      new LambdaLimits(100, Duration.ofMillis(5), Duration.ofMinutes(5));

  /**
   * What is done with a FeatureServer.
   *
   * @param prepare brings it to where the operation begins; done when that serves
   * @param act begins the operation
   * @param hasEnded whether it is done
   */
  record Operation(
      String name,
      Consumer<TestWorld> prepare,
      Consumer<TestWorld> act,
      Predicate<TestWorld> hasEnded) {
    @Override
    public String toString() {
      return name;
    }
  }

  /** What happens at a call. */
  enum Kind {
    ERROR_BEFORE_EFFECT,
    ERROR_AFTER_EFFECT,
    CUT_BEFORE_EFFECT,
    CUT_AFTER_EFFECT,
    THROTTLE,
    STOPPED_BEFORE_EFFECT,
    STOPPED_AFTER_EFFECT;

    boolean isAfterEffect() {
      return switch (this) {
        case ERROR_AFTER_EFFECT, CUT_AFTER_EFFECT, STOPPED_AFTER_EFFECT -> true;
        case ERROR_BEFORE_EFFECT, CUT_BEFORE_EFFECT, THROTTLE, STOPPED_BEFORE_EFFECT -> false;
      };
    }

    boolean stops() {
      return this == STOPPED_BEFORE_EFFECT || this == STOPPED_AFTER_EFFECT;
    }
  }

  /**
   * A call of an operation.
   *
   * @param nth of that service and operation, from 1
   */
  record Place(String service, String operation, int nth, boolean mutating) {
    Fault fault(Kind kind) {
      Fault fault =
          switch (kind) {
            case ERROR_BEFORE_EFFECT, ERROR_AFTER_EFFECT ->
                Fault.error(service, operation, 500, "InternalFailure", "on purpose");
            case CUT_BEFORE_EFFECT, CUT_AFTER_EFFECT, STOPPED_BEFORE_EFFECT, STOPPED_AFTER_EFFECT ->
                Fault.cut(service, operation);
            case THROTTLE -> Fault.throttle(service, operation);
          };
      return (kind.isAfterEffect() ? fault.after() : fault)
          .skip(nth - 1)
          .times(mutating || kind.stops() ? 1 : ATTEMPTS_TO_READ);
    }

    /** What a fault can do there: to a read it is all one whether it was answered or not. */
    boolean knows(Kind kind) {
      return mutating || !kind.isAfterEffect();
    }

    @Override
    public String toString() {
      return "%s:%s #%d".formatted(service, operation, nth);
    }
  }

  private record Case(Operation operation, List<String> end, Place place, Kind kind) {}

  /**
   * What came of a walk.
   *
   * @param calls how many calls each operation makes
   * @param all how many faults there are: each at each of these calls
   * @param survived faults that hit and changed nothing of the end
   * @param missed faults at a call that was not made this time: how often a function is polled
   *     varies
   * @param failures what else came to another end, one text each
   */
  record Report(
      Map<Operation, Integer> calls, int all, int survived, int missed, List<String> failures) {
    @Override
    public String toString() {
      return "%d faults survived of %d that were tried and %d that there are; calls: %s"
          .formatted(survived, survived + missed + failures.size(), all, calls);
    }
  }

  private final ConcurrentLinkedQueue<Case> cases = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
  private final AtomicInteger survived = new AtomicInteger();
  private final AtomicInteger missed = new AtomicInteger();

  private FaultWalk() {}

  /**
   * @param worlds in how many worlds at once
   * @param most how many faults to try, which are drawn if there are more
   */
  static Report over(List<Operation> operations, int worlds, int most, Random random)
      throws Exception {
    var walk = new FaultWalk();
    var calls = new LinkedHashMap<Operation, Integer>();
    try (var first = new Lane()) {
      for (Operation operation : operations) {
        calls.put(operation, walk.foresee(operation, first));
      }
    }
    int all = walk.cases.size();
    var drawn = new ArrayList<>(walk.cases);
    Collections.shuffle(drawn, random);
    walk.cases.clear();
    walk.cases.addAll(drawn.subList(0, Math.min(most, all)));
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var lanes = new ArrayList<Future<?>>();
      for (int i = 0; i < worlds; i++) {
        lanes.add(threads.submit(walk::work));
      }
      for (Future<?> lane : lanes) {
        lane.get();
      }
    }
    return new Report(
        calls, all, walk.survived.get(), walk.missed.get(), List.copyOf(walk.failures));
  }

  /** Runs the operation without a fault; how many calls it makes. */
  private int foresee(Operation operation, Lane lane) throws IOException {
    lane.prepare(operation);
    lane.world.aws.calls().clear();
    operation.act().accept(lane.world);
    lane.await(() -> operation.hasEnded().test(lane.world));
    List<Call> calls = lane.world.aws.calls().list();
    List<String> end = lane.inventory();
    lane.empty();
    var seen = new HashMap<String, Integer>();
    for (Call call : calls) {
      int nth = seen.merge(TestWorld.text(call), 1, Integer::sum);
      var place = new Place(call.service(), call.operation(), nth, call.mutating());
      for (Kind kind : Kind.values()) {
        if (place.knows(kind)) {
          cases.add(new Case(operation, end, place, kind));
        }
      }
    }
    return calls.size();
  }

  private void work() {
    @Nullable Lane lane = null;
    try {
      for (Case next = cases.poll(); next != null; next = cases.poll()) {
        lane = lane == null ? new Lane() : lane;
        try {
          if (lane.survives(next)) {
            survived.incrementAndGet();
          } else {
            missed.incrementAndGet();
          }
        } catch (AssertionError | IOException | RuntimeException e) {
          failures.add(
              "%s, %s at %s: %s"
                  .formatted(next.operation(), next.kind(), next.place(), e.getMessage()));
          lane.close();
          lane = null;
        }
      }
    } finally {
      if (lane != null) {
        lane.close();
      }
    }
  }

  /** A world for one case after the other. */
  private static final class Lane implements AutoCloseable {
    private final TestWorld world = TestWorld.started(aws -> aws.lambdaLimits(QUICK));
    private final Inventory inventory = new Inventory(world.aws.endpoint(), TestWorld.REGION);

    /** With an operator that knows nothing yet, such as a login: else calls would differ. */
    void prepare(Operation operation) throws IOException {
      world.restart();
      operation.prepare().accept(world);
    }

    /** Whether the fault hit; that all is as it should be in the end is asserted. */
    boolean survives(Case tried) throws IOException {
      prepare(tried.operation());
      Fault fault = tried.place().fault(tried.kind());
      if (tried.kind().stops()) {
        world.killAt(fault);
      } else {
        world.aws.faults().add(fault);
      }
      tried.operation().act().accept(world);
      await(() -> world.isKilled() || tried.operation().hasEnded().test(world));
      if (world.isKilled()) {
        world.restart();
        await(() -> tried.operation().hasEnded().test(world));
      }
      boolean hit = world.aws.faults().list().values().stream().noneMatch(fault::equals);
      world.sparingTheOperator();
      world.aws.faults().clear();
      assertThat(inventory()).isEqualTo(tried.end());
      empty();
      return hit;
    }

    void await(Callable<Boolean> done) {
      try {
        Awaitility.await().pollInterval(POLL).atMost(TestWorld.PATIENCE).until(done);
      } catch (ConditionTimeoutException e) {
        throw new AssertionError(
            "No end after %s: %s".formatted(TestWorld.PATIENCE, world.get(NAME)), e);
      }
    }

    List<String> inventory() {
      return inventory.taken(List.of(IMAGES));
    }

    /** Deletes the FeatureServer, of which nothing may be left. */
    void empty() {
      world.delete(NAME);
      await(() -> world.get(NAME) == null);
      inventory.removeLogsOfLambda();
      assertThat(inventory()).isEmpty();
    }

    @Override
    public void close() {
      inventory.close();
      world.close();
    }
  }
}
