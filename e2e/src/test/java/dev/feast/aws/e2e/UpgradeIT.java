package dev.feast.aws.e2e;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.feast.aws.e2e.controlplane.ControlPlane;
import dev.feast.aws.e2e.process.Execution;
import dev.feast.aws.e2e.process.FileTree;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.regions.Region;

/**
 * What becomes of FeatureServers, and of what they have in AWS, while the release comes, changes
 * and goes. It has a cluster of its own, for there is one CRD in a cluster.
 */
class UpgradeIT {
  private static final String CRD = "customresourcedefinition/featureservers.aws.feast.dev";

  @Test
  void whatIsServedOutlivesAnUpgradeOfTheCrdAndTheReleaseItself() throws Exception {
    try (Stack stack = Stack.start("upgrade", UpgradeIT::installPrevious)) {
      AwsInventory inventory = new AwsInventory(stack.aws(), Region.US_WEST_2);
      Namespace namespace = stack.namespace("upgrade");
      String spec = stack.documented("featureserver.yaml");
      String withNewField = spec + "  rollout: {keepVersions: 3}\n";
      assertThat(namespace.apply(withNewField).errors()).contains("unknown field \"spec.rollout\"");
      namespace.applied(spec);
      namespace.applied(spec.replace("name: dev", "name: unwanted"));
      namespace.awaitReady("dev");
      namespace.awaitReady("unwanted");
      JsonNode before = namespace.get("featureserver/dev");
      String endpoint = namespace.endpoint("dev");

      // The former operator goes on until the new one has come.
      ChartRelease.install(stack.controlPlane(), stack.repository().chart());
      stack.forgetCalls();
      stack.restartOperator();
      awaitAllLookedAt(stack, 2);

      JsonNode after = namespace.get("featureserver/dev");
      assertThat(after.at("/spec/featureStore")).isEqualTo(before.at("/spec/featureStore"));
      assertThat(after.at("/metadata/generation")).isEqualTo(before.at("/metadata/generation"));
      assertThat(after.at("/metadata/uid")).isEqualTo(before.at("/metadata/uid"));
      assertThat(after.at("/status/endpoint").asText()).isEqualTo(endpoint);
      assertThat(after.at("/status/function/version").asText()).isEqualTo("1");
      assertThat(stack.calls(Stack::isMutating)).isEmpty();
      assertServes(stack, endpoint);
      namespace.applied(withNewField);
      namespace.awaitReady("dev");
      assertThat(namespace.get("featureserver/dev").at("/spec/rollout/keepVersions").asInt())
          .isEqualTo(3);
      assertThat(namespace.endpoint("dev")).isEqualTo(endpoint);

      List<String> inAws = inventory.named("upgrade");
      assertThat(stack.release().uninstall()).contains("kept", "featureservers.aws.feast.dev");
      stack.endOperator();
      namespace.kubectl("delete", "featureserver", "unwanted", "--wait=false").successfulOutput();
      assertThat(elsewhere(stack).errors()).contains("invalid ownership metadata");
      elsewhere(stack, "--take-ownership").successfulOutput();

      assertThat(namespace.get("featureserver/dev").at("/metadata/uid"))
          .isEqualTo(before.at("/metadata/uid"));
      assertThat(namespace.get("featureserver/unwanted").at("/metadata/deletionTimestamp").asText())
          .isNotEmpty();
      assertThat(inventory.named("upgrade")).isEqualTo(inAws).hasSize(6);
      assertServes(stack, endpoint);

      ChartRelease.install(stack.controlPlane(), stack.repository().chart());
      stack.forgetCalls();
      stack.startOperator();
      namespace
          .kubectl("wait", "--for=delete", "featureserver/unwanted", "--timeout=120s")
          .successfulOutput();
      awaitAllLookedAt(stack, 1);

      assertThat(namespace.endpoint("dev")).isEqualTo(endpoint);
      assertThat(stack.calls(Stack::isMutating)).noneMatch(call -> call.contains("Create"));
      assertThat(inventory.named("upgrade")).hasSize(3);
      assertServes(stack, endpoint);
    }
  }

  /** As the README has it. */
  @Test
  void nothingIsLeftWhereEverythingIsRemovedInOrder() throws Exception {
    try (Stack stack = Stack.start("removal", ChartRelease::install)) {
      AwsInventory inventory = new AwsInventory(stack.aws(), Region.US_WEST_2);
      Namespace namespace = stack.namespace("removal");
      namespace.applied(stack.documented("featureserver.yaml"));
      namespace.awaitReady("dev");

      admin(stack, "delete", "featureservers", "--all", "--all-namespaces", "--timeout=120s");
      assertThat(inventory.named("")).isEmpty();
      stack.release().uninstall();
      stack.endOperator();
      admin(stack, "delete", CRD, "--timeout=60s");
      admin(stack, "delete", "lease", ChartRelease.NAME, "--namespace=" + ChartRelease.NAMESPACE);

      assertThat(ofTheRelease(stack)).isEmpty();
    }
  }

  /** What helm says to a release of another name, which it does not make. */
  private static Execution elsewhere(Stack stack, String... options) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                stack.controlPlane().programs().helm().toString(),
                "install",
                "other",
                stack.repository().chart().toString(),
                "--dry-run=server"));
    command.addAll(List.of(options));
    return Execution.run(
        stack.controlPlane().run(),
        command,
        ChartRelease.helmEnvironment(stack.controlPlane()),
        stack.repository().root(),
        Namespace.BOUND);
  }

  /** Everything in the cluster that has its name, of whatever kind. */
  private static List<String> ofTheRelease(Stack stack) throws Exception {
    String kinds =
        String.join(
            ",",
            admin(stack, "api-resources", "--verbs=list,delete", "--output=name")
                .lines()
                .filter(kind -> !kind.startsWith("events") && !kind.startsWith("namespaces"))
                .toList());
    return admin(stack, "get", kinds, "--all-namespaces", "--output=name")
        .lines()
        .filter(object -> object.contains(ChartRelease.NAME) || object.contains("feast"))
        .toList();
  }

  private static String admin(Stack stack, String... arguments) throws Exception {
    Execution execution = stack.controlPlane().admin().run(arguments);
    return execution.successfulOutput();
  }

  /** The chart as it was with a CRD that knew neither rollouts nor what came after them. */
  private static ChartRelease installPrevious(ControlPlane controlPlane, Repository repository)
      throws IOException, InterruptedException {
    Path chart = controlPlane.run().folder().resolve("previous-chart");
    FileTree.copy(repository.chart(), chart);
    try (InputStream crd =
        requireNonNull(
            UpgradeIT.class.getResourceAsStream("featureservers-before-rollouts.yaml"))) {
      Files.copy(
          crd,
          chart.resolve("files/featureservers.aws.feast.dev.yaml"),
          StandardCopyOption.REPLACE_EXISTING);
    }
    return ChartRelease.install(controlPlane, chart);
  }

  /** The stage of its API is the last of what a pass looks at. */
  private static void awaitAllLookedAt(Stack stack, int featureServers) throws Exception {
    await("a pass of every FeatureServer")
        .atMost(Namespace.BOUND)
        .until(
            () ->
                stack.calls(call -> true).stream().filter("apigateway GetStage"::equals).count()
                    >= featureServers);
    stack.restartOperator(); // Lets the pass that is under way finish.
  }

  private static void assertServes(Stack stack, String endpoint) throws Exception {
    assertThat(stack.lookUp(endpoint, stack.documentedJson("request.json")))
        .isEqualTo(stack.documentedJson("answer.json"));
  }
}
