package dev.feast.aws.localaws.lambda;

import static dev.feast.aws.localaws.lambda.TestFunctions.ARN;
import static dev.feast.aws.localaws.lambda.TestFunctions.assertError;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.feast.aws.localaws.lambda.TestFunctions.Use;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.lambda.model.GetProvisionedConcurrencyConfigResponse;
import software.amazon.awssdk.services.lambda.model.ProvisionedConcurrencyStatusEnum;

/** Environments of a version that are there before anybody asks. */
class ProvisionedConcurrencyTest {
  private TestFunctions functions;

  @BeforeEach
  void start(@TempDir Path data) throws Exception {
    functions = new TestFunctions(data);
    functions.create(r -> {});
    functions.awaitActive();
    publish();
    functions.lambda.createAlias(
        r -> r.functionName("feast-dev").name("live").functionVersion("1"));
  }

  @AfterEach
  void stop() {
    functions.close();
  }

  private void publish() {
    functions.lambda.publishVersion(r -> r.functionName("feast-dev"));
  }

  private static void put(TestFunctions on, String qualifier, int count) {
    on.lambda.putProvisionedConcurrencyConfig(
        r ->
            r.functionName("feast-dev")
                .qualifier(qualifier)
                .provisionedConcurrentExecutions(count));
  }

  private GetProvisionedConcurrencyConfigResponse found(String qualifier) {
    return functions.lambda.getProvisionedConcurrencyConfig(
        r -> r.functionName("feast-dev").qualifier(qualifier));
  }

  private void awaitStatus(String qualifier, ProvisionedConcurrencyStatusEnum status) {
    await().until(() -> found(qualifier).status() == status);
  }

  @Test
  void startsEnvironmentsThatInvocationsThenFind() {
    put(functions, "1", 2);
    assertThat(found("1").status()).isEqualTo(ProvisionedConcurrencyStatusEnum.IN_PROGRESS);
    assertThat(found("1").availableProvisionedConcurrentExecutions()).isZero();
    awaitStatus("1", ProvisionedConcurrencyStatusEnum.READY);

    functions.invoke("live");

    assertThat(functions.launched)
        .containsExactly("provisioned-concurrency 1", "provisioned-concurrency 1");
    assertThat(found("1").availableProvisionedConcurrentExecutions()).isEqualTo(2);
    assertThat(
            functions
                .lambda
                .listProvisionedConcurrencyConfigs(r -> r.functionName("feast-dev"))
                .provisionedConcurrencyConfigs())
        .singleElement()
        .satisfies(config -> assertThat(config.functionArn()).isEqualTo(ARN + ":1"));
  }

  @Test
  void saysWhereTheRuntimeCannotBeInitialized() {
    functions.uninitializable = true;
    put(functions, "1", 2);

    awaitStatus("1", ProvisionedConcurrencyStatusEnum.FAILED);

    assertThat(found("1").statusReason()).isEqualTo("FUNCTION_ERROR_INIT_FAILURE");
  }

  @Test
  void followsAnAliasToItsNextVersion() {
    put(functions, "live", 1);
    awaitStatus("live", ProvisionedConcurrencyStatusEnum.READY);
    functions.update(r -> r.timeout(9));
    publish();

    functions.lambda.updateAlias(
        r -> r.functionName("feast-dev").name("live").functionVersion("2"));
    awaitStatus("live", ProvisionedConcurrencyStatusEnum.READY);

    assertThat(functions.launched).endsWith("provisioned-concurrency 2");
  }

  @Test
  void forgetsWhatIsNoLongerAskedFor() {
    put(functions, "1", 1);
    functions.lambda.deleteProvisionedConcurrencyConfig(
        r -> r.functionName("feast-dev").qualifier("1"));

    assertError(
        () -> found("1"),
        404,
        "ProvisionedConcurrencyConfigNotFoundException",
        "No Provisioned Concurrency Config found for this function");
  }

  private static Arguments mistake(String name, int status, String code, String text, Use use) {
    return Arguments.argumentSet(name, status, code, text, use);
  }

  static Stream<Arguments> mistakes() {
    String invalid = "InvalidParameterValueException";
    String conflict = "ResourceConflictException";
    return Stream.of(
        mistake(
            "$LATEST",
            400,
            invalid,
            "Provisioned Concurrency Configs cannot be applied to unpublished function versions.",
            t -> put(t, "$LATEST", 1)),
        mistake(
            "no version",
            404,
            "ResourceNotFoundException",
            "Function not found: " + ARN + ":7",
            t -> put(t, "7", 1)),
        mistake(
            "none",
            400,
            "ValidationException",
            "1 validation error detected: Value '0' at 'provisionedConcurrentExecutions' failed to"
                + " satisfy constraint: Member must have value greater than or equal to 1",
            t -> put(t, "1", 0)),
        mistake(
            "more than the account has",
            400,
            invalid,
            "Specified ConcurrentExecutions for function is greater than account's unreserved"
                + " concurrency [20].",
            t -> put(t, "1", 21)),
        mistake(
            "what others need",
            400,
            invalid,
            "Specified ConcurrentExecutions for function decreases account's"
                + " UnreservedConcurrentExecution below its minimum value of [10].",
            t -> put(t, "1", 11)),
        mistake(
            "more than is reserved",
            400,
            invalid,
            "Requested Provisioned Concurrency should not be greater than the"
                + " reservedConcurrentExecution for function",
            t -> {
              t.lambda.putFunctionConcurrency(
                  r -> r.functionName("feast-dev").reservedConcurrentExecutions(2));
              put(t, "1", 3);
            }),
        mistake(
            "less reserved than is provisioned",
            400,
            invalid,
            " ReservedConcurrentExecutions  1 should not be lower than function's total provisioned"
                + " concurrency [2].",
            t -> {
              put(t, "1", 2);
              t.lambda.putFunctionConcurrency(
                  r -> r.functionName("feast-dev").reservedConcurrentExecutions(1));
            }),
        mistake(
            "a version after its alias",
            409,
            conflict,
            "Version is pointed by a Provisioned Concurrency alias",
            t -> {
              put(t, "live", 1);
              put(t, "1", 1);
            }),
        mistake(
            "an alias after its version",
            409,
            conflict,
            "Alias can't be used for Provisioned Concurrency configuration on an already"
                + " Provisioned version",
            t -> {
              put(t, "1", 1);
              put(t, "live", 1);
            }),
        mistake(
            "an alias with weights",
            400,
            invalid,
            "Alias with weights can not be used with Provisioned Concurrency",
            t -> {
              t.update(r -> r.timeout(9));
              t.lambda.publishVersion(r -> r.functionName("feast-dev"));
              t.lambda.updateAlias(
                  r ->
                      r.functionName("feast-dev")
                          .name("live")
                          .routingConfig(c -> c.additionalVersionWeights(Map.of("2", 0.5))));
              put(t, "live", 1);
            }));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void answersMistakesAsLambdaDoes(int status, String code, String text, Use use) {
    assertError(() -> use.of(functions), status, code, text);
  }
}
