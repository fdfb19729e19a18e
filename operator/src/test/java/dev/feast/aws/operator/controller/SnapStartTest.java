package dev.feast.aws.operator.controller;

import static dev.feast.aws.operator.controller.TestWorld.condition;
import static dev.feast.aws.operator.controller.TestWorld.function;
import static org.assertj.core.api.Assertions.assertThat;

import dev.feast.aws.api.v1alpha1.ConditionStatus;
import dev.feast.aws.api.v1alpha1.ConditionType;
import dev.feast.aws.api.v1alpha1.FeatureServer;
import dev.feast.aws.localaws.control.Fault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Versions that start from a snapshot: none gets traffic before it has one that can be restored.
 */
class SnapStartTest {
  private static final String ON = "  function:\n    snapStart: PublishedVersions\n";

  @RegisterExtension static final TestWorld world = TestWorld.started();

  /** Lambda refuses to invoke a version that is Pending: the first try comes after that. */
  @Test
  void triesAVersionOnceItsSnapshotIsTaken() {
    world.aws.calls().clear();
    world.apply("snapshot", ON);

    world.awaitReady("snapshot");

    assertThat(world.aws.calls().list())
        .filteredOn(call -> call.operation().equals("Invoke"))
        .isNotEmpty()
        .allMatch(call -> call.status() == 200);
  }

  @ParameterizedTest
  @CsvSource({
    "400, SnapStartException, The afterRestore() runtime hook encountered an error",
    "408, SnapStartTimeoutException, Lambda could not restore the snapshot within the timeout limit"
  })
  void givesNoTrafficToAVersionThatCannotBeRestored(int status, String code, String message) {
    String name = code.toLowerCase(java.util.Locale.ROOT);
    world.apply(name, ON);
    world.awaitReady(name);
    world.aws.faults().add(Fault.error("lambda", "Invoke", status, code, message));

    world.edit(name, TestWorld.storedAt("s3://feast/registries/second"));

    FeatureServer waiting =
        world.awaitCondition(
            name, ConditionType.FUNCTION_READY, ConditionStatus.False, "ProbeFailed");
    assertThat(condition(waiting, ConditionType.FUNCTION_READY).message())
        .contains("Version 2 gets no traffic", "could not restore it from its snapshot", message);
    assertThat(condition(waiting, ConditionType.READY).status()).isEqualTo(ConditionStatus.True);
    assertThat(function(waiting).version()).isEqualTo("1");
    world.aws.faults().clear();
    assertThat(function(world.awaitReady(name)).version()).isEqualTo("2");
  }

  @Test
  void waitsWhereLambdaTakesTheSnapshotAgain() {
    world.apply("taken-again", ON);
    world.awaitReady("taken-again");
    world
        .aws
        .faults()
        .add(
            Fault.error("lambda", "Invoke", 409, "SnapStartNotReadyException", "is initializing")
                .times(3));

    world.edit("taken-again", TestWorld.storedAt("s3://feast/registries/second"));

    assertThat(function(world.awaitReady("taken-again")).version()).isEqualTo("2");
    assertThat(world.aws.faults().list()).isEmpty();
  }
}
