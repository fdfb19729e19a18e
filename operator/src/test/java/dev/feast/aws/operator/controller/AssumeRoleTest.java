package dev.feast.aws.operator.controller;

import static dev.feast.aws.operator.controller.TestWorld.NAMESPACE;
import static dev.feast.aws.operator.controller.TestWorld.condition;
import static dev.feast.aws.operator.controller.TestWorld.function;
import static org.assertj.core.api.Assertions.assertThat;

import dev.feast.aws.api.v1alpha1.ConditionStatus;
import dev.feast.aws.api.v1alpha1.ConditionType;
import dev.feast.aws.api.v1alpha1.FeatureServer;
import dev.feast.aws.localaws.control.Call;
import dev.feast.aws.localaws.control.Fault;
import dev.feast.aws.operator.model.FunctionSettings;
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

/** FeatureServers for which the operator acts as a role of another account. */
@EnableKubernetesMockClient(crud = true)
class AssumeRoleTest {
  private static final String ACCOUNT = "222222222222";
  private static final String ROLE = "arn:aws:iam::222222222222:role/path/feast";
  private static final String SUCCESSOR = "arn:aws:iam::222222222222:role/successor";
  private static final String ELSEWHERE = "arn:aws:iam::333333333333:role/feast";

  @SuppressWarnings("NullAway.Init") // Set by the extension.
  KubernetesClient client;

  private TestWorld world;

  @BeforeEach
  void start(@TempDir Path folder) throws Exception {
    world = new TestWorld(folder, client);
    world.allowing(
        new TenantPolicy(
            TenantRules.DEFAULT,
            Map.of(
                NAMESPACE,
                new TenantRules(
                    Patterns.ALL,
                    new Patterns(List.of("arn:aws:iam::222222222222:role/*", ELSEWHERE)),
                    true,
                    ImageHosts.NONE,
                    Patterns.NONE))));
    world.start();
  }

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void doesEverythingInTheRolesAccountAsThatRole() {
    FeatureServer ready = deployed("dev");
    List<Call> calls = world.aws.calls().list();

    assertThat(ready.getStatus().account()).isEqualTo(ACCOUNT);
    assertThat(ready.getStatus().assumeRoleArn()).isEqualTo(ROLE);
    assertThat(settings(ready, ROLE).role())
        .isEqualTo("arn:aws:iam::222222222222:role/lambda_execution_role");
    assertThat(world.region().lambda().find(function(ready).name())).isEmpty();
    assertThat(calls)
        .filteredOn(call -> !call.operation().equals("AssumeRole"))
        .filteredOn(call -> !call.service().equals("execute-api")) // Asked by anybody.
        .extracting(Call::account)
        .containsOnly(ACCOUNT);
    assertThat(calls)
        .filteredOn(call -> call.service().equals("lambda"))
        .extracting(Call::principal)
        .containsOnly("arn:aws:sts::222222222222:assumed-role/feast/feast-team");
    assertThat(calls)
        .filteredOn(call -> call.operation().equals("AssumeRole"))
        .as("its keys are kept")
        .hasSize(1);
  }

  /** The spec may be anything by then, and the role no longer allowed for new ones. */
  @Test
  void deletesFromTheStatusAlone() throws Exception {
    String name = function(deployed("dev")).name();
    world.stop();
    world.allowing(TenantPolicy.DEFAULT);
    world.edit("dev", TestWorld.spec("  assumeRoleArn: [^\\n]+\\n", ""));
    world.delete("dev");
    world.start();

    world.awaitGone("dev");

    assertThat(world.region(ROLE).lambda().find(name)).isEmpty();
    assertThat(world.region(ROLE).ecr().find(name)).isEmpty();
  }

  @Test
  void goesOnAsAnotherRoleOfTheSameAccountAndRemembersThatOne() {
    FeatureServer before = deployed("dev");

    world.edit("dev", TestWorld.spec("role/path/feast", "role/successor"));

    FeatureServer after = world.awaitReady("dev");
    assertThat(after.getStatus().assumeRoleArn()).isEqualTo(SUCCESSOR);
    assertThat(after.getStatus().endpoint()).isEqualTo(before.getStatus().endpoint());
    assertThat(function(after).version()).isEqualTo(function(before).version());
  }

  @Test
  void refusesARoleOfAnotherAccountThanTheFirst() {
    deployed("dev");
    world.aws.calls().clear();

    world.edit("dev", TestWorld.spec("assumeRoleArn: [^\\n]+", "assumeRoleArn: " + ELSEWHERE));

    FeatureServer refused =
        world.awaitCondition(
            "dev", ConditionType.RECONCILING, ConditionStatus.True, "OtherAccount");
    assertThat(condition(refused, ConditionType.RECONCILING).message())
        .contains(ACCOUNT, "333333333333", "spec.aws.assumeRoleArn");
    assertThat(refused.getStatus().assumeRoleArn()).isEqualTo(ROLE);
    assertThat(world.mutatingCalls()).containsOnly("sts:AssumeRole");
  }

  @Test
  void saysThatTheRoleMayNotBeAssumedAndWhichExternalIdItWasAskedWith() {
    world.aws.faults().add(Fault.error("sts", "AssumeRole", 403, "AccessDenied", "not you"));
    world.apply("dev", "  aws: {assumeRoleArn: '%s'}\n".formatted(ROLE));

    FeatureServer refused =
        world.awaitCondition(
            "dev", ConditionType.RECONCILING, ConditionStatus.True, "AwsAccessDenied");

    assertThat(condition(refused, ConditionType.RECONCILING).message())
        .contains("sts:AssumeRole of " + ROLE, "external id cluster-1/team", "not you");
    world.aws.faults().clear();
    world.awaitReady("dev");
  }

  @Test
  void assumesNoRoleThatTheSettingsDoNotAllow() {
    world.apply("dev", "  aws: {assumeRoleArn: 'arn:aws:iam::444444444444:role/administrator'}\n");

    FeatureServer refused =
        world.awaitCondition(
            "dev", ConditionType.STALLED, ConditionStatus.True, "AssumeRoleNotAllowed");

    assertThat(condition(refused, ConditionType.STALLED).message())
        .contains("spec.aws.assumeRoleArn", "role/administrator", ELSEWHERE);
    assertThat(world.aws.calls().list()).isEmpty();
  }

  private FeatureServer deployed(String name) {
    world.apply(name, "  aws: {assumeRoleArn: '%s'}\n".formatted(ROLE));
    return world.awaitReady(name);
  }

  private FunctionSettings settings(FeatureServer ready, String role) {
    return world
        .region(role)
        .lambda()
        .find(String.valueOf(function(ready).name()))
        .orElseThrow()
        .configuration()
        .settings();
  }
}
