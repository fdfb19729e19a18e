package dev.feast.aws.operator.controller;

import static dev.feast.aws.operator.controller.TestWorld.function;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.feast.aws.localaws.control.Call;
import dev.feast.aws.localaws.control.Fault;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.cloudwatchlogs.model.LogGroup;

/** The function's log group, where the spec says how long it keeps what is logged. */
class LogGroupTest {
  private static final String DAYS_30 = "  function: {logRetentionDays: 30}\n";

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

  private static Optional<LogGroup> group(String function) {
    return byHand
        .logs
        .describeLogGroups(r -> r.logGroupNamePrefix("/aws/lambda/" + function))
        .logGroups()
        .stream()
        .findFirst();
  }

  private static Map<String, String> tags(String function) {
    String arn = group(function).orElseThrow().logGroupArn();
    return byHand.logs.listTagsForResource(r -> r.resourceArn(arn)).tags();
  }

  @Test
  void isMadeBeforeTheFunctionAndGoesAfterIt() {
    world.aws.calls().clear();
    world.apply("logged", DAYS_30 + "  aws: {tags: {team: ml}}\n");
    String name = function(world.awaitReady("logged")).name();

    assertThat(world.mutatingCalls())
        .containsSubsequence(
            "logs:CreateLogGroup", "logs:PutRetentionPolicy", "lambda:CreateFunction");
    assertThat(group(name).orElseThrow().retentionInDays()).isEqualTo(30);
    assertThat(tags(name)).containsEntry("team", "ml").containsEntry("feast-owned", "True");

    world.delete("logged");
    world.awaitGone("logged");
    assertThat(group(name)).isEmpty();
    assertThat(world.mutatingCalls())
        .containsSubsequence("lambda:DeleteFunction", "logs:DeleteLogGroup")
        .endsWith("logs:DeleteLogGroup");
  }

  @Test
  void keepsItLongerForGoodOrTaggedOtherwiseWithoutANewVersion() {
    world.apply("changed", DAYS_30);
    String name = function(world.awaitReady("changed")).name();

    world.edit("changed", TestWorld.spec("logRetentionDays: 30", "logRetentionDays: 90"));
    assertThat(function(world.awaitReady("changed")).version()).isEqualTo("1");
    assertThat(group(name).orElseThrow().retentionInDays()).isEqualTo(90);

    world.edit("changed", TestWorld.tagged(Map.of("cost", "a")));
    world.awaitReady("changed");
    assertThat(tags(name)).containsEntry("cost", "a");

    world.edit("changed", FunctionOptionsTest::withoutOptions);
    world.awaitReady("changed");
    assertThat(group(name).orElseThrow().retentionInDays()).isNull();
    assertThat(world.eventReasons("changed")).doesNotContain("DriftRepaired", "DriftFound");

    world.delete("changed");
    world.awaitGone("changed");
    assertThat(group(name)).as("it is still the operator's").isEmpty();
  }

  /** Lambda made it with the first line, and who knows who reads it. */
  @Test
  void keepsOneThatWasThereBeforeItWasAskedFor() {
    world.apply("late", "");
    String name = function(world.awaitReady("late")).name();
    assertThat(group(name).orElseThrow().retentionInDays()).isNull();

    world.edit("late", TestWorld.functionally(DAYS_30));
    world.awaitReady("late");
    assertThat(group(name).orElseThrow().retentionInDays()).isEqualTo(30);

    world.delete("late");
    world.awaitGone("late");
    assertThat(group(name).orElseThrow().retentionInDays()).isEqualTo(30);
  }

  @Test
  void staysAndIsNamedWithDeletionPolicyRetain() {
    world.apply("retained", DAYS_30 + "  deletionPolicy: Retain\n");
    String name = function(world.awaitReady("retained")).name();

    world.delete("retained");
    world.awaitGone("retained");

    assertThat(group(name)).isPresent();
    assertThat(world.events("retained"))
        .anySatisfy(event -> assertThat(event.getNote()).contains("log group /aws/lambda/" + name));
  }

  @Test
  void goesEvenWhereTheOperatorWasKilledAsItMadeIt() throws Exception {
    world.killAt(Fault.cut("logs", "CreateLogGroup").after().times(1));
    world.apply("killed", DAYS_30);
    await().until(world::isKilled);
    world.stop();
    world.edit("killed", FunctionOptionsTest::withoutOptions);
    world.delete("killed");

    world.start();
    world.awaitGone("killed");

    assertThat(group("feast-team-killed")).isEmpty();
  }

  @Test
  void isNotLookedForWhereNobodyAskedForIt() {
    world.aws.calls().clear();
    world.apply("plain", "");
    world.awaitReady("plain");
    world.delete("plain");
    world.awaitGone("plain");

    assertThat(world.aws.calls().list())
        .extracting(Call::service)
        .contains("lambda")
        .doesNotContain("logs");
  }
}
