package dev.feast.aws.operator.controller;

import static dev.feast.aws.operator.controller.TestWorld.api;
import static dev.feast.aws.operator.controller.TestWorld.condition;
import static dev.feast.aws.operator.controller.TestWorld.function;
import static dev.feast.aws.operator.controller.TestWorld.repository;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.feast.aws.api.v1alpha1.ConditionStatus;
import dev.feast.aws.api.v1alpha1.ConditionType;
import dev.feast.aws.api.v1alpha1.FeatureServer;
import dev.feast.aws.operator.model.Tags;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is not ours is never changed and never deleted, and a condition says whose it is. */
@EnableKubernetesMockClient(crud = true)
class OwnershipTest {
  @SuppressWarnings("NullAway.Init") // Set by the extension.
  KubernetesClient client;

  @TempDir
  @SuppressWarnings("NullAway.Init") // Set by the extension.
  Path folder;

  @SuppressWarnings("NullAway.Init") // Set before each test.
  private TestWorld world;

  @SuppressWarnings("NullAway.Init") // Set before each test.
  private AwsByHand byHand;

  @BeforeEach
  void start() throws Exception {
    world = new TestWorld(folder.resolve("first"), client).start();
    byHand = new AwsByHand(world.aws);
  }

  @AfterEach
  void close() {
    byHand.close();
    world.close();
  }

  /** Found by name, or by the id in the status: without our tags it is not ours. */
  @ParameterizedTest
  @ValueSource(strings = {"Lambda function", "ECR repository", "API"})
  void neitherChangesNorDeletesWhatCarriesOtherTags(String object) {
    world.apply("clash", "");
    FeatureServer ready = world.awaitReady("clash");
    String name = giveAway(object, ready);
    world.aws.calls().clear();

    world.pass("clash");

    FeatureServer stalled =
        world.awaitCondition(
            "clash", ConditionType.STALLED, ConditionStatus.True, "OwnedBySomeoneElse");
    assertThat(condition(stalled, ConditionType.STALLED).message())
        .contains(object + " " + name)
        .contains("it carries no tags of this operator")
        .contains("team=other");
    assertThat(condition(stalled, ConditionType.READY).status()).isEqualTo(ConditionStatus.True);
    assertThat(stalled.getStatus().endpoint()).isEqualTo(ready.getStatus().endpoint());
    assertThat(world.mutatingCalls()).isEmpty();

    world.delete("clash");
    world.awaitGone("clash");

    assertThat(world.region().lambda().find(function(ready).name()).isPresent())
        .isEqualTo(object.equals("Lambda function"));
    assertThat(world.region().ecr().find(repository(ready).name()).isPresent())
        .isEqualTo(object.equals("ECR repository"));
    assertThat(world.region().apiGateway().find(api(ready).id()).isPresent())
        .isEqualTo(object.equals("API"));
    assertThat(world.events("clash"))
        .filteredOn(event -> event.getReason().equals("LeftInAws"))
        .extracting(Event::getNote)
        .singleElement()
        .asString()
        .contains(object + " " + name, "team=other");
  }

  /** Somebody takes our tags off it and puts others on; returns what it is called. */
  private String giveAway(String object, FeatureServer resource) {
    List<String> ours = List.of(Tags.CLUSTER, Tags.NAMESPACE, Tags.NAME, Tags.UID);
    return switch (object) {
      case "Lambda function" -> {
        String arn = requireNonNull(function(resource).arn());
        byHand.lambda.untagResource(r -> r.resource(arn).tagKeys(ours));
        byHand.lambda.tagResource(r -> r.resource(arn).tags(Map.of("team", "other")));
        yield function(resource).name();
      }
      case "ECR repository" -> {
        String arn = requireNonNull(repository(resource).arn());
        byHand.ecr.untagResource(r -> r.resourceArn(arn).tagKeys(ours));
        byHand.ecr.tagResource(r -> r.resourceArn(arn).tags(tag -> tag.key("team").value("other")));
        yield repository(resource).name();
      }
      default -> {
        String arn = "arn:aws:apigateway:us-west-2::/apis/" + api(resource).id();
        byHand.apis.untagResource(r -> r.resourceArn(arn).tagKeys(ours));
        byHand.apis.tagResource(r -> r.resourceArn(arn).tags(Map.of("team", "other")));
        yield api(resource).id();
      }
    };
  }

  /** As docs/operations.md has it: a new cluster, with the id of one that is gone for good. */
  @Test
  void takesUpWhatALostClusterOfTheSameIdLeft() throws Exception {
    world.apply("lost", "");
    FeatureServer before = world.awaitReady("lost");
    world.stop();
    world.aws.calls().clear();
    try (var cluster = new MockCluster();
        KubernetesClient elsewhere = cluster.server().createClient();
        TestWorld successor =
            world.inAnotherCluster(folder.resolve("successor"), elsewhere, "cluster-1").start()) {
      successor.apply("lost", "");
      FeatureServer after = successor.awaitReady("lost");

      assertThat(after.getMetadata().getUid()).isNotEqualTo(before.getMetadata().getUid());
      assertThat(after.getStatus().endpoint()).isEqualTo(before.getStatus().endpoint());
      assertThat(function(after)).isEqualTo(function(before));
      assertThat(successor.mutatingCalls())
          .as("only the tags that hold the UID")
          .allMatch(call -> call.contains(":Tag"));

      successor.delete("lost");
      successor.awaitGone("lost");
      assertThat(byHand.apis.getApis(r -> {}).items()).isEmpty();
      assertThat(byHand.lambda.listFunctions().functions()).isEmpty();
    }
  }

  /** The same namespace and name in two clusters of one account: names and tags differ. */
  @Test
  void keepsTwoClustersInOneAccountApart() throws Exception {
    var server =
        new KubernetesMockServer(
            new Context(),
            new MockWebServer(),
            new HashMap<>(),
            new KubernetesCrudDispatcher(),
            false);
    server.init();
    try (KubernetesClient elsewhere = server.createClient();
        TestWorld other =
            world.inAnotherCluster(folder.resolve("second"), elsewhere, "cluster-2").start()) {
      world.apply("same", "");
      other.apply("same", "");
      FeatureServer here = world.awaitReady("same");
      FeatureServer there = other.awaitReady("same");
      assertThat(function(here).name()).isNotEqualTo(function(there).name());
      assertThat(repository(here).name()).isNotEqualTo(repository(there).name());
      assertThat(api(here).id()).isNotEqualTo(api(there).id());

      // What drifts in one is put back by that one; the other has no part in it.
      String gone = api(here).id();
      byHand.apis.deleteApi(r -> r.apiId(gone));
      other.awaitPass("same");
      other.awaitPass("same");
      assertThat(other.eventReasons("same")).doesNotContain("DriftRepaired", "DriftFound");
      world.pass("same");
      await().until(() -> world.eventReasons("same").contains("DriftRepaired"));
      FeatureServer repaired = world.awaitReady("same");
      assertThat(api(repaired).id()).isNotEqualTo(gone).isNotEqualTo(api(there).id());

      world.delete("same");
      world.awaitGone("same");
      assertThat(world.region().lambda().find(function(here).name())).isEmpty();
      world.aws.calls().clear();
      other.awaitPass("same");
      other.awaitPass("same");
      assertThat(other.mutatingCalls()).isEmpty();
      assertThat(other.awaitReady("same").getStatus().endpoint())
          .isEqualTo(there.getStatus().endpoint());

      other.delete("same");
      other.awaitGone("same");
      assertThat(byHand.apis.getApis(r -> {}).items()).isEmpty();
      assertThat(byHand.lambda.listFunctions().functions()).isEmpty();
      assertThat(byHand.ecr.describeRepositories().repositories()).isEmpty();
    } finally {
      server.destroy();
    }
  }
}
