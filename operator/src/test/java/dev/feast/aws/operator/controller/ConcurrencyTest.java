package dev.feast.aws.operator.controller;

import static dev.feast.aws.operator.controller.TestWorld.condition;
import static dev.feast.aws.operator.controller.TestWorld.function;
import static org.assertj.core.api.Assertions.assertThat;

import dev.feast.aws.api.v1alpha1.ConditionStatus;
import dev.feast.aws.api.v1alpha1.ConditionType;
import dev.feast.aws.api.v1alpha1.FeatureServer;
import dev.feast.aws.api.v1alpha1.OptionalPart;
import dev.feast.aws.localaws.control.Call;
import dev.feast.aws.localaws.control.Fault;
import dev.feast.aws.operator.model.ObservedStack.Provisioned;
import dev.feast.aws.operator.model.ObservedStack.Provisioned.Allocation;
import java.util.List;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Concurrency that is reserved and provisioned, and what a rollout does about it. */
class ConcurrencyTest {
  @RegisterExtension static final TestWorld world = TestWorld.started();

  @AfterEach
  void initializeAgain() {
    world.initializingNone(false);
  }

  @Test
  void givesAVersionTheTrafficOnceItsEnvironmentsAreThere() {
    world.apply("warm", "  function: {provisionedConcurrency: 2}\n");
    String name = function(world.awaitReady("warm")).name();
    assertThat(provisioned(name)).containsExactly("1: 2 READY");
    world.aws.calls().clear();

    world.edit("warm", TestWorld.spec("timeoutSeconds: 30", "timeoutSeconds: 20"));
    world.awaitReady("warm");

    assertThat(provisioned(name)).containsExactly("2: 2 READY");
    assertThat(world.mutatingCalls())
        .containsExactly(
            "lambda:UpdateFunctionConfiguration",
            "lambda:PublishVersion",
            "lambda:PutProvisionedConcurrencyConfig",
            "lambda:UpdateAlias",
            "lambda:DeleteProvisionedConcurrencyConfig");
    // Once before its environments cost anything, and once more in one of them.
    assertThat(world.aws.calls().list())
        .extracting(Call::operation)
        .containsSubsequence("Invoke", "PutProvisionedConcurrencyConfig", "Invoke", "UpdateAlias");
  }

  @Test
  void changesHowManyWithoutANewVersionAndEndsAllOfThem() {
    world.apply("more", "  function: {provisionedConcurrency: 1}\n");
    FeatureServer ready = world.awaitReady("more");
    String name = function(ready).name();
    assertThat(ready.getStatus().optionalParts())
        .containsExactly(OptionalPart.ProvisionedConcurrency);

    world.edit("more", TestWorld.spec("provisionedConcurrency: 1", "provisionedConcurrency: 3"));
    assertThat(function(world.awaitReady("more")).version()).isEqualTo("1");
    assertThat(provisioned(name)).containsExactly("1: 3 READY");

    world.edit("more", FunctionOptionsTest::withoutOptions);
    assertThat(world.awaitReady("more").getStatus().optionalParts()).isEmpty();
    assertThat(provisioned(name)).isEmpty();
    assertThat(world.eventReasons("more")).doesNotContain("DriftRepaired", "DriftFound");
  }

  @Test
  void leavesTheTrafficWhereItIsWhileAVersionCannotBeInitialized() {
    world.apply("cold", "  function: {provisionedConcurrency: 1}\n");
    String name = function(world.awaitReady("cold")).name();
    world.initializingNone(true);

    world.edit("cold", TestWorld.spec("timeoutSeconds: 30", "timeoutSeconds: 20"));
    FeatureServer held =
        world.awaitCondition(
            "cold", ConditionType.FUNCTION_READY, ConditionStatus.False, "FunctionFailed");

    assertThat(condition(held, ConditionType.FUNCTION_READY).message())
        .contains("provision 1 environments of version 2", "FUNCTION_ERROR_INIT_FAILURE");
    assertThat(condition(held, ConditionType.READY).status()).isEqualTo(ConditionStatus.True);
    assertThat(function(held).version()).isEqualTo("1");
    assertThat(provisioned(name)).containsExactly("1: 1 READY", "2: 1 FAILED");

    world.initializingNone(false);
    assertThat(function(world.awaitReady("cold")).version()).isEqualTo("2");
    assertThat(provisioned(name)).containsExactly("2: 1 READY");
  }

  /** Else they would cost for ever. */
  @Test
  void findsEnvironmentsThatAKilledOperatorAskedForAndNobodyWantsAnyMore() throws Exception {
    world.apply("killed", "");
    String name = function(world.awaitReady("killed")).name();
    world.killAt(Fault.cut("lambda", "PutProvisionedConcurrencyConfig").after().times(1));
    world.edit("killed", TestWorld.functionally("function: {provisionedConcurrency: 1}\n"));
    Awaitility.await().until(world::isKilled);
    world.stop();
    assertThat(provisioned(name)).hasSize(1);
    world.edit("killed", FunctionOptionsTest::withoutOptions);

    world.start();

    world.awaitReady("killed");
    assertThat(provisioned(name)).isEmpty();
  }

  @Test
  void reservesConcurrencyAndGivesItBack() {
    world.apply("reserved", "  function: {reservedConcurrency: 5}\n");
    String name = function(world.awaitReady("reserved")).name();
    assertThat(reserved(name)).isEqualTo(5);

    world.edit("reserved", TestWorld.spec("reservedConcurrency: 5", "reservedConcurrency: 7"));
    assertThat(function(world.awaitReady("reserved")).version()).isEqualTo("1");
    assertThat(reserved(name)).isEqualTo(7);

    world.edit("reserved", FunctionOptionsTest::withoutOptions);
    world.awaitReady("reserved");
    assertThat(reserved(name)).isNull();
    assertThat(world.eventReasons("reserved")).doesNotContain("DriftRepaired", "DriftFound");
  }

  /** What is reserved never becomes less than what is provisioned, which Lambda refuses. */
  @Test
  void reservesLessOnlyAfterLessIsProvisioned() {
    world.apply("less", "  function: {reservedConcurrency: 8, provisionedConcurrency: 4}\n");
    String name = function(world.awaitReady("less")).name();
    world.aws.calls().clear();

    world.edit(
        "less",
        TestWorld.functionally(
            "function: {timeoutSeconds: 20, reservedConcurrency: 2, provisionedConcurrency: 1}\n"));

    world.awaitReady("less");
    assertThat(reserved(name)).isEqualTo(2);
    assertThat(provisioned(name)).containsExactly("2: 1 READY");
    assertThat(world.aws.calls().mutating())
        .filteredOn(call -> call.service().equals("lambda"))
        .allSatisfy(call -> assertThat(call.errorCode()).isEmpty());
  }

  @Test
  void looksForNothingThatNoSpecAskedFor() {
    world.aws.calls().clear();
    world.apply("plain", "");
    world.awaitReady("plain");

    assertThat(world.aws.calls().list())
        .extracting(Call::operation)
        .contains("ListVersionsByFunction")
        .doesNotContain("ListProvisionedConcurrencyConfigs");
  }

  /** As "version: how many and how far". */
  private static List<String> provisioned(String name) {
    return world.region().lambda().provisioned(name).stream().map(ConcurrencyTest::text).toList();
  }

  private static String text(Provisioned found) {
    Allocation state = found.state();
    return "%s: %d %s".formatted(found.qualifier(), found.requested(), state);
  }

  private static @Nullable Integer reserved(String name) {
    return world.region().lambda().find(name).orElseThrow().reservedConcurrency();
  }
}
