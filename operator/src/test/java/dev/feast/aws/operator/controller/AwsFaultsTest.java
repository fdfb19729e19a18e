package dev.feast.aws.operator.controller;

import static dev.feast.aws.operator.controller.TestWorld.condition;
import static dev.feast.aws.operator.controller.TestWorld.function;
import static org.assertj.core.api.Assertions.assertThat;

import dev.feast.aws.api.v1alpha1.ConditionStatus;
import dev.feast.aws.api.v1alpha1.ConditionType;
import dev.feast.aws.api.v1alpha1.FeatureServer;
import dev.feast.aws.localaws.control.Fault;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What AWS answers for a while, or until somebody does something about it. */
class AwsFaultsTest {
  @RegisterExtension static final TestWorld world = TestWorld.started();

  @AfterEach
  void noFaults() {
    world.aws.faults().clear();
  }

  @ParameterizedTest
  @CsvSource({
    "UpdateFunctionConfiguration, 409, ResourceConflictException, an update is in progress",
    "PublishVersion, 409, ResourceConflictException, an update is in progress",
    "Invoke, 409, CodeArtifactUserPendingException, is being prepared",
    "Invoke, 502, ResourceNotReadyException, not yet"
  })
  void goesOnOnceLambdaIsReady(String operation, int status, String code, String message) {
    String name = (operation + "-" + status).toLowerCase(Locale.ROOT);
    world.apply(name, "");
    world.awaitReady(name);
    world.aws.faults().add(Fault.error("lambda", operation, status, code, message).times(3));

    world.edit(name, TestWorld.storedAt("s3://feast/registries/second"));

    assertThat(function(world.awaitReady(name)).version()).isEqualTo("2");
    assertThat(world.aws.faults().list()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "ecr, CreateRepository, 400, LimitExceededException, IMAGE_READY",
    "lambda, CreateFunction, 400, CodeStorageExceededException, FUNCTION_READY",
    "apigateway, CreateApi, 429, TooManyRequestsException, ENDPOINT_AVAILABLE"
  })
  void saysWhichQuotaIsUsedUpAndGoesOnOnceItIsRaised(
      String service, String operation, int status, String code, ConditionType stage) {
    String name = "quota-" + service;
    String message = "The limit exceeded is 300 of them";
    world.aws.faults().add(Fault.error(service, operation, status, code, message));

    world.apply(name, "");

    FeatureServer waiting =
        world.awaitCondition(name, stage, ConditionStatus.False, "AwsQuotaExceeded");
    assertThat(condition(waiting, stage).message())
        .contains(service + ":", message, "Have the quota raised");
    assertThat(condition(waiting, ConditionType.STALLED).status()).isEqualTo(ConditionStatus.False);
    world.aws.faults().clear();
    world.awaitReady(name);
  }

  @ParameterizedTest
  @CsvSource({
    "403, InvalidClientTokenId, The security token included in the request is invalid.",
    "403, ExpiredToken, The security token included in the request is expired"
  })
  void saysThatItsCredentialsAreRefusedAndGoesOnWithNewOnes(
      int status, String code, String message) {
    String name = code.toLowerCase(Locale.ROOT);
    world.aws.faults().add(Fault.error("sts", "GetCallerIdentity", status, code, message));

    world.apply(name, "");

    FeatureServer waiting =
        world.awaitCondition(
            name, ConditionType.RECONCILING, ConditionStatus.True, "AwsCredentialsInvalid");
    assertThat(condition(waiting, ConditionType.READY).message())
        .contains(message, "Give the operator credentials that are valid");
    world.aws.faults().clear();
    world.awaitReady(name);
  }

  @Test
  void saysThatItHasNoCredentialsAndGoesOnOnceItHas() {
    world.actWithoutCredentials();
    try {
      world.apply("no-credentials", "");

      FeatureServer waiting =
          world.awaitCondition(
              "no-credentials",
              ConditionType.RECONCILING,
              ConditionStatus.True,
              "AwsCredentialsInvalid");
      assertThat(condition(waiting, ConditionType.STALLED).status())
          .isEqualTo(ConditionStatus.False);
    } finally {
      world.actInItsOwnAccount();
    }
    world.awaitReady("no-credentials");
  }
}
