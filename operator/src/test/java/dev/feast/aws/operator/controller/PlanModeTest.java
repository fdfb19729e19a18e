package dev.feast.aws.operator.controller;

import static dev.feast.aws.operator.controller.TestWorld.api;
import static dev.feast.aws.operator.controller.TestWorld.condition;
import static dev.feast.aws.operator.controller.TestWorld.function;
import static dev.feast.aws.operator.controller.TestWorld.image;
import static dev.feast.aws.operator.controller.TestWorld.resolved;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.feast.aws.api.v1alpha1.Condition;
import dev.feast.aws.api.v1alpha1.ConditionStatus;
import dev.feast.aws.api.v1alpha1.ConditionType;
import dev.feast.aws.api.v1alpha1.FeatureServer;
import dev.feast.aws.api.v1alpha1.PlanStatus;
import dev.feast.aws.api.v1alpha1.PlannedStep;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** With the annotation the status has what would be done in AWS, and none of it is done. */
class PlanModeTest {
  private static final String PLAN = "aws.feast.dev/plan";

  @RegisterExtension static final TestWorld world = TestWorld.started();
  private static AwsByHand byHand;

  @BeforeAll
  static void start() {
    byHand = new AwsByHand(world.aws);
  }

  @AfterAll
  static void close() {
    byHand.close();
  }

  @BeforeEach
  void forgetCalls() {
    world.aws.calls().clear();
  }

  @Test
  void namesInOrderAllThatACreationWouldMakeAndMakesItOnceTheAnnotationIsGone() throws Exception {
    world.apply("creation", Map.of(PLAN, "true"), "");

    FeatureServer planned = awaitPlanned("creation");
    assertThat(plan(planned))
        .extracting(PlannedStep::action)
        .containsExactly(
            "create repository",
            "set repository policy",
            "copy image",
            "create function",
            "await function",
            "publish version",
            "probe version",
            "create alias",
            "create api",
            "create integration",
            "create route",
            "create route",
            "create route",
            "create stage",
            "add permission",
            "add permission",
            "add permission");
    assertThat(plan(planned).getFirst().object()).startsWith("ECR repository feast-");
    assertThat(plan(planned))
        .contains(
            new PlannedStep(
                plan(planned).get(8).object(), "create route", "the API has no route GET /health"));
    Condition ready = condition(planned, ConditionType.READY);
    assertThat(ready.status()).isEqualTo(ConditionStatus.False);
    assertThat(ready.reason()).isEqualTo("Planned");
    assertThat(ready.message()).contains("17 steps would be taken");
    assertThat(planned.getStatus().region()).as("no place is fixed by a plan").isNull();

    long looked = looks();
    world.restart();
    await().until(() -> looks() > looked);
    world.stop(); // Lets that pass finish.
    world.start();
    assertChangedNothing();

    world.annotate("creation", PLAN, null);
    FeatureServer made = world.awaitReady("creation");
    assertThat(made.getStatus().plan()).isNull();
    assertThat(resolved(made)).isEqualTo(resolved(planned));
  }

  @Test
  void keepsServingWhileItPlansAnUpdate() {
    world.apply("update", "");
    FeatureServer before = world.awaitReady("update");
    world.annotate("update", PLAN, "true");
    assertThat(plan(awaitPlanned("update"))).as("nothing to do").isEmpty();
    world.aws.calls().clear();

    world.edit("update", TestWorld.functionally("function: {memoryMiB: 512}\n"));
    FeatureServer planned = awaitPlanned("update");

    assertThat(plan(planned))
        .extracting(PlannedStep::action)
        .containsExactly(
            "update function configuration",
            "await function",
            "publish version",
            "probe version",
            "move alias");
    assertThat(plan(planned).getFirst().object())
        .isEqualTo("Lambda function " + function(before).name());
    Condition ready = condition(planned, ConditionType.READY);
    assertThat(ready.status()).isEqualTo(ConditionStatus.True);
    assertThat(ready.observedGeneration()).as("the one that serves").isEqualTo(1);
    assertThat(condition(planned, ConditionType.RECONCILING).status())
        .isEqualTo(ConditionStatus.False);
    assertThat(planned.getStatus().endpoint()).isEqualTo(before.getStatus().endpoint());
    assertThat(function(planned)).isEqualTo(function(before));
    assertChangedNothing();

    world.annotate("update", PLAN, null);
    FeatureServer updated = world.awaitReady("update");
    assertThat(function(updated).version()).isEqualTo("2");
    assertThat(updated.getStatus().plan()).isNull();
  }

  @Test
  void plansToPutBackWhatWasChangedInAws() {
    world.apply("drifted", "");
    FeatureServer before = world.awaitReady("drifted");
    world.annotate("drifted", PLAN, "true");
    awaitPlanned("drifted");
    String api = api(before).id();
    byHand.apis.getRoutes(r -> r.apiId(api)).items().stream()
        .filter(route -> route.routeKey().equals("GET /health"))
        .forEach(route -> byHand.apis.deleteRoute(r -> r.apiId(api).routeId(route.routeId())));
    world.aws.calls().clear();

    world.pass("drifted");

    var step = new PlannedStep("API " + api, "create route", "the API has no route GET /health");
    world.awaiting("drifted", "plans the route", now -> plan(now).equals(List.of(step)));
    assertChangedNothing();
    assertThat(world.eventReasons("drifted")).doesNotContain("DriftRepaired", "DriftFound");
    world.annotate("drifted", PLAN, null);
    await().until(() -> byHand.apis.getRoutes(r -> r.apiId(api)).items().size() == 3);
  }

  @Test
  void appliesTheDigestThatItPlannedThoughTheTagMovesOn() throws Exception {
    String source = world.push("moving", "1", "planned");
    world.aws.calls().clear();
    world.apply("moving", Map.of(PLAN, "true"), "  image: {source: '%s:1'}\n".formatted(source));
    FeatureServer planned = awaitPlanned("moving");
    assertChangedNothing();

    world.push("moving", "1", "later");
    world.annotate("moving", PLAN, null);

    assertThat(image(world.awaitReady("moving")).digest()).isEqualTo(resolved(planned).digest());
  }

  @Test
  void plansWhatDisablingWouldTakeDown() {
    world.apply("disabling", "");
    FeatureServer before = world.awaitReady("disabling");
    world.annotate("disabling", PLAN, "true");
    awaitPlanned("disabling");
    world.aws.calls().clear();

    world.edit("disabling", TestWorld.spec("enabled: true", "enabled: false"));

    assertThat(plan(awaitPlanned("disabling")))
        .extracting(PlannedStep::object)
        .containsExactly(
            "API " + api(before).id(),
            "Lambda function " + function(before).name(),
            "ECR repository " + function(before).name());
    assertChangedNothing();
    world.annotate("disabling", PLAN, null);
    world.awaitCondition("disabling", ConditionType.READY, ConditionStatus.False, "Disabled");
  }

  @Test
  void saysWhyThereIsNoPlan() {
    world.apply("mistaken", "");
    world.awaitReady("mistaken");
    world.annotate("mistaken", PLAN, "true");
    awaitPlanned("mistaken");

    world.edit("mistaken", TestWorld.spec("region: us-west-2", "region: eu-west-1"));

    FeatureServer refused =
        world.awaitCondition(
            "mistaken", ConditionType.STALLED, ConditionStatus.True, "FixedFieldChanged");
    assertThat(refused.getStatus().plan()).isNull();
  }

  @Test
  void removesAllTheSameWhenDeleted() {
    world.apply("deleted", "");
    FeatureServer before = world.awaitReady("deleted");
    world.annotate("deleted", PLAN, "true");
    awaitPlanned("deleted");

    world.delete("deleted");

    world.awaitGone("deleted");
    assertThat(world.region().lambda().find(function(before).name())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"true, Planned", "True, Planned", "ture, Planned", "'', Planned", "false, Suspended"})
  void takesWhatIsNotFalseForAPlanEvenOfWhatIsSuspended(String value, String reason) {
    String name = "value-" + Math.abs(value.hashCode());
    world.apply(name, Map.of(PLAN, value), "  suspend: true\n");

    world.awaitCondition(name, ConditionType.READY, ConditionStatus.False, reason);
    assertChangedNothing();
  }

  private static FeatureServer awaitPlanned(String name) {
    return world.awaiting(
        name,
        "has a plan of its newest spec",
        now -> {
          PlanStatus plan = now.getStatus().plan();
          return plan != null && plan.generation() == now.getMetadata().getGeneration();
        });
  }

  private static List<PlannedStep> plan(FeatureServer resource) {
    return Objects.requireNonNull(resource.getStatus().plan()).steps();
  }

  /** How often it was looked what there is, where there is nothing. */
  private static long looks() {
    return world.aws.calls().list().stream()
        .filter(call -> call.operation().equals("DescribeRepositories"))
        .count();
  }

  private static void assertChangedNothing() {
    assertThat(world.mutatingCalls()).isEmpty();
  }
}
