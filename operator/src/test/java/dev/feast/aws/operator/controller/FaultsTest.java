package dev.feast.aws.operator.controller;

import static dev.feast.aws.operator.controller.TestWorld.api;
import static dev.feast.aws.operator.controller.TestWorld.function;
import static dev.feast.aws.operator.controller.TestWorld.repository;
import static dev.feast.aws.operator.controller.TestWorld.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.feast.aws.api.v1alpha1.ConditionStatus;
import dev.feast.aws.api.v1alpha1.ConditionType;
import dev.feast.aws.api.v1alpha1.FeatureServer;
import dev.feast.aws.localaws.control.Fault;
import dev.feast.aws.operator.aws.Ecr;
import dev.feast.aws.operator.model.DesiredStack;
import dev.feast.aws.operator.model.Environment;
import dev.feast.aws.operator.model.FunctionConfiguration.LastUpdate;
import dev.feast.aws.operator.model.FunctionSettings;
import dev.feast.aws.operator.model.ObservedStack.Api;
import dev.feast.aws.operator.model.Tags;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What AWS does to an operator, and that it ends where it would have ended without. */
class FaultsTest {
  @RegisterExtension static final TestWorld world = TestWorld.started();

  @AfterEach
  void noFaults() {
    world.aws.faults().clear();
  }

  /** The call took effect and its answer was lost: what it made is found, not made twice. */
  @ParameterizedTest
  @CsvSource({
    "ecr, CreateRepository",
    "ecr, SetRepositoryPolicy",
    "ecr, CompleteLayerUpload",
    "ecr, PutImage",
    "lambda, CreateFunction",
    "lambda, PublishVersion",
    "lambda, CreateAlias",
    "lambda, AddPermission",
    "apigateway, CreateApi",
    "apigateway, CreateIntegration",
    "apigateway, CreateRoute",
    "apigateway, CreateStage"
  })
  void findsWhatACallMadeWhoseAnswerWasLost(String service, String operation) {
    String name = "lost-" + operation.toLowerCase(Locale.ROOT);
    world.aws.faults().add(Fault.cut(service, operation).after().times(1));

    world.apply(name, "");

    assertWhole(world.awaitReady(name));
    assertThat(world.aws.faults().list()).isEmpty();
  }

  /** The operator ends while a call keeps failing; the next one goes on from what is there. */
  @ParameterizedTest
  @CsvSource({
    "lambda, CreateFunction",
    "lambda, CreateAlias",
    "apigateway, CreateRoute",
    "lambda, AddPermission"
  })
  void goesOnAfterARestartInTheMiddle(String service, String operation) throws Exception {
    String name = "restart-" + operation.toLowerCase(Locale.ROOT);
    world.aws.faults().add(Fault.error(service, operation, 500, "InternalError", "not now"));
    world.apply(name, "");
    world.awaitCondition(name, ConditionType.RECONCILING, ConditionStatus.True, "AwsUnavailable");

    world.stop();
    world.aws.faults().clear();
    world.start();

    assertWhole(world.awaitReady(name));
  }

  /** The same for what an update changes: each call takes effect once, unknown to the operator. */
  @Test
  void findsWhatAnUpdateChangedWhoseAnswerWasLost() {
    world.apply("lost-update", "");
    FeatureServer before = world.awaitReady("lost-update");
    int version = 1;
    for (String operation :
        List.of("UpdateFunctionConfiguration", "PublishVersion", "UpdateAlias")) {
      world.aws.faults().add(Fault.cut("lambda", operation).after().times(1));

      world.edit("lost-update", TestWorld.storedAt("s3://feast/" + operation));

      FeatureServer after = world.awaitReady("lost-update");
      version++;
      assertThat(function(after).version()).as(operation).isEqualTo(Integer.toString(version));
      assertThat(after.getStatus().endpoint()).isEqualTo(before.getStatus().endpoint());
      assertThat(world.aws.faults().list()).as(operation).isEmpty();
    }
    for (String service : List.of("ecr", "lambda", "apigateway")) {
      world.aws.faults().add(Fault.cut(service, "TagResource").after().times(1));

      world.edit("lost-update", TestWorld.tagged(Map.of("team", service)));

      FeatureServer after = world.awaitReady("lost-update");
      assertThat(function(after).version()).isEqualTo(Integer.toString(version));
      assertThat(world.aws.faults().list()).as(service).isEmpty();
    }
    assertThat(world.region().apiGateway().find(api(before).id()).orElseThrow().tags().get("team"))
        .isEqualTo("apigateway");
  }

  @ParameterizedTest
  @CsvSource({"apigateway, DeleteApi", "lambda, DeleteFunction", "ecr, DeleteRepository"})
  void goesOnWithADeletionAfterALostAnswer(String service, String operation) {
    String name = "lost-" + operation.toLowerCase(Locale.ROOT);
    world.apply(name, "");
    FeatureServer ready = world.awaitReady(name);
    world.aws.faults().add(Fault.cut(service, operation).after().times(1));

    world.delete(name);

    world.awaitGone(name);
    assertThat(world.aws.faults().list()).isEmpty();
    assertNothingLeft(ready);
  }

  @Test
  void goesOnAfterARestartInTheMiddleOfAnUpdate() throws Exception {
    world.apply("restart-update", "");
    FeatureServer before = world.awaitReady("restart-update");
    world.aws.faults().add(Fault.error("lambda", "UpdateAlias", 500, "InternalError", "not now"));
    world.edit("restart-update", TestWorld.storedAt("s3://feast/registries/other"));
    FeatureServer updating =
        world.awaitCondition(
            "restart-update", ConditionType.RECONCILING, ConditionStatus.True, "AwsUnavailable");
    assertThat(TestWorld.condition(updating, ConditionType.READY).status())
        .isEqualTo(ConditionStatus.True);
    assertThat(function(updating).version()).isEqualTo("1");

    world.stop();
    world.aws.faults().clear();
    world.start();

    FeatureServer after = world.awaitReady("restart-update");
    assertThat(function(after).version()).isEqualTo("2");
    assertThat(after.getStatus().endpoint()).isEqualTo(before.getStatus().endpoint());
  }

  @Test
  void goesOnAfterARestartInTheMiddleOfADeletion() throws Exception {
    world.apply("restart-delete", "");
    FeatureServer ready = world.awaitReady("restart-delete");
    world
        .aws
        .faults()
        .add(Fault.error("lambda", "DeleteFunction", 500, "InternalError", "not now"));
    world.delete("restart-delete");
    world.awaitCondition(
        "restart-delete", ConditionType.ENDPOINT_AVAILABLE, ConditionStatus.False, "Removing");

    world.stop();
    world.aws.faults().clear();
    world.start();

    world.awaitGone("restart-delete");
    assertNothingLeft(ready);
  }

  @Test
  void waitsOutThrottling() {
    world.aws.faults().add(Fault.throttle("lambda", "CreateFunction").times(2));
    world.aws.faults().add(Fault.throttle("apigateway", "CreateApi").times(2));

    world.apply("throttled", "");

    assertWhole(world.awaitReady("throttled"));
  }

  @Test
  void waitsForARoleThatIsTooNew() {
    world
        .aws
        .faults()
        .add(
            Fault.error(
                    "lambda",
                    "CreateFunction",
                    400,
                    "InvalidParameterValueException",
                    "The role defined for the function cannot be assumed by Lambda.")
                .times(3));

    world.apply("new-role", "");

    assertWhole(world.awaitReady("new-role"));
  }

  @Test
  void saysWhatToDoWhereLambdaMayNotAssumeTheRole() {
    world
        .aws
        .faults()
        .add(
            Fault.error(
                "lambda",
                "CreateFunction",
                400,
                "InvalidParameterValueException",
                "The role defined for the function cannot be assumed by Lambda."));

    world.apply("no-trust", "");

    FeatureServer waiting =
        world.awaitCondition(
            "no-trust", ConditionType.FUNCTION_READY, ConditionStatus.False, "RoleNotAssumable");
    assertThat(TestWorld.condition(waiting, ConditionType.FUNCTION_READY).message())
        .isEqualTo(
            "lambda:CreateFunction of %s: InvalidParameterValueException: The role defined for the function cannot be assumed by Lambda. A new role takes up to a minute to be known; if this stays, have the role's trust policy let Lambda's service principal do sts:AssumeRole."
                .formatted(repository(waiting).name()));
    assertThat(TestWorld.condition(waiting, ConditionType.RECONCILING).status())
        .isEqualTo(ConditionStatus.True);
  }

  /** Lambda takes the image and says a moment later that it cannot use it. */
  @Test
  void makesAFunctionAnewThatFailedAtCreation() {
    world.refusingImages(1);

    world.apply("failed", "");

    FeatureServer failed =
        world.awaitCondition(
            "failed", ConditionType.FUNCTION_READY, ConditionStatus.False, "FunctionFailed");
    assertThat(TestWorld.condition(failed, ConditionType.FUNCTION_READY).message())
        .contains("UnsupportedImageLayerDetected");
    assertWhole(world.awaitReady("failed"));
    assertThat(world.mutatingCalls()).contains("lambda:DeleteFunction");
  }

  /** Somebody changes the function after it was looked at and before the version is published. */
  @Test
  void publishesOnceAndLooksAgainWhereSomebodyElseChangesTheFunction() throws Exception {
    String name = function(readyOf("by-hand")).name();
    world.aws.faults().add(Fault.delay("lambda", "PublishVersion", Duration.ofSeconds(1)).times(1));
    world.aws.calls().clear();
    world.edit("by-hand", spec("registries/dev", "registries/other"));
    await()
        .until(
            () ->
                world
                    .region()
                    .lambda()
                    .find(name)
                    .filter(
                        found ->
                            found.configuration().lastUpdate() == LastUpdate.SUCCESSFUL
                                && world.mutatingCalls().stream()
                                    .anyMatch(
                                        call -> call.equals("lambda:UpdateFunctionConfiguration")))
                    .isPresent());
    await().until(() -> world.aws.faults().list().isEmpty());
    FunctionSettings settings =
        world.region().lambda().find(name).orElseThrow().configuration().settings();
    world
        .region()
        .lambda()
        .updateSettings(
            name,
            new FunctionSettings(
                settings.role(), 128, settings.timeoutSeconds(), settings.environment(), ""),
            "",
            Environment.NONE);

    FeatureServer ready = world.awaitReady("by-hand");

    assertThat(function(ready).version()).isIn("2", "3");
    assertThat(world.mutatingCalls().stream().filter(call -> call.equals("lambda:PublishVersion")))
        .hasSizeLessThanOrEqualTo(3);
    assertThat(
            world
                .region()
                .lambda()
                .version(name, Long.parseLong(String.valueOf(function(ready).version())))
                .settings()
                .memoryMiB())
        .isEqualTo(settings.memoryMiB());
  }

  private static FeatureServer readyOf(String name) {
    world.apply(name, "");
    return world.awaitReady(name);
  }

  /** A CreateApi whose answer was lost, and a listing that did not have it yet. */
  @Test
  void removesAnApiThatTheStatusDoesNotKnow() {
    FeatureServer ready = readyOf("twin");
    Api api = world.region().apiGateway().find(api(ready).id()).orElseThrow();
    Api twin = world.region().apiGateway().create(api.name(), api.tags());

    world.delete("twin");

    world.awaitGone("twin");
    assertThat(world.region().apiGateway().find(twin.id())).isEmpty();
    assertThat(world.region().apiGateway().find(api.id())).isEmpty();
  }

  @Test
  void namesTheActionThatIsDenied() {
    world
        .aws
        .faults()
        .add(
            Fault.error(
                "lambda",
                "CreateFunction",
                403,
                "AccessDeniedException",
                "User: arn:aws:iam::000000000000:root is not authorized to perform:"
                    + " lambda:CreateFunction"));

    world.apply("denied", "");

    FeatureServer denied =
        world.awaitCondition(
            "denied", ConditionType.FUNCTION_READY, ConditionStatus.False, "AwsAccessDenied");
    assertThat(TestWorld.condition(denied, ConditionType.FUNCTION_READY).message())
        .contains("lambda:CreateFunction");
    assertThat(TestWorld.condition(denied, ConditionType.STALLED).status())
        .isEqualTo(ConditionStatus.False);
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

  /** GetFunction answers without tags where it may not read them: the function is ours for that. */
  @ParameterizedTest
  @CsvSource({
    "AccessDeniedException, 403, AwsAccessDenied, not authorized to perform: lambda:ListTags",
    "ServiceException, 500, AwsUnavailable, Service failure"
  })
  void neverTakesItsFunctionForForeignNorLeavesItBehindWhereTagsCannotBeRead(
      String code, int status, String reason, String message) {
    String name = "tags-" + status;
    world.apply(name, "");
    FeatureServer ready = world.awaitReady(name);
    world.aws.faults().add(Fault.error("lambda", "ListTags", status, code, message));

    world.edit(name, spec("registries/dev", "registries/other"));

    FeatureServer waiting =
        world.awaitCondition(name, ConditionType.RECONCILING, ConditionStatus.True, reason);
    assertThat(TestWorld.condition(waiting, ConditionType.RECONCILING).message())
        .contains("lambda:ListTags")
        .contains(message);
    world.delete(name);
    world.awaiting(
        name,
        "is being deleted",
        resource -> resource.getMetadata().getDeletionTimestamp() != null);
    world.aws.faults().clear();
    world.awaitGone(name);
    assertThat(world.region().lambda().find(function(ready).name())).isEmpty();
  }

  @Test
  void leavesAForeignObjectOfItsNameAlone() {
    String name = world.apply("probe-name", "").getMetadata().getName();
    String repository = repository(world.awaitReady(name)).name();
    world.delete(name);
    world.awaitGone(name);
    world.region().ecr().create(repository, Map.of("team", "somebody"));
    world.aws.calls().clear();

    world.apply(name, "");

    FeatureServer stalled =
        world.awaitCondition(
            name, ConditionType.STALLED, ConditionStatus.True, "OwnedBySomeoneElse");
    assertThat(TestWorld.condition(stalled, ConditionType.STALLED).message())
        .contains(repository)
        .contains("no tags of this operator");
    world.delete(name);
    world.awaitGone(name);
    assertThat(world.mutatingCalls()).isEmpty();
    assertThat(world.region().ecr().find(repository)).isPresent();
    assertThat(world.events(name))
        .filteredOn(event -> event.getReason().equals("LeftInAws"))
        .extracting(Event::getNote)
        .singleElement()
        .asString()
        .contains(repository);
  }

  /** What no caller notices neither keeps a new version waiting nor makes it unready. */
  @ParameterizedTest
  @CsvSource({
    "ecr, TagResource, 403, AccessDeniedException, AwsAccessDenied",
    "ecr, UntagResource, 500, ServerException, AwsUnavailable",
    "lambda, TagResource, 429, TooManyRequestsException, AwsThrottled",
    "lambda, UntagResource, 403, AccessDeniedException, AwsAccessDenied",
    "lambda, DeleteFunction, 409, ResourceConflictException, AwsConflict",
    "apigateway, TagResource, 403, AccessDeniedException, AwsAccessDenied",
    "apigateway, UntagResource, 429, TooManyRequestsException, AwsThrottled"
  })
  void servesAndRollsOutWhileUpkeepIsRefused(
      String service, String operation, int status, String code, String reason) {
    String name = (service + "-" + operation).toLowerCase(Locale.ROOT);
    world.apply(name, "  aws: {tags: {cost: a}}\n");
    world.awaitReady(name);
    world.edit(name, TestWorld.storedAt("s3://feast/registries/second"));
    String function = function(world.awaitReady(name)).name();
    world.aws.faults().add(Fault.error(service, operation, status, code, "not this"));

    // The third version: the first one is out of use.
    world.edit(
        name,
        TestWorld.tagged(Map.of("team", "ml"))
                .andThen(TestWorld.storedAt("s3://feast/registries/third"))
            ::apply);

    FeatureServer served =
        world.awaitCondition(name, ConditionType.RECONCILING, ConditionStatus.True, reason);
    assertThat(function(served).version()).isEqualTo("3");
    for (ConditionType type :
        List.of(
            ConditionType.READY,
            ConditionType.IMAGE_READY,
            ConditionType.FUNCTION_READY,
            ConditionType.ENDPOINT_AVAILABLE)) {
      assertThat(TestWorld.condition(served, type).status())
          .as(type.type())
          .isEqualTo(ConditionStatus.True);
      assertThat(TestWorld.condition(served, type).observedGeneration())
          .as(type.type())
          .isEqualTo(3);
    }
    assertThat(TestWorld.condition(served, ConditionType.READY).message())
        .contains("The endpoint serves. Version 3 has the traffic.")
        .contains("not this");
    // And one refusal keeps no other upkeep waiting.
    assertThat(world.region().lambda().versions(function))
        .hasSize(operation.equals("DeleteFunction") ? 3 : 2);
    if (!service.equals("apigateway")) {
      assertThat(
              world.region().apiGateway().find(api(served).id()).orElseThrow().tags().get("team"))
          .isEqualTo("ml");
    }

    world.aws.faults().clear();
    world.awaitReady(name);
    assertThat(world.region().lambda().versions(function)).hasSize(2);
    // Of a tag that could not be removed it is remembered that it is to go.
    assertThat(
            List.of(
                world.region().lambda().find(function).orElseThrow().tags(),
                world.region().apiGateway().find(api(served).id()).orElseThrow().tags(),
                tagsOfRepository(function)))
        .allSatisfy(
            tags ->
                assertThat(tags)
                    .containsEntry("team", "ml")
                    .containsEntry(Tags.USER_KEYS, "team")
                    .doesNotContainKey("cost"));
  }

  /** Of an Error JOSDK learns nothing, and would never look at the resource again. */
  @Test
  void goesOnAfterAPassThatEndedInAnError() {
    world.failing(true);
    try {
      world.apply("error", "");
      FeatureServer failed =
          world.awaitCondition(
              "error", ConditionType.RECONCILING, ConditionStatus.True, "OperatorError");
      assertThat(TestWorld.condition(failed, ConditionType.STALLED).status())
          .isEqualTo(ConditionStatus.False);
    } finally {
      world.failing(false);
    }

    assertWhole(world.awaitReady("error"));
  }

  @Test
  void keepsTheEndpointInTheStatusUntilTheApiIsGone() {
    FeatureServer ready = readyOf("api-stays");
    world.aws.faults().add(Fault.error("apigateway", "DeleteApi", 500, "InternalError", "no"));

    world.delete("api-stays");

    FeatureServer kept =
        world.awaitCondition(
            "api-stays", ConditionType.RECONCILING, ConditionStatus.True, "AwsUnavailable");
    assertThat(kept.getStatus().endpoint()).isEqualTo(ready.getStatus().endpoint());
    assertThat(TestWorld.condition(kept, ConditionType.ENDPOINT_AVAILABLE).status())
        .isEqualTo(ConditionStatus.True);
    world.aws.faults().clear();
    world.awaitGone("api-stays");
    assertNothingLeft(ready);
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

  @Test
  void goesOnWithADeletionThatAwsInterrupted() {
    world.apply("interrupted", "");
    FeatureServer ready = world.awaitReady("interrupted");
    world.aws.faults().add(Fault.cut("lambda", "DeleteFunction").after().times(1));
    world.aws.faults().add(Fault.throttle("ecr", "DeleteRepository").times(1));

    world.delete("interrupted");

    world.awaitGone("interrupted");
    assertNothingLeft(ready);
  }

  private static Map<String, String> tagsOfRepository(String name) {
    Ecr ecr = world.region().ecr();
    return ecr.tags(ecr.find(name).orElseThrow().arn());
  }

  private static void assertNothingLeft(FeatureServer resource) {
    String name = function(resource).name();
    assertThat(world.region().lambda().find(name)).isEmpty();
    assertThat(world.region().ecr().find(name)).isEmpty();
    assertThat(world.region().apiGateway().find(api(resource).id())).isEmpty();
  }

  /** One of everything, and complete. */
  private static void assertWhole(FeatureServer resource) {
    String name = function(resource).name();
    var aws = world.region();
    List<Api> apis =
        aws.apiGateway().list().stream().filter(api -> api.name().equals(name)).toList();
    assertThat(apis).hasSize(1);
    String id = apis.getFirst().id();
    assertThat(api(resource).id()).isEqualTo(id);
    assertThat(aws.apiGateway().integrations(id)).hasSize(1);
    assertThat(aws.apiGateway().routes(id)).hasSize(3);
    assertThat(aws.apiGateway().stage(id, DesiredStack.STAGE)).isPresent();
    assertThat(aws.lambda().permissions(name, DesiredStack.ALIAS)).hasSize(3);
    assertThat(aws.lambda().versions(name)).hasSize(1);
    assertThat(aws.lambda().alias(name, DesiredStack.ALIAS)).isPresent();
  }
}
