package dev.feast.aws.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.feast.aws.e2e.process.Execution;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.regions.Region;

/** What users get wrong, and what they are told: at {@code kubectl apply}, or by a condition. */
@ExtendWith(Stack.Extension.class)
class BadInputIT {
  private static final String RIGHT =
      """
      apiVersion: aws.feast.dev/v1alpha1
      kind: FeatureServer
      metadata: {name: dev}
      spec:
        featureStore:
          project: dev
          registry: s3://feast/registries/dev
          provider: aws
          online_store: {type: dynamodb, region: us-west-2}
          feature_server: {enabled: true, execution_role_name: lambda_execution_role}
      """;

  private static final String SECRET = "not-to-be-shown";

  /** Without a feature store. */
  private static final String OWN = RIGHT.substring(0, RIGHT.indexOf("  featureStore:"));

  private final Stack stack;

  BadInputIT(Stack stack) {
    this.stack = stack;
  }

  static Stream<Arguments> mistakes() {
    return Stream.of(
        mistake("provider", "provider: aws", "provider: gcp", "spec.featureStore.provider", "gcp"),
        mistake(
            "registry-map",
            "registry: s3://feast/registries/dev",
            "registry: {path: gs://feast/registries/dev}",
            "spec.featureStore.registry.path",
            "gs://feast/registries/dev"),
        mistake(
            "no-feature-server",
            "feature_server: {enabled: true, execution_role_name: lambda_execution_role}",
            "flags: {}",
            "feature_server"),
        mistake(
            "no-role", ", execution_role_name: lambda_execution_role", "", "execution_role_name"),
        mistake(
            "two-roles",
            "  featureStore:",
            "  function: {executionRole: another_role}\n  featureStore:",
            "another_role",
            "lambda_execution_role"),
        mistake("online-store", "type: dynamodb", "type: redis", "online_store.type", "redis"),
        mistake("no-region", ", region: us-west-2", "", "region"),
        mistake(
            "not-public",
            "enabled: true",
            "enabled: true, public: false",
            "spec.featureStore.feature_server.public",
            "spec.endpoint.authorization"),
        mistake("project", "project: dev", "project: my project", "project", "my project"),
        mistake(
            "placeholder",
            "lambda_execution_role",
            "'arn:aws:iam::{aws_account}:role/lambda_execution_role'",
            "{aws_account}"),
        mistake(
            "reserved",
            "  featureStore:",
            "  function: {environment: {AWS_LAMBDA_FUNCTION_NAME: x}}\n  featureStore:",
            "AWS_LAMBDA_FUNCTION_NAME"),
        mistake(
            "too-large",
            "  featureStore:",
            "  function: {environment: {NOISE: '" + noise(4200) + "'}}\n  featureStore:",
            "Lambda takes 4096"));
  }

  /** Letters that no compression makes much of. */
  private static String noise(int length) {
    return new Random(1)
        .ints(length, 'a', 'z' + 1)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private static Arguments mistake(
      String name, String right, String wrong, String... messageHolds) {
    return Arguments.argumentSet(name, name, right, wrong, List.of(messageHolds));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void aConditionNamesTheMistakeAndNothingChangesInAws(
      String name, String right, String wrong, List<String> messageHolds) throws Exception {
    assertThat(RIGHT).contains(right);
    Namespace namespace = stack.namespace("bad-" + name);
    stack.forgetCalls();
    namespace.applied(RIGHT.replace(right, wrong));

    JsonNode status =
        namespace.awaitStatus(
            "dev",
            "Stalled",
            found -> Namespace.condition(found, "Stalled").path("status").asText().equals("True"));

    JsonNode ready = Namespace.condition(status, "Ready");
    assertThat(ready.path("status").asText()).isEqualTo("False");
    assertThat(ready.path("message").asText()).contains(messageHolds);
    assertThat(status.has("endpoint")).isFalse();
    assertThat(stack.calls(Stack::isMutating)).isEmpty();
    namespace.deleted("dev");
  }

  @Test
  void anImageThatIsNotThereIsWaitedFor() throws Exception {
    String image =
        "%s/%s/us-west-2/mine:1".formatted(stack.aws().getAuthority(), LocalAwsServer.ACCOUNT);
    Namespace namespace = stack.namespace("bad-image");
    namespace.applied(RIGHT + "  image: {uri: '" + image + "'}\n");

    JsonNode status =
        namespace.awaitStatus(
            "dev",
            "a condition that names the image",
            found -> Namespace.condition(found, "Ready").path("message").asText().contains(image));

    assertThat(Namespace.condition(status, "Ready").path("status").asText()).isEqualTo("False");
    assertThat(Namespace.condition(status, "Reconciling").path("status").asText())
        .isEqualTo("True");
    namespace.deleted("dev");
  }

  @Test
  void anImageOfAnotherPlatformIsNamedWithWhatIsNeeded() throws Exception {
    EcrImage image =
        new AwsInventory(stack.aws(), Region.US_WEST_2).repository("of-another-platform");
    image.push("1", "arm64");
    Namespace namespace = stack.namespace("bad-platform");
    stack.forgetCalls();
    namespace.applied(RIGHT + "  image: {uri: '" + image.uri("1") + "'}\n");

    JsonNode ready = awaitReason(namespace, "ImageWrongPlatform");

    assertThat(ready.path("message").asText())
        .contains("spec.image.uri", "linux/arm64", "linux/amd64");
    assertThat(stack.calls(Stack::isMutating)).isEmpty();
    namespace.deleted("dev");
  }

  static Stream<Arguments> missingSources() {
    return Stream.of(
        missingSource("configMapKeyRef", "create configmap", "ConfigMap"),
        missingSource("secretKeyRef", "create secret generic", "Secret"));
  }

  private static Arguments missingSource(String reference, String create, String kind) {
    return Arguments.argumentSet(kind, reference, create, kind);
  }

  @ParameterizedTest
  @MethodSource("missingSources")
  void aSourceThatIsNotThereIsWaitedForAndSoIsItsKey(String reference, String create, String kind)
      throws Exception {
    Namespace namespace = stack.namespace("missing-" + kind.toLowerCase(Locale.ROOT));
    stack.forgetCalls();
    namespace.applied(
        RIGHT.substring(0, RIGHT.indexOf("  featureStore:"))
            + "  featureStoreFrom: {%s: {name: store, key: feature_store.yaml}}%n"
                .formatted(reference));

    JsonNode missing = awaitReason(namespace, kind + "NotFound");
    assertThat(missing.path("message").asText()).contains(kind + " store", "waited for");

    List<String> arguments = new ArrayList<>(List.of(create.split(" ", -1)));
    arguments.addAll(List.of("store", "--from-literal=another.yaml=" + SECRET));
    namespace.kubectl(arguments.toArray(String[]::new)).successfulOutput();
    JsonNode keyMissing = awaitReason(namespace, kind + "KeyNotFound");
    assertThat(keyMissing.path("message").asText())
        .contains(kind + " store", "feature_store.yaml", "waited for")
        .doesNotContain(SECRET);
    assertThat(stack.calls(Stack::isMutating)).isEmpty();
    namespace.deleted("dev");
  }

  private static JsonNode awaitReason(Namespace namespace, String reason) throws Exception {
    JsonNode status =
        namespace.awaitStatus(
            "dev",
            "Ready with the reason " + reason,
            found -> Namespace.condition(found, "Ready").path("reason").asText().equals(reason));
    JsonNode ready = Namespace.condition(status, "Ready");
    assertThat(ready.path("status").asText()).isEqualTo("False");
    return ready;
  }

  static Stream<Arguments> refusals() {
    return Stream.of(
        Arguments.argumentSet(
            "both sources",
            RIGHT + "  featureStoreFrom: {configMapKeyRef: {name: store, key: k}}\n",
            "exactly one of featureStore and featureStoreFrom must be given"),
        Arguments.argumentSet(
            "neither source",
            OWN + "  suspend: false\n",
            "exactly one of featureStore and featureStoreFrom must be given"),
        Arguments.argumentSet(
            "registry on another store",
            RIGHT.replace("s3://feast", "gs://feast"),
            "spec.featureStore.registry"),
        Arguments.argumentSet(
            "an image by uri and by source",
            RIGHT + "  image: {uri: a/b:c, source: d/e:f}\n",
            "only one of uri and source may be given"),
        Arguments.argumentSet(
            "a ConfigMap and a Secret",
            OWN
                + "  featureStoreFrom: {configMapKeyRef: {name: a, key: k}, secretKeyRef: {name: b,"
                + " key: k}}\n",
            "exactly one of configMapKeyRef and secretKeyRef must be given"),
        Arguments.argumentSet(
            "neither a ConfigMap nor a Secret",
            OWN + "  featureStoreFrom: {}\n",
            "exactly one of configMapKeyRef and secretKeyRef must be given"),
        Arguments.argumentSet(
            "an image in ECR with a pull secret",
            RIGHT + "  image: {uri: a/b:c, pullSecret: {name: s}}\n",
            "pullSecret goes with source"),
        Arguments.argumentSet(
            "an image in ECR with a scheme",
            RIGHT + "  image: {uri: 'https://a/b:c'}\n",
            "uri must not have a scheme"),
        Arguments.argumentSet(
            "an image for a processor that Lambda has not",
            RIGHT + "  image: {source: a/b:c, architecture: riscv64}\n",
            "spec.image.architecture"),
        Arguments.argumentSet(
            "an image elsewhere with a scheme",
            RIGHT + "  image: {source: 'https://a/b:c'}\n",
            "source must not have a scheme"),
        Arguments.argumentSet(
            "no role",
            RIGHT + "  function: {executionRole: 'arn:aws:s3:::bucket'}\n",
            "executionRole must be the ARN of an IAM role"),
        Arguments.argumentSet(
            "longer than an HTTP API waits",
            RIGHT + "  function: {timeoutSeconds: 31}\n",
            "spec.function.timeoutSeconds"),
        Arguments.argumentSet(
            "less /tmp than Lambda gives",
            RIGHT + "  function: {ephemeralStorageMiB: 511}\n",
            "spec.function.ephemeralStorageMiB"),
        Arguments.argumentSet(
            "a way of tracing that there is not",
            RIGHT + "  function: {tracing: Always}\n",
            "spec.function.tracing"),
        Arguments.argumentSet(
            "a function that may answer nobody",
            RIGHT + "  function: {reservedConcurrency: 0}\n",
            "spec.function.reservedConcurrency"),
        Arguments.argumentSet(
            "less reserved than a rollout needs",
            RIGHT + "  function: {reservedConcurrency: 3, provisionedConcurrency: 2}\n",
            "reservedConcurrency must be at least twice provisionedConcurrency"),
        Arguments.argumentSet(
            "a snapshot beside environments that are kept",
            RIGHT
                + "  function: {snapStart: PublishedVersions, reservedConcurrency: 2,"
                + " provisionedConcurrency: 1}\n",
            "snapStart cannot be combined with provisionedConcurrency"),
        Arguments.argumentSet(
            "a snapshot of more /tmp than fits in one",
            RIGHT + "  function: {snapStart: PublishedVersions, ephemeralStorageMiB: 513}\n",
            "snapStart cannot be combined with ephemeralStorageMiB above 512"),
        Arguments.argumentSet(
            "a snapshot that there is not",
            RIGHT + "  function: {snapStart: Always}\n",
            "spec.function.snapStart"),
        Arguments.argumentSet(
            "a retention that CloudWatch Logs does not take",
            RIGHT + "  function: {logRetentionDays: 2}\n",
            "logRetentionDays must be one that CloudWatch Logs takes"),
        Arguments.argumentSet(
            "a VPC without security groups",
            RIGHT + "  function: {vpc: {subnetIds: [subnet-1]}}\n",
            "spec.function.vpc.securityGroupIds"),
        Arguments.argumentSet(
            "a VPC for a subnet",
            RIGHT + "  function: {vpc: {subnetIds: [vpc-1], securityGroupIds: [sg-1]}}\n",
            "subnetIds must be ids of subnets"),
        Arguments.argumentSet(
            "API keys without a Secret",
            RIGHT + "  endpoint: {authorization: APIKey}\n",
            "authorization APIKey needs apiKeys.secretName"),
        Arguments.argumentSet(
            "API keys without a Secret, in Feast's words",
            RIGHT.replace("enabled: true", "enabled: true, auth: api-key"),
            "feature_server.auth api-key needs endpoint.apiKeys.secretName"),
        Arguments.argumentSet(
            "API keys that nobody is asked for",
            RIGHT + "  endpoint: {authorization: None, apiKeys: {secretName: s}}\n",
            "apiKeys go with authorization APIKey"),
        Arguments.argumentSet(
            "tokens of nobody",
            RIGHT + "  endpoint: {authorization: JWT}\n",
            "authorization JWT needs jwt"),
        Arguments.argumentSet(
            "tokens that nobody is asked for",
            RIGHT + "  endpoint: {jwt: {issuer: 'https://a.example', audience: [a]}}\n",
            "jwt goes with authorization JWT"),
        Arguments.argumentSet(
            "tokens for everybody",
            RIGHT
                + "  endpoint: {authorization: JWT, jwt: {issuer: 'https://a.example', audience:"
                + " []}}\n",
            "spec.endpoint.jwt.audience"),
        Arguments.argumentSet(
            "an issuer that is no URL",
            RIGHT + "  endpoint: {authorization: JWT, jwt: {issuer: a.example, audience: [a]}}\n",
            "spec.endpoint.jwt.issuer"),
        Arguments.argumentSet(
            "credentials for pages of everybody",
            RIGHT + "  endpoint: {cors: {allowOrigins: ['*'], allowCredentials: true}}\n",
            "allowCredentials cannot go with the origin *"),
        Arguments.argumentSet(
            "a throttle that lets nobody through",
            RIGHT + "  endpoint: {throttling: {rateLimit: 0, burstLimit: 1}}\n",
            "spec.endpoint.throttling.rateLimit"),
        Arguments.argumentSet(
            "a log whose lines are of no request",
            RIGHT + "  endpoint: {accessLog: {logGroup: /a, format: $context.status}}\n",
            "format must hold $context.requestId"),
        Arguments.argumentSet(
            "an authorization that there is not",
            RIGHT + "  endpoint: {authorization: Basic}\n",
            "spec.endpoint.authorization"),
        Arguments.argumentSet(
            "too many rows", RIGHT + "  serving: {maxRows: 100001}\n", "spec.serving.maxRows"),
        Arguments.argumentSet(
            "a shape that there is not",
            RIGHT + "  serving: {responseFormat: Rows}\n",
            "spec.serving.responseFormat"),
        Arguments.argumentSet(
            "AWS' own tags",
            RIGHT + "  aws: {tags: {'aws:x': z}}\n",
            "tags must not start with aws:"),
        Arguments.argumentSet(
            "a tag of the operator's",
            RIGHT + "  aws: {tags: {project: z}}\n",
            "tags must not be project, feast-owned or start with aws.feast.dev/"),
        Arguments.argumentSet(
            "a field that does not exist",
            RIGHT + "  fonction: {}\n",
            "unknown field \"spec.fonction\""));
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void theApiServerRefuses(String yaml, String message) throws Exception {
    Execution apply = new Namespace("default", stack).apply(yaml);
    assertThat(apply.exitCode()).as(apply.output()).isNotZero();
    assertThat(apply.errors()).contains(message);
  }

  @Test
  void kubectlExplainsTheFeatureStore() throws Exception {
    String explained =
        stack.controlPlane().admin().output("explain", "featureserver.spec.featureStore");
    assertThat(explained)
        .contains("KIND:       FeatureServer", "The feature_store.yaml, verbatim")
        .contains("online_store", "registry", "project", "provider", "-required-");
  }
}
