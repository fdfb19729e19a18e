package dev.feast.aws.operator.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A pass over what is as it should be changes nothing, in AWS or in Kubernetes. */
class UnchangedWorldTest {
  @RegisterExtension static final TestWorld world = TestWorld.started();

  @BeforeAll
  static void makeTheLogGroup() {
    try (var byHand = new AwsByHand(world.aws)) {
      byHand.logs.createLogGroup(r -> r.logGroupName(EndpointTest.LOG_GROUP));
    }
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"shipped", "source", "uri", "tags", "environment", "options", "endpoint"})
  void changesNothingInAnUnchangedWorld(String with) throws Exception {
    String name = "unchanged-" + with;
    world.apply(
        name,
        switch (with) {
          case "source", "uri" ->
              "  image: {%s: '%s:1'}\n".formatted(with, world.push(name, "1", "unchanged"));
          case "tags" -> "  aws: {tags: {team: ml, cost: a}}\n";
          case "environment" ->
              "  function: {environment: {BB: '1', AA: 'x y', LONG: '%s'}}\n"
                  .formatted("z".repeat(2_000));
          case "options" -> FunctionOptionsTest.ALL;
          case "endpoint" -> EndpointTest.all(world.aws);
          default -> "";
        });
    String before = world.awaitReady(name).getMetadata().getResourceVersion();
    world.stop();
    world.aws.calls().clear();

    for (int pass = 1; pass <= 2; pass++) {
      int passes = pass;
      world.start();
      await().until(() -> reads("GetStage") >= passes);
      world.stop(); // Lets a pass that is under way finish.
    }

    assertThat(world.mutatingCalls()).isEmpty();
    assertThat(world.get(name).getMetadata().getResourceVersion())
        .as("nothing is written to Kubernetes either")
        .isEqualTo(before);
    world.start();
    world.delete(name);
    world.awaitGone(name);
  }

  private static long reads(String operation) {
    return world.aws.calls().list().stream()
        .filter(call -> call.operation().equals(operation))
        .count();
  }
}
