package dev.feast.aws.operator.controller;

import static dev.feast.aws.operator.controller.TestWorld.api;
import static dev.feast.aws.operator.controller.TestWorld.function;
import static dev.feast.aws.operator.controller.TestWorld.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.feast.aws.api.v1alpha1.ConditionStatus;
import dev.feast.aws.api.v1alpha1.ConditionType;
import dev.feast.aws.api.v1alpha1.FeatureServer;
import dev.feast.aws.localaws.control.Fault;
import dev.feast.aws.operator.model.DesiredStack;
import dev.feast.aws.operator.model.Environment;
import dev.feast.aws.operator.model.FunctionConfiguration.LastUpdate;
import dev.feast.aws.operator.model.FunctionSettings;
import dev.feast.aws.operator.model.ObservedStack.Api;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Calls whose answer is lost, operators that end, and others that change the same: all ends where
 * it would have ended without.
 */
class InterruptionsTest {
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
  void goesOnWithADeletionThatAwsInterrupted() {
    world.apply("interrupted", "");
    FeatureServer ready = world.awaitReady("interrupted");
    world.aws.faults().add(Fault.cut("lambda", "DeleteFunction").after().times(1));
    world.aws.faults().add(Fault.throttle("ecr", "DeleteRepository").times(1));

    world.delete("interrupted");

    world.awaitGone("interrupted");
    assertNothingLeft(ready);
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

  /** An API is made after the alias: until there is one, none is looked for in passes that wait. */
  @Test
  void takesBackAnApiThatOutlivedItsFunction() {
    world.apply("orphan", "  deletionPolicy: Retain\n");
    FeatureServer before = world.awaitReady("orphan");
    world.delete("orphan");
    world.awaitGone("orphan");
    world.region().lambda().delete(function(before).name());

    world.apply("orphan", "");

    FeatureServer after = world.awaitReady("orphan");
    assertThat(api(after).id()).isEqualTo(api(before).id());
    assertWhole(after);
    world.delete("orphan");
    world.awaitGone("orphan");
    assertNothingLeft(after);
  }

  @Test
  void listsTheApisOnceForAFirstDeployment() {
    world.aws.calls().clear();

    readyOf("listed");

    assertThat(world.aws.calls().list())
        .filteredOn(call -> call.operation().equals("GetApis"))
        .hasSize(1);
  }

  @Test
  void waitsOutThrottling() {
    world.aws.faults().add(Fault.throttle("lambda", "CreateFunction").times(2));
    world.aws.faults().add(Fault.throttle("apigateway", "CreateApi").times(2));

    world.apply("throttled", "");

    assertWhole(world.awaitReady("throttled"));
  }

  private static FeatureServer readyOf(String name) {
    world.apply(name, "");
    return world.awaitReady(name);
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
