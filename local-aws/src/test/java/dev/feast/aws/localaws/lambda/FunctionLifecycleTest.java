package dev.feast.aws.localaws.lambda;

import static dev.feast.aws.localaws.lambda.TestFunctions.ARN;
import static dev.feast.aws.localaws.lambda.TestFunctions.assertError;
import static dev.feast.aws.localaws.lambda.TestFunctions.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.feast.aws.localaws.control.Fault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.lambda.model.Architecture;
import software.amazon.awssdk.services.lambda.model.CreateFunctionResponse;
import software.amazon.awssdk.services.lambda.model.FunctionConfiguration;
import software.amazon.awssdk.services.lambda.model.LambdaException;
import software.amazon.awssdk.services.lambda.model.LastUpdateStatus;
import software.amazon.awssdk.services.lambda.model.State;

/**
 * A function from its creation to its updates: states, settings, tags, the key of its environment.
 */
class FunctionLifecycleTest {
  private TestFunctions functions;

  @BeforeEach
  void start(@TempDir Path data) throws Exception {
    functions = new TestFunctions(data);
  }

  @AfterEach
  void stop() {
    functions.close();
  }

  @Test
  void becomesActiveAMomentAfterItWasCreated() {
    CreateFunctionResponse created =
        functions.create(
            r -> r.memorySize(1769).timeout(30).environment(e -> e.variables(Map.of("Kk", "v"))));

    assertThat(created.state()).isEqualTo(State.PENDING);
    assertThat(created.stateReasonCodeAsString()).isEqualTo("Creating");
    assertThat(created.lastUpdateStatus()).isNull();
    assertThat(created.functionArn()).isEqualTo(ARN);
    assertThat(created.version()).isEqualTo("$LATEST");
    FunctionConfiguration active = functions.awaitActive();
    assertThat(active.lastUpdateStatus()).isEqualTo(LastUpdateStatus.SUCCESSFUL);
    assertThat(active.revisionId()).isNotEqualTo(created.revisionId());
    assertThat(active.memorySize()).isEqualTo(1769);
    assertThat(active.timeout()).isEqualTo(30);
    assertThat(active.environment().variables()).containsExactly(Map.entry("Kk", "v"));
    assertThat(active.architectures()).containsExactly(Architecture.X86_64);
  }

  @Test
  void refusesToBeInvokedOrChangedWhilePending() {
    functions.create(r -> {});

    assertError(
        () -> functions.invoke(""),
        409,
        "ResourceConflictException",
        "The operation cannot be performed at this time. The function is currently in the following"
            + " state: Pending");
    assertError(
        () ->
            functions.lambda.updateFunctionConfiguration(
                r -> r.functionName("feast-dev").timeout(5)),
        409,
        "ResourceConflictException",
        "The operation cannot be performed at this time. The function is currently in the following"
            + " state: Pending");
  }

  @Test
  void servesAsBeforeWhileAnUpdateIsUnderWay() {
    functions.handler = i -> "\"" + i.environment().get("WHO") + "\"";
    functions.create(r -> r.environment(e -> e.variables(Map.of("WHO", "old"))));
    functions.awaitActive();
    var updated =
        functions.lambda.updateFunctionConfiguration(
            r -> r.functionName("feast-dev").environment(e -> e.variables(Map.of("WHO", "new"))));

    assertThat(updated.lastUpdateStatus()).isEqualTo(LastUpdateStatus.IN_PROGRESS);
    assertThat(updated.state()).isEqualTo(State.ACTIVE);
    assertThat(text(functions.invoke(""))).isEqualTo("\"old\"");
    assertError(
        () -> functions.lambda.publishVersion(r -> r.functionName("feast-dev")),
        409,
        "ResourceConflictException",
        "The operation cannot be performed at this time. An update is in progress for resource: "
            + ARN);
    assertError(
        () -> functions.lambda.tagResource(r -> r.resource(ARN).tags(Map.of("a", "b"))),
        409,
        "ResourceConflictException",
        "The operation cannot be performed at this time. An update is in progress for resource: "
            + ARN);
    functions.awaitUpdated();
    assertThat(text(functions.invoke(""))).isEqualTo("\"new\"");
  }

  @Test
  void servesAsBeforeAfterAnUpdateThatFailed() {
    functions.create(r -> {});
    functions.awaitActive();
    String second = functions.images.push(functions.repository, "v2", "two");
    functions.broken.add(second);
    functions.lambda.updateFunctionCode(r -> r.functionName("feast-dev").imageUri(second));

    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () ->
                assertThat(functions.configuration().lastUpdateStatus())
                    .isEqualTo(LastUpdateStatus.FAILED));
    assertThat(functions.configuration().lastUpdateStatusReasonCodeAsString())
        .isEqualTo("InvalidImage");
    assertThat(functions.configuration().state()).isEqualTo(State.ACTIVE);
    assertThat(text(functions.invoke(""))).isEqualTo("{}");
    functions.lambda.updateFunctionCode(r -> r.functionName("feast-dev").imageUri(functions.image));
    functions.awaitUpdated();
  }

  @Test
  void keepsTheKeyOfTheEnvironmentUntilAnEmptyOneIsGiven() {
    String key = "arn:aws:kms:us-west-2:000000000000:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    functions.create(r -> r.kmsKeyArn(key).environment(e -> e.variables(Map.of("KEY", "1"))));
    functions.awaitActive();
    String version = functions.lambda.publishVersion(r -> r.functionName("feast-dev")).version();
    functions.update(r -> r.memorySize(512));
    assertThat(functions.configuration().kmsKeyArn()).isEqualTo(key);

    functions.update(r -> r.kmsKeyArn(""));

    assertThat(functions.configuration().kmsKeyArn()).isNull();
    assertThat(
            functions
                .lambda
                .getFunctionConfiguration(r -> r.functionName("feast-dev").qualifier(version))
                .kmsKeyArn())
        .isEqualTo(key);
  }

  @Test
  void refusesAKeyThatIsNoneOrOfAnotherRegion() {
    LambdaException none =
        catchThrowableOfType(
            LambdaException.class, () -> functions.create(r -> r.kmsKeyArn("alias/mine")));
    assertThat(none.awsErrorDetails().errorCode()).isEqualTo("ValidationException");
    assertThat(none.awsErrorDetails().errorMessage()).contains("'kMSKeyArn'");

    LambdaException elsewhere =
        catchThrowableOfType(
            LambdaException.class,
            () -> functions.create(r -> r.kmsKeyArn("arn:aws:kms:eu-west-1:000000000000:key/a")));
    assertThat(elsewhere.awsErrorDetails().errorCode()).isEqualTo("InvalidParameterValueException");
    assertThat(elsewhere.awsErrorDetails().errorMessage())
        .contains("KMS key is invalid", "eu-west-1");
  }

  /** As Lambda answers a caller without kms:Decrypt on the key. */
  @Test
  void saysThatItCouldNotDecryptTheEnvironment() {
    functions.create(
        r ->
            r.kmsKeyArn("arn:aws:kms:us-west-2:000000000000:key/a")
                .environment(e -> e.variables(Map.of("KEY", "1"))));
    functions
        .aws
        .faults()
        .add(Fault.error("kms", "Decrypt", 403, "AccessDeniedException", "no Decrypt").times(1));

    var denied = functions.configuration().environment();

    assertThat(denied.variables()).isEmpty();
    assertThat(denied.error().errorCode()).isEqualTo("AccessDeniedException");
    assertThat(denied.error().message()).isEqualTo("no Decrypt");
    assertThat(functions.configuration().environment().variables()).containsKey("KEY");
  }

  @Test
  void tagsAFunction() {
    functions.create(r -> r.tags(Map.of("feast-owned", "True")));
    functions.awaitActive();
    functions.lambda.tagResource(r -> r.resource(ARN).tags(Map.of("a", "1")));
    functions.lambda.untagResource(r -> r.resource(ARN).tagKeys("feast-owned"));

    assertThat(functions.lambda.listTags(r -> r.resource(ARN)).tags())
        .containsExactly(Map.entry("a", "1"));
    assertThat(functions.lambda.getFunction(r -> r.functionName("feast-dev")).tags())
        .containsKey("a");
  }

  /** As Lambda answers a caller without lambda:ListTags, and when its tags cannot be had. */
  @Test
  void saysThatItCouldNotReadTheTags() {
    functions.create(r -> r.tags(Map.of("feast-owned", "True")));
    functions
        .aws
        .faults()
        .add(
            Fault.error("lambda", "ListTags", 403, "AccessDeniedException", "not authorized")
                .times(1));

    var denied = functions.lambda.getFunction(r -> r.functionName("feast-dev"));

    assertThat(denied.tags()).isEmpty();
    assertThat(denied.tagsError().errorCode()).isEqualTo("AccessDeniedException");
    assertThat(denied.tagsError().message()).isEqualTo("not authorized");
    var answered = functions.lambda.getFunction(r -> r.functionName("feast-dev"));
    assertThat(answered.tags()).containsKey("feast-owned");
    assertThat(answered.tagsError()).isNull();
  }

  @Test
  void pagesThroughFunctions() {
    for (String name : List.of("feast-c", "feast-a", "feast-b")) {
      functions.create(r -> r.functionName(name));
    }
    var names = new ArrayList<String>();
    functions
        .lambda
        .listFunctionsPaginator(r -> r.maxItems(2))
        .functions()
        .forEach(f -> names.add(f.functionName()));

    assertThat(names).containsExactly("feast-a", "feast-b", "feast-c");
  }
}
