package dev.feast.aws.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.regions.Region;

/** The main job, from {@code kubectl apply} to lookups at the endpoint, and back to nothing. */
@ExtendWith(Stack.Extension.class)
class FeatureServerIT {
  private final Stack stack;
  private final AwsInventory inventory;

  FeatureServerIT(Stack stack) {
    this.stack = stack;
    this.inventory = new AwsInventory(stack.aws(), Region.US_WEST_2);
  }

  @Test
  void servesTheDocumentedAnswerThenAnUpdateAtTheSameEndpointThenNothing() throws Exception {
    Namespace namespace = stack.namespace("main-job");
    namespace.applied(stack.documented("featureserver.yaml"));
    namespace.awaitReady("dev");

    String endpoint = namespace.endpoint("dev");
    assertThat(namespace.kubectl("get", "featureserver").successfulOutput().lines())
        .satisfiesExactly(
            header ->
                assertThat(header.split(" +"))
                    .containsExactly("NAME", "PROJECT", "ENDPOINT", "READY", "REASON", "AGE"),
            row ->
                assertThat(row.split(" +")).startsWith("dev", "dev", endpoint, "True").hasSize(6));
    JsonNode request = stack.documentedJson("request.json");
    assertThat(stack.lookUp(endpoint, request)).isEqualTo(stack.documentedJson("answer.json"));
    assertThat(inventory.named("main-job")).hasSize(3);

    namespace.applied(stack.documentedWithTheOtherStore());
    namespace.awaitReady("dev");
    assertThat(namespace.endpoint("dev")).isEqualTo(endpoint);
    assertThat(Stack.convRate(stack.lookUp(endpoint, request))).isEqualTo(0.125);

    namespace.deleted("dev");
    assertThat(inventory.named("main-job")).isEmpty();
  }

  @Test
  void servesWhatAConfigMapSaysAndFollowsItsChange() throws Exception {
    Namespace namespace = stack.namespace("configmap");
    String featureStore =
        """
        project: dev
        registry: s3://feast/registries/dev
        provider: aws
        online_store:
          region: %s
        """;
    namespace.applied(
        """
        apiVersion: aws.feast.dev/v1alpha1
        kind: FeatureServer
        metadata: {name: dev}
        spec:
          featureStoreFrom:
            configMapKeyRef: {name: store, key: feature_store.yaml}
          function: {executionRole: lambda_execution_role}
          aws: {region: us-west-2}
        """);
    JsonNode waiting =
        namespace.awaitStatus(
            "dev",
            "a condition that names the missing ConfigMap",
            status -> ready(status).path("message").asText().contains("store"));
    assertThat(ready(waiting).path("status").asText()).isEqualTo("False");
    assertThat(Namespace.condition(waiting, "Stalled").path("status").asText("False"))
        .as("what may still come is waited for")
        .isEqualTo("False");

    namespace.applied(configMap(featureStore.formatted("us-west-2")));
    namespace.awaitReady("dev");
    String endpoint = namespace.endpoint("dev");
    JsonNode request = stack.documentedJson("request.json");
    assertThat(stack.lookUp(endpoint, request)).isEqualTo(stack.documentedJson("answer.json"));

    namespace.applied(configMap(featureStore.formatted("us-east-1")));
    await("the lookup to follow the ConfigMap")
        .atMost(Namespace.BOUND)
        .until(() -> Stack.convRate(stack.lookUp(endpoint, request)) == 0.125);
    assertThat(namespace.endpoint("dev")).isEqualTo(endpoint);
    namespace.deleted("dev");
    assertThat(inventory.named("configmap")).isEmpty();
  }

  /** Statuses that a pass writes in its middle and at its end, as a real API server keeps them. */
  @Test
  void saysTheSameOfEveryGenerationThatServes() throws Exception {
    Namespace namespace = stack.namespace("conditions");
    namespace.applied(stack.documented("featureserver.yaml"));
    namespace.awaitReady("dev");
    String image = namespace.status("dev").at("/image/uri").asText();
    String placed =
        """
        apiVersion: aws.feast.dev/v1alpha1
        kind: FeatureServer
        metadata: {name: placed}
        spec:
          featureStore:
            project: dev
            registry: s3://feast/registries/dev
            provider: aws
            online_store: {type: dynamodb, region: us-west-2}
          function: {executionRole: lambda_execution_role}
          image: {uri: "%s"}
        """
            .formatted(image);

    namespace.applied(placed + "  suspend: true\n");
    namespace.awaitStatus(
        "placed",
        "reason Suspended",
        status -> ready(status).path("reason").asText().equals("Suspended"));
    namespace.applied(placed);
    assertThat(conditionsServing(namespace, 2)).isEqualTo(SERVING);

    namespace.applied(placed + "  aws: {tags: {team: ml}}\n");
    assertThat(conditionsServing(namespace, 3)).isEqualTo(SERVING);

    namespace.deleted("placed");
    namespace.deleted("dev");
    assertThat(inventory.named("conditions")).isEmpty();
  }

  private static final List<String> SERVING =
      List.of(
          "Ready=True Serving",
          "Reconciling=False Complete",
          "Stalled=False Complete",
          "SpecAccepted=True Accepted",
          "ImageReady=True Present",
          "FunctionReady=True Live",
          "EndpointAvailable=True Available");

  /** All conditions once that generation serves, each of which is to be of that generation. */
  private static List<String> conditionsServing(Namespace namespace, long generation)
      throws Exception {
    namespace.awaitReady("placed");
    JsonNode status =
        namespace.awaitStatus(
            "placed",
            "generation " + generation + " and no longer Reconciling",
            found ->
                found.path("observedGeneration").asLong() == generation
                    && Namespace.condition(found, "Reconciling")
                        .path("status")
                        .asText()
                        .equals("False"));
    return status
        .path("conditions")
        .valueStream()
        .map(
            condition ->
                "%s=%s %s%s"
                    .formatted(
                        condition.path("type").asText(),
                        condition.path("status").asText(),
                        condition.path("reason").asText(),
                        condition.path("observedGeneration").asLong() == generation
                            ? ""
                            : " of another generation"))
        .toList();
  }

  @Test
  void takesDownWhatIsDisabled() throws Exception {
    Namespace namespace = stack.namespace("disabled");
    String enabled = stack.documented("featureserver.yaml");
    namespace.applied(enabled);
    namespace.awaitReady("dev");

    namespace.applied(enabled.replace("enabled: True", "enabled: False"));
    namespace.awaitStatus(
        "dev",
        "reason Disabled",
        status -> ready(status).path("reason").asText().equals("Disabled"));
    await("AWS to be empty")
        .atMost(Namespace.BOUND)
        .until(() -> inventory.named("disabled"), List::isEmpty);
    namespace.deleted("dev");
  }

  @Test
  void theOperatorEndsWhenKubernetesAsksItTo() throws Exception {
    assertThat(stack.restartOperator()).isTrue();
  }

  private static JsonNode ready(JsonNode status) {
    return Namespace.condition(status, "Ready");
  }

  private static String configMap(String featureStore) {
    return """
    apiVersion: v1
    kind: ConfigMap
    metadata: {name: store}
    data:
      feature_store.yaml: |
    """
        + featureStore.indent(4);
  }
}
