package dev.feast.aws.operator.controller;

import static dev.feast.aws.operator.controller.TestWorld.condition;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.feast.aws.api.v1alpha1.ConditionStatus;
import dev.feast.aws.api.v1alpha1.ConditionType;
import dev.feast.aws.api.v1alpha1.FeatureServer;
import dev.feast.aws.localaws.control.Fault;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each mistake has a condition of its own that names the key, and changes nothing in AWS. */
class BadInputTest {
  private static final String STORE =
      """
        featureStore:
          project: dev
          provider: aws
          registry: s3://feast/registries/dev
          online_store: {type: dynamodb, region: us-west-2}
          feature_server: {enabled: true, execution_role_name: lambda_execution_role}
      """;

  @RegisterExtension static final TestWorld world = TestWorld.started();

  static Stream<Arguments> mistakes() {
    return Stream.of(
        mistake("ProviderNotAws", "provider", "provider: aws", "provider: gcp"),
        mistake("RegistryNotOnS3", "registry", "s3://feast", "gs://feast"),
        mistake(
            "FeatureServerMissing",
            "feature_server",
            "feature_server: {enabled: true, execution_role_name: lambda_execution_role}",
            ""),
        mistake(
            "ExecutionRoleMissing",
            "execution_role_name",
            ", execution_role_name: lambda_execution_role",
            ""),
        mistake("UnknownOnlineStore", "online_store", "type: dynamodb", "type: redis"),
        mistake("NoRegion", "region", ", region: us-west-2", ""),
        mistake("InvalidProject", "project", "project: dev", "project: 'no good'"),
        mistake("PlaceholderLeft", "execution_role_name", "lambda_execution_role", "'{role}'"),
        Arguments.of(
            "TwoExecutionRoles", "executionRole", STORE + "  function: {executionRole: other}\n"),
        Arguments.of("ReservedTag", "project", STORE + "  aws: {tags: {project: x}}\n"),
        Arguments.of(
            "ReservedEnvironmentName",
            "AWS_REGION",
            STORE + "  function: {environment: {AWS_REGION: x}}\n"),
        Arguments.of(
            "EnvironmentTooLarge",
            "function",
            STORE + "  function: {environment: {NOISE: " + noise() + "}}\n"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("mistakes")
  void stallsWithTheKeyNamed(String reason, String key, String spec) {
    world.aws.calls().clear();
    String name = "bad-" + reason.toLowerCase(Locale.ROOT);

    world.applySpec(name, spec);

    FeatureServer stalled =
        world.awaitCondition(name, ConditionType.STALLED, ConditionStatus.True, reason);
    assertThat(condition(stalled, ConditionType.SPEC_ACCEPTED).status())
        .isEqualTo(ConditionStatus.False);
    assertThat(condition(stalled, ConditionType.READY).status()).isEqualTo(ConditionStatus.False);
    assertThat(condition(stalled, ConditionType.READY).message()).contains(key);
    assertThat(world.mutatingCalls()).isEmpty();
    world.delete(name);
    world.awaitGone(name);
    assertThat(world.aws.calls().list()).isEmpty();
  }

  @Test
  void showsNothingOfWhatIsInASecretInStatusEventsAndLog() {
    String store = "project: dev\nregistry: postgresql://feast:hunter2@host/db\n";
    world.secret("password", Map.of("yaml", store));
    try (var log = new LogLines()) {
      world.applySpec(
          "bad-secret", "  featureStoreFrom: {secretKeyRef: {name: password, key: yaml}}\n");

      FeatureServer stalled =
          world.awaitCondition(
              "bad-secret", ConditionType.STALLED, ConditionStatus.True, "SeveralProblems");
      await().until(() -> world.eventReasons("bad-secret").contains("SeveralProblems"));

      assertThat(stalled.getStatus().toString())
          .contains("feature_store.yaml: registry")
          .doesNotContain("hunter2");
      assertThat(
              world
                  .client
                  .events()
                  .v1()
                  .events()
                  .inNamespace(TestWorld.NAMESPACE)
                  .list()
                  .toString())
          .contains("feature_store.yaml: registry")
          .doesNotContain("hunter2");
      assertThat(log.text()).contains("feature_store.yaml: registry").doesNotContain("hunter2");
    }
    world.delete("bad-secret");
    world.awaitGone("bad-secret");
  }

  @Test
  void saysThatItMayNotReadWhatTheSpecRefersTo() {
    world
        .cluster()
        .server()
        .expect()
        .get()
        .withPath("/api/v1/namespaces/%s/secrets/forbidden".formatted(TestWorld.NAMESPACE))
        .andReturn(403, new StatusBuilder().withCode(403).withReason("Forbidden").build())
        .always();

    world.applySpec(
        "forbidden", "  featureStoreFrom: {secretKeyRef: {name: forbidden, key: yaml}}\n");

    FeatureServer waiting =
        world.awaitCondition(
            "forbidden", ConditionType.SPEC_ACCEPTED, ConditionStatus.False, "ReferenceForbidden");
    assertThat(condition(waiting, ConditionType.STALLED).status()).isEqualTo(ConditionStatus.False);
    world.delete("forbidden");
    world.awaitGone("forbidden");
  }

  @Test
  void saysTheSameOfThePullSecret() {
    world
        .cluster()
        .server()
        .expect()
        .get()
        .withPath("/api/v1/namespaces/%s/secrets/forbidden-pull".formatted(TestWorld.NAMESPACE))
        .andReturn(403, new StatusBuilder().withCode(403).withReason("Forbidden").build())
        .always();

    world.applySpec(
        "forbidden-pull",
        STORE
            + "  image: {source: registry.example/feast:1, pullSecret: {name: forbidden-pull}}\n");

    FeatureServer waiting =
        world.awaitCondition(
            "forbidden-pull",
            ConditionType.IMAGE_READY,
            ConditionStatus.False,
            "ReferenceForbidden");
    assertThat(condition(waiting, ConditionType.IMAGE_READY).message())
        .startsWith("spec.image.pullSecret: the operator may not read this Secret");
    assertThat(condition(waiting, ConditionType.STALLED).status()).isEqualTo(ConditionStatus.False);
    world.delete("forbidden-pull");
    world.awaitGone("forbidden-pull");
  }

  @Test
  void refusesAFeatureStoreThatIsPartOfItself() {
    configMap("recursive", "project: dev\nx: &x {y: *x}");

    world.applySpec(
        "recursive", "  featureStoreFrom: {configMapKeyRef: {name: recursive, key: yaml}}\n");

    world.awaitCondition(
        "recursive", ConditionType.STALLED, ConditionStatus.True, "UnreadableFeatureStore");
    world.delete("recursive");
    world.awaitGone("recursive");
  }

  /** Whatever a pass ends in, somebody who looks at the FeatureServer learns of it. */
  @Test
  void saysThatAPassEndedInAnErrorOfTheOperator() {
    world
        .cluster()
        .server()
        .expect()
        .get()
        .withPath("/api/v1/namespaces/%s/configmaps/broken".formatted(TestWorld.NAMESPACE))
        .andReturn(400, new StatusBuilder().withCode(400).withReason("BadRequest").build())
        .always();
    configMap("broken", "project: [");

    world.applySpec("error", "  featureStoreFrom: {configMapKeyRef: {name: broken, key: yaml}}\n");

    FeatureServer failed =
        world.awaitCondition(
            "error", ConditionType.RECONCILING, ConditionStatus.True, "OperatorError");
    assertThat(condition(failed, ConditionType.READY).message())
        .contains("KubernetesClientException");
    world.cluster().server().clearExpectations();
    world.awaitCondition(
        "error", ConditionType.STALLED, ConditionStatus.True, "UnreadableFeatureStore");
    world.delete("error");
    world.awaitGone("error");
  }

  private static void configMap(String name, String yaml) {
    world
        .client
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace(TestWorld.NAMESPACE)
                .withName(name)
                .endMetadata()
                .addToData("yaml", yaml)
                .build())
        .create();
  }

  static Stream<Arguments> waits() {
    return Stream.of(
        Arguments.of(
            "SecretNotFound",
            ConditionType.SPEC_ACCEPTED,
            "none",
            "  featureStoreFrom: {secretKeyRef: {name: none, key: yaml}}\n"),
        Arguments.of(
            "PullSecretNotFound",
            ConditionType.IMAGE_READY,
            "spec.image.pullSecret",
            STORE + "  image: {source: registry.example/feast:1, pullSecret: {name: none}}\n"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("waits")
  void waitsForWhatMayStillCome(String reason, ConditionType stage, String key, String spec) {
    world.aws.calls().clear();
    String name = "wait-" + reason.toLowerCase(Locale.ROOT);

    world.applySpec(name, spec);

    FeatureServer waiting = world.awaitCondition(name, stage, ConditionStatus.False, reason);
    assertThat(condition(waiting, stage).message()).contains(key);
    assertThat(condition(waiting, ConditionType.RECONCILING).status())
        .isEqualTo(ConditionStatus.True);
    assertThat(condition(waiting, ConditionType.STALLED).status()).isEqualTo(ConditionStatus.False);
    assertThat(world.mutatingCalls()).isEmpty();
    world.delete(name);
    world.awaitGone(name);
  }

  @ParameterizedTest(name = "{0} {3}")
  @MethodSource("images")
  void saysOfAnImageWhatIsWrong(
      String reason, ConditionStatus stalled, String key, String image, String says)
      throws Exception {
    String arm = world.push("images", "arm", "arm64", "for another machine");
    String uri = arm.substring(0, arm.indexOf('@'));
    world.aws.calls().clear();
    String name = "image-" + reason.toLowerCase(Locale.ROOT) + "-" + key + "-" + image.length();

    world.applySpec(name, STORE + "  image: {" + key + ": '" + image.formatted(uri) + "'}\n");

    FeatureServer resource =
        world.awaitCondition(name, ConditionType.IMAGE_READY, ConditionStatus.False, reason);
    assertThat(condition(resource, ConditionType.STALLED).status()).isEqualTo(stalled);
    assertThat(condition(resource, ConditionType.IMAGE_READY).message())
        .contains("spec.image." + key)
        .contains(says);
    assertThat(world.mutatingCalls()).isEmpty();
    world.delete(name);
    world.awaitGone(name);
  }

  static Stream<Arguments> images() {
    ConditionStatus waits = ConditionStatus.False;
    ConditionStatus stalls = ConditionStatus.True;
    return Stream.of(
        Arguments.of("ImageNotFound", waits, "source", "%s:missing", "images:missing"),
        Arguments.of("ImageNotFound", waits, "uri", "%s:missing", "images:missing"),
        Arguments.of("ImageWrongPlatform", stalls, "source", "%s:arm", "linux/arm64"),
        Arguments.of("ImageWrongPlatform", stalls, "uri", "%s:arm", "linux/arm64"),
        // Never looked up in the operator's own registry.
        Arguments.of("InvalidImage", stalls, "uri", "nginx:1", "docker.io/library/nginx:1"),
        Arguments.of(
            "InvalidImage", stalls, "uri", "registry.example/feast:1", "spec.image.source"));
  }

  @Test
  void goesOnOnceTheImageIsThere() throws Exception {
    String uri = world.region().ecr().create("late", Map.of()).uri();
    world.applySpec("late", STORE + "  image: {source: '" + uri + ":1'}\n");
    world.awaitCondition("late", ConditionType.IMAGE_READY, ConditionStatus.False, "ImageNotFound");

    world.push("late", "1", "amd64", "at last");

    world.awaitReady("late");
  }

  /** Credentials for ECR are the operator's role: a pull secret is not what is missing. */
  @Test
  void saysWhichActionsInEcrAreMissing() throws Exception {
    String uri = world.push("denied", "1", "amd64", "denied");
    String image = uri.substring(0, uri.indexOf('@')) + ":1";
    world.aws.faults().add(Fault.error("ecr", "BatchGetImage", 403, "DENIED", "not authorized"));
    try {
      world.applySpec("pull-denied", STORE + "  image: {uri: '" + image + "'}\n");

      FeatureServer denied =
          world.awaitCondition(
              "pull-denied", ConditionType.IMAGE_READY, ConditionStatus.False, "ImagePullDenied");
      assertThat(condition(denied, ConditionType.IMAGE_READY).message())
          .contains("ecr:BatchGetImage")
          .doesNotContain("pullSecret");
    } finally {
      world.aws.faults().clear();
    }
    world.aws.faults().add(Fault.error("ecr", "PutImage", 403, "DENIED", "not authorized"));
    try {
      world.applySpec("push-denied", STORE);

      FeatureServer denied =
          world.awaitCondition(
              "push-denied", ConditionType.IMAGE_READY, ConditionStatus.False, "ImagePullDenied");
      assertThat(condition(denied, ConditionType.IMAGE_READY).message())
          .contains("ecr:PutImage")
          .doesNotContain("pullSecret");
    } finally {
      world.aws.faults().clear();
    }
    // Both go on by themselves, and not in the middle of another test.
    world.awaitReady("pull-denied");
    world.awaitReady("push-denied");
  }

  private static Arguments mistake(String reason, String key, String good, String bad) {
    assertThat(STORE).contains(good);
    return Arguments.of(reason, key, STORE.replace(good, bad));
  }

  /** Text that gzip cannot make smaller. */
  private static String noise() {
    var random = new Random(1);
    var text = new StringBuilder();
    for (int i = 0; i < 4_000; i++) {
      text.append((char) ('a' + random.nextInt(26)));
    }
    return text.toString();
  }
}
