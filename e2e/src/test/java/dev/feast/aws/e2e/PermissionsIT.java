package dev.feast.aws.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.ClassOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What the chart lets the operator do in Kubernetes is what it does, no more and no less. It runs
 * after all other classes, as {@code junit-platform.properties} says with {@link
 * ClassOrderer.OrderAnnotation}, so that nothing that they had it do was refused.
 */
@Order(Integer.MAX_VALUE)
@ExtendWith(Stack.Extension.class)
class PermissionsIT {
  private static final String OPERATOR =
      "system:serviceaccount:%s:%s".formatted(ChartRelease.NAMESPACE, ChartRelease.NAME);

  private final Stack stack;

  PermissionsIT(Stack stack) {
    this.stack = stack;
  }

  @Test
  void grantsAllNamespacesExactlyWhatALifeTakes() throws Exception {
    live(stack.namespace("permissions"), () -> {});
    assertExact(stack);
  }

  @Test
  void grantsAListedNamespaceExactlyWhatALifeTakes() throws Exception {
    try (Stack listed =
        Stack.start(
            "listed",
            (controlPlane, repository) -> {
              controlPlane.admin().output("create", "namespace", "listed");
              return ChartRelease.install(
                  controlPlane,
                  repository.chart(),
                  "--set",
                  "watchNamespaces={listed},operator.clientConfigMaps=true");
            })) {
      Namespace namespace = new Namespace("listed", listed);
      live(namespace, () -> disturbClients(namespace));
      assertExact(listed);
    }
  }

  /**
   * All that the operator does in Kubernetes for one FeatureServer.
   *
   * @param between when it serves, before something changes
   */
  private static void live(Namespace namespace, Stack.InterruptedRunnable between)
      throws Exception {
    namespace.applied(
        """
        apiVersion: v1
        kind: Secret
        metadata: {name: keys}
        stringData: {first: a-key-of-at-least-32-characters--}
        ---
        apiVersion: aws.feast.dev/v1alpha1
        kind: FeatureServer
        metadata: {name: dev}
        spec:
          featureStoreFrom:
            configMapKeyRef: {name: store, key: feature_store.yaml}
          function: {executionRole: lambda_execution_role}
          endpoint:
            authorization: APIKey
            apiKeys: {secretName: keys}
        """);
    awaitReason(namespace, "ConfigMapNotFound");
    String store =
        """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: store}
        data:
          feature_store.yaml: |
            project: dev
            registry: s3://feast/registries/dev
            provider: aws
            online_store: {type: dynamodb, region: us-west-2}
        """;
    namespace.applied(store);
    namespace.awaitReady("dev");
    between.run();
    // The same Event a second time is a patch of the first.
    namespace.kubectl("delete", "configmap", "store").successfulOutput();
    awaitReason(namespace, "ConfigMapNotFound");
    namespace.applied(store);
    awaitReason(namespace, "Serving");
    namespace.deleted("dev");
    namespace.stack().restartOperator();
  }

  /** The next pass puts it right. */
  private static void disturbClients(Namespace namespace) throws Exception {
    await("the ConfigMap for clients")
        .atMost(Namespace.BOUND)
        .until(
            () ->
                namespace
                        .kubectl(
                            "label",
                            "configmap",
                            "dev-client",
                            "app.kubernetes.io/managed-by=nobody",
                            "--overwrite")
                        .exitCode()
                    == 0);
  }

  private static void awaitReason(Namespace namespace, String reason) throws Exception {
    namespace.awaitStatus(
        "dev",
        "reason " + reason,
        status -> Namespace.condition(status, "Ready").path("reason").asText().equals(reason));
  }

  private static void assertExact(Stack stack) throws Exception {
    List<Permission> granted =
        permissions(stack, "--selector=app.kubernetes.io/instance=" + ChartRelease.NAME);
    // Kubernetes lets everybody ask what they may do themselves; leader election does.
    List<Permission> everybodys =
        permissions(stack, "--selector=kubernetes.io/bootstrapping=rbac-defaults").stream()
            .filter(permission -> permission.resource().startsWith("selfsubject"))
            .toList();
    List<Permission> needed = new ArrayList<>();
    for (JsonNode request : stack.audit().requests(OPERATOR)) {
      // Not of the operator: tests ask what it may do.
      boolean kubectl = request.path("userAgent").asText().startsWith("kubectl");
      if (!kubectl && request.has("objectRef")) {
        needed.add(Permission.needed(request));
      }
    }

    assertThat(needed)
        .as("what was asked for and is not granted")
        .isNotEmpty()
        .allMatch(
            need ->
                Stream.concat(granted.stream(), everybodys.stream())
                    .anyMatch(grant -> grant.allows(need)));
    assertThat(granted)
        .as("what is granted and was never asked for")
        .isNotEmpty()
        .allMatch(grant -> needed.stream().anyMatch(grant::allows));
  }

  private static List<Permission> permissions(Stack stack, String selector) throws Exception {
    JsonNode roles =
        new ObjectMapper()
            .readTree(
                stack
                    .controlPlane()
                    .admin()
                    .output(
                        "get",
                        "roles,clusterroles",
                        "--all-namespaces",
                        selector,
                        "--output=json"));
    return roles.path("items").valueStream().flatMap(role -> Permission.of(role).stream()).toList();
  }

  @Test
  void noOperatorLoggedThatItMayNotDoSomething() throws Exception {
    assertThat(stack.operatorLogs()).isNotEmpty().doesNotContainIgnoringCase("forbidden");
  }

  @Test
  void noEventSaysThatTheOperatorMayNotDoSomething() throws Exception {
    JsonNode events =
        new ObjectMapper()
            .readTree(stack.controlPlane().admin().output("get", "events", "-A", "-o", "json"))
            .path("items");
    assertThat(events).isNotEmpty();
    assertThat(events)
        .extracting(event -> event.path("message").asText())
        .noneMatch(message -> message.toLowerCase(Locale.ROOT).contains("forbidden"));
  }
}
