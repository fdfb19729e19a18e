package dev.feast.aws.operator.controller;

import static dev.feast.aws.operator.controller.TestWorld.api;
import static dev.feast.aws.operator.controller.TestWorld.function;
import static dev.feast.aws.operator.controller.TestWorld.repository;
import static dev.feast.aws.operator.controller.TestWorld.spec;
import static org.assertj.core.api.Assertions.assertThat;

import dev.feast.aws.api.v1alpha1.ConditionStatus;
import dev.feast.aws.api.v1alpha1.ConditionType;
import dev.feast.aws.api.v1alpha1.FeatureServer;
import dev.feast.aws.localaws.control.Fault;
import dev.feast.aws.operator.aws.Ecr;
import dev.feast.aws.operator.model.DesiredStack;
import dev.feast.aws.operator.model.ObservedStack.Api;
import dev.feast.aws.operator.model.Tags;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What AWS refuses, and what the operator says of it and goes on with meanwhile. */
class RefusalsTest {
  @RegisterExtension static final TestWorld world = TestWorld.started();

  @AfterEach
  void noFaults() {
    world.aws.faults().clear();
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

  private static Map<String, String> tagsOfRepository(String name) {
    Ecr ecr = world.region().ecr();
    return ecr.tags(ecr.find(name).orElseThrow().arn());
  }
}
