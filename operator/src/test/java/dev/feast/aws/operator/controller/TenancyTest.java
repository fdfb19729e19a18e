package dev.feast.aws.operator.controller;

import static dev.feast.aws.operator.controller.TestWorld.NAMESPACE;
import static dev.feast.aws.operator.controller.TestWorld.condition;
import static dev.feast.aws.operator.controller.TestWorld.function;
import static org.assertj.core.api.Assertions.assertThat;

import dev.feast.aws.api.v1alpha1.ConditionStatus;
import dev.feast.aws.api.v1alpha1.ConditionType;
import dev.feast.aws.api.v1alpha1.FeatureServer;
import dev.feast.aws.operator.model.Adoption;
import dev.feast.aws.operator.policy.ImageHosts;
import dev.feast.aws.operator.policy.Patterns;
import dev.feast.aws.operator.policy.TenantPolicy;
import dev.feast.aws.operator.policy.TenantRules;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tenant who may create FeatureServers, and what the operator's settings let them ask for. */
@EnableKubernetesMockClient(crud = true)
class TenancyTest {
  private static final TenantRules NOTHING =
      new TenantRules(Patterns.NONE, Patterns.NONE, false, ImageHosts.NONE, Patterns.NONE);

  @SuppressWarnings("NullAway.Init") // Set by the extension.
  KubernetesClient client;

  private TestWorld world;

  @BeforeEach
  void start(@TempDir Path folder) throws Exception {
    world = new TestWorld(folder, client);
  }

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void refusesAllThatIsNotAllowedAtOnceAndAsksAwsNothing() throws Exception {
    world.allowing(new TenantPolicy(NOTHING, Map.of("another", TenantRules.DEFAULT)));
    world.start();

    world.apply(
        "refused",
        Map.of(Adoption.ANNOTATION, "feast-alpha"),
        "  image: {source: 'images.example.com/acme/runtime:1'}\n");
    FeatureServer refused =
        world.awaitCondition(
            "refused", ConditionType.STALLED, ConditionStatus.True, "SeveralProblems");

    assertThat(condition(refused, ConditionType.STALLED).message())
        .contains(
            "spec.featureStore.feature_server.execution_role_name: holds \"lambda_execution_role\"",
            "allowedExecutionRoles there is empty",
            "spec.image.source: holds \"images.example.com/acme/runtime:1\"",
            "allowedImageHosts there is empty",
            "spec.endpoint.authorization: is None",
            "allowPublicEndpoints is false",
            "metadata.annotations[\"aws.feast.dev/adopt\"]: holds \"feast-alpha\"",
            "allowedAdoptions there is empty");
    assertThat(world.aws.calls().list()).isEmpty();
  }

  @Test
  void namesTheRoleAndThoseThatAreAllowed() throws Exception {
    world.allowing(
        new TenantPolicy(
            NOTHING,
            Map.of(
                NAMESPACE,
                new TenantRules(
                    new Patterns(List.of("feast-*", "arn:aws:iam::123456789012:role/feast-*")),
                    Patterns.NONE,
                    true,
                    ImageHosts.NONE,
                    Patterns.NONE))));
    world.start();

    world.apply("mine", "");
    FeatureServer refused =
        world.awaitCondition(
            "mine", ConditionType.STALLED, ConditionStatus.True, "ExecutionRoleNotAllowed");
    assertThat(condition(refused, ConditionType.STALLED).message())
        .contains("lambda_execution_role", "feast-*, arn:aws:iam::123456789012:role/feast-*");

    world.edit("mine", TestWorld.spec("lambda_execution_role", "feast-dev"));
    world.awaitReady("mine");
  }

  /** What serves goes on: a stricter setting must not cut off callers, and deletion needs none. */
  @Test
  void keepsServingWhatIsNoLongerAllowedAndStillDeletesIt() throws Exception {
    world.start();
    world.apply("earlier", "");
    String name = function(world.awaitReady("earlier")).name();
    world.stop();
    world.allowing(new TenantPolicy(NOTHING, Map.of()));
    world.aws.calls().clear();
    world.start();

    FeatureServer refused =
        world.awaitCondition(
            "earlier", ConditionType.STALLED, ConditionStatus.True, "SeveralProblems");

    assertThat(condition(refused, ConditionType.READY).status()).isEqualTo(ConditionStatus.True);
    assertThat(world.mutatingCalls()).isEmpty();
    world.delete("earlier");
    world.awaitGone("earlier");
    assertThat(world.region().lambda().find(name)).isEmpty();
  }

  /** The default: any registry on the internet, and none that only the operator can reach. */
  @Test
  void asksNoRegistryOnItsOwnMachineUnlessItIsSpeltOut() throws Exception {
    world.allowing(TenantPolicy.DEFAULT);
    world.start();

    world.apply("inside", "  image: {source: 'localhost:4566/acme/runtime:1'}\n");

    world.awaitCondition(
        "inside", ConditionType.STALLED, ConditionStatus.True, "ImageHostNotAllowed");
  }
}
