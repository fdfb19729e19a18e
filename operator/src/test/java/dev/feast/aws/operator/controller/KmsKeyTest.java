package dev.feast.aws.operator.controller;

import static dev.feast.aws.operator.controller.TestWorld.condition;
import static dev.feast.aws.operator.controller.TestWorld.function;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.feast.aws.api.v1alpha1.ConditionStatus;
import dev.feast.aws.api.v1alpha1.ConditionType;
import dev.feast.aws.api.v1alpha1.FeatureServer;
import dev.feast.aws.localaws.control.Fault;
import dev.feast.aws.operator.model.Environment;
import dev.feast.aws.operator.model.FunctionSettings;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The function's environment under a key of the user's own. */
@EnableKubernetesMockClient(crud = true)
class KmsKeyTest {
  private static final String KEY =
      "arn:aws:kms:us-west-2:000000000000:key/1234abcd-12ab-34cd-56ef-1234567890ab";
  private static final String OTHER_KEY =
      "arn:aws:kms:us-west-2:000000000000:key/9876abcd-12ab-34cd-56ef-1234567890ab";

  @SuppressWarnings("NullAway.Init") // Set by the extension.
  KubernetesClient client;

  private TestWorld world;

  @BeforeEach
  void start(@TempDir Path folder) throws Exception {
    world = new TestWorld(folder, client).start();
  }

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void rollsOutAKeyAndItsAbsence() {
    world.apply("keyed", "  function: {kmsKeyArn: '%s'}\n".formatted(KEY));
    FeatureServer ready = world.awaitReady("keyed");
    assertThat(live(ready).kmsKeyArn()).isEqualTo(KEY);

    world.edit("keyed", TestWorld.spec("  kmsKeyArn: [^\\n]+\\n", ""));

    ready = world.awaitReady("keyed");
    assertThat(live(ready).kmsKeyArn()).isEmpty();
    assertThat(function(ready).version()).isEqualTo("2");
  }

  @Test
  void putsBackAKeyThatWasChangedByHand() throws Exception {
    world.apply("drifted", "  function: {kmsKeyArn: '%s'}\n".formatted(KEY));
    String name = function(world.awaitReady("drifted")).name();
    world.stop();
    FunctionSettings settings = latest(name);
    world
        .region()
        .lambda()
        .updateSettings(
            name,
            new FunctionSettings(
                settings.role(),
                settings.memoryMiB(),
                settings.timeoutSeconds(),
                settings.environment(),
                OTHER_KEY),
            "",
            Environment.NONE);

    world.start();

    await().until(() -> latest(name).kmsKeyArn().equals(KEY));
    assertThat(live(world.awaitReady("drifted")).kmsKeyArn()).isEqualTo(KEY);
  }

  /** An environment that cannot be read is not one that differs: it would be set for ever. */
  @Test
  void changesNothingWhileTheKeyMayNotBeUsedAndSaysWhatToAllow() throws Exception {
    world.apply("locked", "  function: {kmsKeyArn: '%s'}\n".formatted(KEY));
    world.awaitReady("locked");
    world.stop();
    world.aws.calls().clear();
    world.aws.faults().add(Fault.error("kms", "Decrypt", 403, "AccessDeniedException", "no"));
    world.start();

    FeatureServer locked =
        world.awaitCondition(
            "locked", ConditionType.RECONCILING, ConditionStatus.True, "KmsKeyNotUsable");

    assertThat(condition(locked, ConditionType.READY).status()).isEqualTo(ConditionStatus.True);
    assertThat(condition(locked, ConditionType.RECONCILING).message())
        .contains("AccessDeniedException: no", KEY, "kms:Decrypt");
    assertThat(world.mutatingCalls()).isEmpty();
    world.aws.faults().clear();
    world.awaitReady("locked");
    assertThat(world.mutatingCalls()).isEmpty();
  }

  /** Otherwise a key that is gone could never be replaced. */
  @Test
  void replacesAKeyThatCannotBeUsed() {
    world.apply("gone", "  function: {kmsKeyArn: '%s'}\n".formatted(KEY));
    String name = function(world.awaitReady("gone")).name();
    world.aws.faults().add(Fault.error("kms", "Decrypt", 403, "AccessDeniedException", "no"));

    world.edit("gone", TestWorld.spec("kmsKeyArn: [^\\n]+", "kmsKeyArn: " + OTHER_KEY));

    await().until(() -> latest(name).kmsKeyArn().equals(OTHER_KEY));
    world.aws.faults().clear();
    assertThat(live(world.awaitReady("gone")).kmsKeyArn()).isEqualTo(OTHER_KEY);
  }

  @Test
  void refusesAKeyOfAnotherRegion() {
    world.apply(
        "elsewhere", "  function: {kmsKeyArn: 'arn:aws:kms:eu-west-1:000000000000:key/a'}\n");

    FeatureServer refused =
        world.awaitCondition(
            "elsewhere", ConditionType.STALLED, ConditionStatus.True, "InvalidKmsKey");

    assertThat(condition(refused, ConditionType.STALLED).message())
        .contains("spec.function.kmsKeyArn", "eu-west-1", "us-west-2");
    assertThat(world.mutatingCalls()).isEmpty();
  }

  private FunctionSettings latest(String name) {
    return world.region().lambda().find(name).orElseThrow().configuration().settings();
  }

  private FunctionSettings live(FeatureServer ready) {
    return world
        .region()
        .lambda()
        .version(function(ready).name(), Long.parseLong(String.valueOf(function(ready).version())))
        .settings();
  }
}
