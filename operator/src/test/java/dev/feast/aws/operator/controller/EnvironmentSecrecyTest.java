package dev.feast.aws.operator.controller;

import static dev.feast.aws.operator.controller.TestWorld.spec;
import static org.assertj.core.api.Assertions.assertThat;

import dev.feast.aws.api.v1alpha1.ConditionStatus;
import dev.feast.aws.api.v1alpha1.ConditionType;
import dev.feast.aws.api.v1alpha1.FeatureServer;
import dev.feast.aws.localaws.control.Fault;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What AWS or a function says of an environment never shows its values. */
class EnvironmentSecrecyTest {
  @RegisterExtension static final TestWorld world = TestWorld.started();

  @AfterEach
  void noFaults() {
    world.aws.faults().clear();
  }

  @Test
  void neverShowsTheEnvironmentThatAnErrorEchoes() {
    world
        .aws
        .faults()
        .add(
            Fault.error(
                "lambda",
                "CreateFunction",
                400,
                "InvalidParameterValueException",
                "Lambda was unable to configure your environment variables because the environment"
                    + " variables you have provided exceeded the 4KB limit. String measured:"
                    + " {\"TOKEN\":\"hunter2\"}"));

    world.apply("echo", "  function: {environment: {TOKEN: hunter2}}\n");

    FeatureServer refused =
        world.awaitCondition(
            "echo", ConditionType.FUNCTION_READY, ConditionStatus.False, "AwsRefused");
    assertThat(refused.getStatus().toString()).contains("4KB").doesNotContain("hunter2");
  }

  @Test
  void showsNoFormerValueOfTheEnvironmentEither() {
    world.apply("former", "  function: {environment: {TOKEN: hunter2}}\n");
    world.awaitReady("former");
    world
        .aws
        .faults()
        .add(
            Fault.error(
                "lambda",
                "UpdateFunctionConfiguration",
                400,
                "InvalidParameterValueException",
                "TOKEN cannot go from hunter2 to hunter3"));

    world.edit("former", spec("TOKEN: hunter2", "TOKEN: hunter3"));

    FeatureServer refused =
        world.awaitCondition(
            "former", ConditionType.FUNCTION_READY, ConditionStatus.False, "AwsRefused");
    assertThat(refused.getStatus().toString())
        .contains("cannot go from *** to ***")
        .doesNotContain("hunter");
  }

  /** An image of the user's own may write anything into what it answers. */
  @Test
  void masksTheEnvironmentInWhatAFunctionSaysOfItself() {
    try (var log = new LogLines()) {
      world.answering(
          invocation -> {
            throw new IllegalStateException("login of feast:hunter2 refused");
          });
      world.apply("crash", "  function: {environment: {TOKEN: hunter2}}\n");

      FeatureServer failing =
          world.awaitCondition(
              "crash", ConditionType.FUNCTION_READY, ConditionStatus.False, "ProbeFailed");

      assertThat(TestWorld.candidate(failing).message())
          .contains("IllegalStateException: login of feast:*** refused");
      assertThat(failing.getStatus().toString()).doesNotContain("hunter2");
      assertThat(world.events("crash").toString()).doesNotContain("hunter2");
      // Other FeatureServers of this world, without such a variable, may be answered the same.
      assertThat(log.about("crash"))
          .contains("login of feast:*** refused")
          .doesNotContain("hunter2")
          .doesNotContain("START RequestId");
    } finally {
      world.answering(invocation -> TestWorld.healthy());
    }
  }
}
