package dev.feast.aws.localaws.lambda;

import static dev.feast.aws.localaws.lambda.TestFunctions.assertError;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.lambda.model.FunctionConfiguration;
import software.amazon.awssdk.services.lambda.model.SnapStartApplyOn;
import software.amazon.awssdk.services.lambda.model.SnapStartOptimizationStatus;
import software.amazon.awssdk.services.lambda.model.State;

/** Published versions that start from a snapshot. */
class SnapStartTest {
  private static final String INVALID = "InvalidParameterValueException";

  private TestFunctions functions;

  @BeforeEach
  void start(@TempDir Path data) throws Exception {
    functions = new TestFunctions(data);
  }

  @AfterEach
  void stop() {
    functions.close();
  }

  private void createWithSnapStart() {
    functions.create(r -> r.snapStart(s -> s.applyOn(SnapStartApplyOn.PUBLISHED_VERSIONS)));
    functions.awaitActive();
  }

  private void publish() {
    functions.lambda.publishVersion(r -> r.functionName("feast-dev"));
  }

  private FunctionConfiguration version(String qualifier) {
    return functions
        .lambda
        .getFunction(r -> r.functionName("feast-dev").qualifier(qualifier))
        .configuration();
  }

  private void awaitState(String qualifier, State state) {
    await().until(() -> version(qualifier).state() == state);
  }

  @Test
  void aVersionIsPendingUntilItIsInitializedAndOptimizedFromThen() {
    createWithSnapStart();
    publish();

    assertThat(version("1").state()).isEqualTo(State.PENDING);
    assertThat(version("1").snapStart().optimizationStatus())
        .isEqualTo(SnapStartOptimizationStatus.OFF);
    awaitState("1", State.ACTIVE);
    assertThat(version("1").snapStart().applyOn()).isEqualTo(SnapStartApplyOn.PUBLISHED_VERSIONS);
    assertThat(version("1").snapStart().optimizationStatus())
        .isEqualTo(SnapStartOptimizationStatus.ON);
    functions.invoke("1");
    assertThat(functions.launched).containsExactly("snap-start 1");
  }

  @Test
  void latestIsNeverOptimized() {
    createWithSnapStart();

    functions.invoke("$LATEST");

    assertThat(functions.configuration().snapStart().optimizationStatus())
        .isEqualTo(SnapStartOptimizationStatus.OFF);
    assertThat(functions.launched).containsExactly("on-demand $LATEST");
  }

  @Test
  void aVersionThatCannotBeInitializedFails() {
    createWithSnapStart();
    functions.uninitializable = true;

    publish();

    awaitState("1", State.FAILED);
    assertThat(version("1").stateReasonCodeAsString()).isEqualTo("FunctionError");
    assertThat(functions.configuration().state()).isEqualTo(State.ACTIVE);
  }

  @Test
  void aFunctionThatIsPublishedAtItsCreationIsOptimizedToo() {
    functions.create(
        r -> r.publish(true).snapStart(s -> s.applyOn(SnapStartApplyOn.PUBLISHED_VERSIONS)));

    awaitState("1", State.ACTIVE);

    assertThat(functions.launched).containsExactly("snap-start 1");
  }

  /** It is part of what a version is frozen with. */
  @Test
  void aChangeOfItIsANewVersion() {
    createWithSnapStart();
    publish();
    awaitState("1", State.ACTIVE);
    functions.update(r -> r.snapStart(s -> s.applyOn(SnapStartApplyOn.NONE)));

    publish();

    assertThat(version("2").state()).isEqualTo(State.ACTIVE);
    assertThat(version("2").snapStart().applyOn()).isEqualTo(SnapStartApplyOn.NONE);
    assertThat(version("1").snapStart().applyOn()).isEqualTo(SnapStartApplyOn.PUBLISHED_VERSIONS);
  }

  @Test
  void isRefusedWithWhatItDoesNotSupport() {
    assertError(
        () -> functions.create(r -> r.snapStart(s -> s.applyOn("Always"))),
        400,
        "ValidationException",
        "1 validation error detected: Value 'Always' at 'snapStart.applyOn' failed to satisfy"
            + " constraint: Member must satisfy enum value set: "
            + List.of("PublishedVersions", "None"));
    assertError(
        () ->
            functions.create(
                r ->
                    r.ephemeralStorage(s -> s.size(513))
                        .snapStart(s -> s.applyOn(SnapStartApplyOn.PUBLISHED_VERSIONS))),
        400,
        INVALID,
        "SnapStart does not support ephemeral storage greater than 512 MB.");
    createWithSnapStart();
    publish();
    assertError(
        () ->
            functions.lambda.putProvisionedConcurrencyConfig(
                r -> r.functionName("feast-dev").qualifier("1").provisionedConcurrentExecutions(1)),
        400,
        INVALID,
        "Provisioned Concurrency is not supported for functions with SnapStart enabled.");
  }
}
