package dev.feast.aws.e2e;

import static java.util.Collections.frequency;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.feast.aws.e2e.process.ChildProcess;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.regions.Region;

/** Operators are killed, and the API server goes away, in the middle of things. */
@ExtendWith(Stack.Extension.class)
class OutageIT {
  /** Keeps a function from being deleted until it is taken away. */
  private static final String NO_DELETION =
      "{\"service\":\"lambda\",\"operation\":\"DeleteFunction\",\"action\":\"throttle\"}";

  private static final Duration OUTAGE = Duration.ofMinutes(1);

  private final Stack stack;
  private final AwsInventory inventory;

  OutageIT(Stack stack) {
    this.stack = stack;
    this.inventory = new AwsInventory(stack.aws(), Region.US_WEST_2);
  }

  @AfterEach
  void clearFaults() throws Exception {
    stack.clearFaults();
  }

  @Test
  void goesOnWhereAnOperatorWasKilledWithoutMakingAnythingTwice() throws Exception {
    Namespace namespace = stack.namespace("killed");
    stack.forgetCalls();
    namespace.applied(stack.documented("featureserver.yaml"));
    awaitMutating("lambda CreateFunction");
    stack.replaceOperator(() -> {});
    namespace.awaitReady("dev");

    assertThat(inventory.named("killed")).hasSize(3);
    assertThat(stack.calls(Stack::isMutating))
        .containsOnlyOnce("lambda CreateFunction", "apigateway CreateApi", "ecr CreateRepository");
    assertThat(stack.lookUp(namespace.endpoint("dev"), stack.documentedJson("request.json")))
        .isEqualTo(stack.documentedJson("answer.json"));

    // With everything as it should be, another operator looks and changes nothing.
    stack.replaceOperator(stack::forgetCalls);
    await("the new operator to look at the function")
        .atMost(Namespace.BOUND)
        .until(() -> stack.calls(call -> true).contains("lambda GetFunction"));
    await("it to have looked at everything")
        .atMost(Namespace.BOUND)
        .until(() -> stack.calls(call -> true).contains("apigateway GetStage"));
    stack.restartOperator(); // Lets the pass that is under way finish.
    assertThat(stack.calls(Stack::isMutating)).isEmpty();
    namespace.deleted("dev");
    assertThat(inventory.named("killed")).isEmpty();
  }

  @Test
  void finishesAnUpdateInWhichTheOperatorWasKilledWithoutMakingAnythingTwice() throws Exception {
    Namespace namespace = stack.namespace("killed-update");
    namespace.applied(stack.documented("featureserver.yaml"));
    namespace.awaitReady("dev");
    String endpoint = namespace.endpoint("dev");
    stack.forgetCalls();

    namespace.applied(stack.documentedWithTheOtherStore());
    awaitMutating("lambda UpdateFunctionConfiguration");
    stack.replaceOperator(() -> {});
    namespace.awaitReady("dev");

    assertThat(namespace.endpoint("dev")).isEqualTo(endpoint);
    assertThat(Stack.convRate(stack.lookUp(endpoint, stack.documentedJson("request.json"))))
        .isEqualTo(0.125);
    assertThat(namespace.status("dev").at("/function/version").asText()).isEqualTo("2");
    assertThat(stack.calls(Stack::isMutating))
        .containsOnlyOnce("lambda UpdateFunctionConfiguration")
        .doesNotContain("lambda CreateFunction", "apigateway CreateApi", "ecr CreateRepository");
    assertThat(inventory.named("killed-update")).hasSize(3);
    namespace.deleted("dev");
    assertThat(inventory.named("killed-update")).isEmpty();
  }

  @Test
  void finishesADeletionInWhichTheOperatorWasKilled() throws Exception {
    Namespace namespace = stack.namespace("killed-delete");
    namespace.applied(stack.documented("featureserver.yaml"));
    namespace.awaitReady("dev");
    stack.forgetCalls();
    stack.fault(NO_DELETION);

    namespace.kubectl("delete", "featureserver", "dev", "--wait=false").successfulOutput();
    awaitMutating("apigateway DeleteApi");
    stack.replaceOperator(
        () -> {
          assertThat(inventory.named("killed-delete")).as("function and repository").hasSize(2);
          stack.clearFaults();
        });

    awaitNone(namespace);
    assertThat(inventory.named("killed-delete")).isEmpty();
    assertThat(stack.calls(Stack::isMutating)).containsOnlyOnce("apigateway DeleteApi");
  }

  @Test
  void anotherReplicaFinishesTheRolloutOfALeaderThatWasKilled() throws Exception {
    Namespace namespace = stack.namespace("killed-leader");
    namespace.applied(stack.documented("featureserver.yaml"));
    namespace.awaitReady("dev");
    String endpoint = namespace.endpoint("dev");
    ChildProcess standby = stack.standby();
    stack.forgetCalls();
    try (var callers = new Callers(endpoint)) {
      namespace.applied(stack.documentedWithTheOtherStore());
      awaitMutating("lambda PublishVersion");
      stack.killLeaderOf(standby);
      namespace.awaitReady("dev");

      callers.stop();
      assertThat(callers.rates).contains(0.025330161675810814, 0.125).doesNotContainNull();
      assertThat(callers.failures).isEmpty();
    }
    assertThat(namespace.status("dev").at("/function/version").asText()).isEqualTo("2");
    assertThat(stack.calls(Stack::isMutating))
        .containsOnlyOnce("lambda UpdateFunctionConfiguration", "lambda PublishVersion");
    namespace.deleted("dev");
    assertThat(stack.restartOperator()).as("it lets go of the Lease").isTrue();
  }

  /**
   * Longer than a leader may be without its Lease: it ends, each that is started after it ends as
   * well and says why, and what serves goes on.
   */
  @Test
  void goesOnAfterTheApiServerWasAwayForAMinute() throws Exception {
    Namespace serving = stack.namespace("away-serving");
    Namespace making = stack.namespace("away-making");
    Namespace going = stack.namespace("away-going");
    for (Namespace namespace : List.of(serving, going)) {
      namespace.applied(stack.documented("featureserver.yaml"));
    }
    for (Namespace namespace : List.of(serving, going)) {
      namespace.awaitReady("dev");
    }
    String endpoint = serving.endpoint("dev");
    stack.forgetCalls();
    stack.fault(NO_DELETION);
    going.kubectl("delete", "featureserver", "dev", "--wait=false").successfulOutput();
    awaitMutating("apigateway DeleteApi");
    making.applied(stack.documented("featureserver.yaml"));
    awaitMutating("lambda CreateFunction");

    List<String> command = stack.operatorCommand();
    stack.controlPlane().killApiServer();
    Instant back = Instant.now().plus(OUTAGE);
    try (var callers = new Callers(endpoint)) {
      await("the leader to end, which cannot renew its Lease")
          .atMost(Namespace.BOUND)
          .until(() -> !stack.isOperatorAlive());
      List<String> done = stack.calls(Stack::isMutating);
      int started = 0;
      while (Instant.now().isBefore(back)) {
        endsForWantOfAnApiServer(stack.tryOperator(command));
        started++;
      }
      // Each asks again and again, and waits longer each time, before it gives up.
      assertThat(started).isBetween(1, 4);
      assertThat(stack.calls(Stack::isMutating)).isEqualTo(done);
      callers.stop();
      assertThat(callers.rates).isNotEmpty().containsOnly(0.025330161675810814);
      assertThat(callers.failures).isEmpty();
    } finally {
      stack.controlPlane().startApiServer();
    }
    stack.clearFaults();
    serving.applied(stack.documentedWithTheOtherStore());
    stack.startOperator();

    serving.awaitReady("dev");
    making.awaitReady("dev");
    awaitNone(going);
    assertThat(serving.endpoint("dev")).isEqualTo(endpoint);
    assertThat(Stack.convRate(stack.lookUp(endpoint, stack.documentedJson("request.json"))))
        .isEqualTo(0.125);
    assertThat(inventory.named("away-going")).isEmpty();
    assertThat(inventory.named("away-making")).hasSize(3);
    assertThat(stack.calls(Stack::isMutating))
        .as("one creation, one edit and one deletion")
        .containsOnlyOnce("lambda CreateFunction", "apigateway CreateApi", "ecr CreateRepository")
        .containsOnlyOnce("lambda UpdateFunctionConfiguration", "lambda UpdateAlias")
        .containsOnlyOnce("apigateway DeleteApi", "ecr DeleteRepository")
        .satisfies(calls -> assertThat(frequency(calls, "lambda PublishVersion")).isEqualTo(2));
    for (Namespace namespace : List.of(serving, making)) {
      namespace.deleted("dev");
    }
  }

  private static void endsForWantOfAnApiServer(ChildProcess operator) {
    await("the operator to give up").atMost(Namespace.BOUND).until(() -> !operator.isAlive());
    assertThat(operator.output())
        .contains("The operator cannot start: the API server at https://", "does not answer")
        .doesNotContain("Ready;");
    assertThat(operator.output().lines()).as("what it logs meanwhile").hasSizeLessThan(20);
  }

  private void awaitMutating(String call) {
    await(call).atMost(Namespace.BOUND).until(() -> stack.calls(Stack::isMutating).contains(call));
  }

  private static void awaitNone(Namespace namespace) {
    await("the FeatureServer to go")
        .atMost(Namespace.BOUND)
        .until(
            () -> namespace.kubectl("get", "featureservers", "-o", "name").successfulOutput(),
            String::isBlank);
  }

  /** Asks all the time, until it is told to stop. */
  private final class Callers implements AutoCloseable {
    private final ConcurrentLinkedQueue<Double> rates = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final Thread thread;

    Callers(String endpoint) {
      thread =
          Thread.ofVirtual()
              .start(
                  () -> {
                    while (!stopped.get()) {
                      ask(endpoint);
                    }
                  });
    }

    private void ask(String endpoint) {
      try {
        rates.add(Stack.convRate(stack.lookUp(endpoint, stack.documentedJson("request.json"))));
      } catch (Exception e) {
        failures.add(String.valueOf(e));
      }
    }

    void stop() throws InterruptedException {
      stopped.set(true);
      thread.join();
    }

    @Override
    public void close() throws InterruptedException {
      stop();
    }
  }
}
