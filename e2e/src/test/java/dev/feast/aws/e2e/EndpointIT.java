package dev.feast.aws.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.regions.Region;

/** Who may ask an endpoint, and in which shape it answers. */
@ExtendWith(Stack.Extension.class)
class EndpointIT {
  private static final String OLD_KEY = "old-0123456789abcdef0123456789abcdef";
  private static final String NEW_KEY = "new-0123456789abcdef0123456789abcdef";

  private final Stack stack;
  private final AwsInventory inventory;

  EndpointIT(Stack stack) {
    this.stack = stack;
    this.inventory = new AwsInventory(stack.aws(), Region.US_WEST_2);
  }

  @Test
  void asksForAnApiKeyAndFollowsTheSecretWithoutShowingIt() throws Exception {
    Namespace namespace = stack.namespace("api-key");
    namespace
        .kubectl("create", "secret", "generic", "dev-keys", "--from-literal=a=" + OLD_KEY)
        .successfulOutput();
    namespace.applied(
        stack.documented("featureserver.yaml")
            + "  endpoint: {authorization: APIKey, apiKeys: {secretName: dev-keys}}\n");
    namespace.awaitReady("dev");
    String endpoint = namespace.endpoint("dev");
    JsonNode request = stack.documentedJson("request.json");

    assertThat(namespace.kubectl("get", "fsrv", "-o", "wide").successfulOutput())
        .contains("AUTH")
        .contains("APIKey");
    assertThat(stack.ask(endpoint, request).statusCode()).isEqualTo(401);
    assertThat(stack.ask(endpoint, request, "x-api-key", NEW_KEY).statusCode()).isEqualTo(403);
    assertThat(stack.ask(endpoint, request, "x-api-key", OLD_KEY).body())
        .contains("0.025330161675810814");
    assertThat(stack.ask(endpoint, request, "Authorization", "Bearer " + OLD_KEY).statusCode())
        .isEqualTo(200);

    // Both are good until the old one goes: nobody who has either is turned away on the way.
    secretHolds(namespace, OLD_KEY, NEW_KEY);
    awaitStatus(endpoint, request, NEW_KEY, 200);
    assertThat(stack.ask(endpoint, request, "x-api-key", OLD_KEY).statusCode()).isEqualTo(200);
    secretHolds(namespace, NEW_KEY);
    awaitStatus(endpoint, request, OLD_KEY, 403);
    assertThat(stack.ask(endpoint, request, "x-api-key", NEW_KEY).statusCode()).isEqualTo(200);
    assertThat(namespace.endpoint("dev")).isEqualTo(endpoint);

    String function = namespace.status("dev").at("/function/name").asText();
    assertThat(namespace.kubectl("get", "fsrv,events", "-o", "yaml").successfulOutput())
        .doesNotContain(OLD_KEY, NEW_KEY);
    assertThat(stack.operatorLogs()).doesNotContain(OLD_KEY, NEW_KEY);
    assertThat(stack.functionLog(function)).isNotEmpty().doesNotContain(OLD_KEY, NEW_KEY);
    assertThat(inventory.configuration(function))
        .contains("FEATURE_SERVER_API_KEY_SHA256")
        .doesNotContain(OLD_KEY, NEW_KEY);
    namespace.deleted("dev");
  }

  @Test
  void answersAsServingSays() throws Exception {
    Namespace namespace = stack.namespace("serving");
    namespace.applied(
        stack.documented("featureserver.yaml")
            + "  serving: {responseFormat: Results, staleFeatures: Withhold, maxRows: 3}\n");
    namespace.awaitReady("dev");
    String endpoint = namespace.endpoint("dev");
    JsonNode request = stack.documentedJson("request.json");

    JsonNode answer = stack.lookUp(endpoint, request);
    assertThat(answer.at("/metadata/feature_names/1").asText())
        .isEqualTo("driver_hourly_stats__conv_rate");
    assertThat(answer.at("/results/1/statuses/0").asText()).isEqualTo("OUTSIDE_MAX_AGE");
    assertThat(answer.at("/results/1/values/0").isNull()).isTrue();
    String fourRows = request.toString().replace("[1001,", "[1001,1001,");
    assertThat(fourRows).isNotEqualTo(request.toString());
    assertThat(stack.ask(endpoint, stack.json(fourRows)).statusCode()).isEqualTo(413);
    namespace.deleted("dev");
  }

  @Test
  void keepsTheTrafficFromAVersionThatDoesNotAnswerAsItsProbeExpects() throws Exception {
    Namespace namespace = stack.namespace("probe");
    JsonNode request = stack.documentedJson("request.json");
    JsonNode documented = stack.documentedJson("answer.json");
    String probe = "  rollout: {probe: {request: %s, expect: %s}}\n";
    namespace.applied(
        stack.documented("featureserver.yaml") + probe.formatted(request, documented));
    namespace.awaitReady("dev");

    namespace.applied(
        stack.documented("featureserver.yaml")
            + "  function: {memoryMiB: 1024}\n"
            + probe.formatted(request, documented.toString().replace("PRESENT", "NOT_FOUND")));
    JsonNode status =
        namespace.awaitStatus(
            "dev",
            "a version that fails its probe",
            found ->
                Namespace.condition(found, "FunctionReady")
                    .path("reason")
                    .asText()
                    .equals("ProbeFailed"));

    assertThat(Namespace.condition(status, "FunctionReady").path("message").asText())
        .contains("Version 2 gets no traffic")
        .contains("is PRESENT, expected is NOT_FOUND");
    assertThat(Namespace.condition(status, "Ready").path("status").asText()).isEqualTo("True");
    assertThat(Namespace.condition(status, "Ready").path("observedGeneration").asLong())
        .isEqualTo(1);
    assertThat(status.at("/function/version").asText()).isEqualTo("1");
    assertThat(stack.lookUp(namespace.endpoint("dev"), request)).isEqualTo(documented);
    namespace.deleted("dev");
  }

  private static void secretHolds(Namespace namespace, String... keys) throws Exception {
    var yaml =
        new StringBuilder(
            """
            apiVersion: v1
            kind: Secret
            metadata: {name: dev-keys}
            stringData:
            """);
    for (String key : keys) {
      yaml.append("  ").append(key, 0, 3).append(": ").append(key).append('\n');
    }
    namespace.kubectl("delete", "secret", "dev-keys").successfulOutput();
    namespace.applied(yaml.toString());
  }

  private void awaitStatus(String endpoint, JsonNode request, String key, int status) {
    await("the endpoint to answer " + status)
        .atMost(Namespace.BOUND)
        .until(() -> stack.ask(endpoint, request, "x-api-key", key).statusCode() == status);
  }
}
