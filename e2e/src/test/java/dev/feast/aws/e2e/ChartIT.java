package dev.feast.aws.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.feast.aws.e2e.process.Execution;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The chart under the real helm, and what it allows the operator. */
@ExtendWith(Stack.Extension.class)
class ChartIT {
  private static final String EVERYTHING_FOR_PROMETHEUS =
      "metrics.serviceMonitor.enabled=true,metrics.rules.enabled=true,metrics.dashboard.enabled=true";

  private static final String WEBHOOK =
      "webhook.enabled=true,webhook.certificate.secretName=given,webhook.certificate.caBundle=QUJD";

  private final Stack stack;

  ChartIT(Stack stack) {
    this.stack = stack;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "watchNamespaces={a,b}",
        "clusterId=here,crds.install=false",
        "serviceAccount.create=false,serviceAccount.name=given",
        "metrics.rules.enabled=true,metrics.rules.labels.release=prometheus",
        EVERYTHING_FOR_PROMETHEUS,
        WEBHOOK,
        "webhook.enabled=true,webhook.certManager.enabled=true",
        "webhook.enabled=true,webhook.certManager.enabled=true,webhook.certManager.issuerRef.name=ours"
      })
  void lintFindsNothing(String values) throws Exception {
    helm("lint", "--strict", "--set", values).successfulOutput();
  }

  /** chart-testing's convention: each file in ci/ is one way of installing the chart. */
  @ParameterizedTest
  @ValueSource(strings = {"placement", "tenants", "webhook"})
  void rendersWhatTheApiServerTakes(String values) throws Exception {
    String file =
        stack.repository().chart().resolve("ci/%s-values.yaml".formatted(values)).toString();
    helm("lint", "--strict", "--values", file).successfulOutput();
    Path rendered = Files.createTempFile("rendered-", ".yaml");
    try {
      Files.writeString(
          rendered,
          helm(
                  "template",
                  values,
                  "--namespace",
                  "default",
                  "--values",
                  file,
                  "--set",
                  "crds.install=false")
              .successfulOutput());
      for (String namespace : List.of("team-a", "team-b")) {
        stack.controlPlane().admin().run("create", "namespace", namespace);
      }

      stack
          .controlPlane()
          .admin()
          .run("apply", "--server-side", "--dry-run=server", "-f", rendered.toString())
          .successfulOutput();
    } finally {
      Files.delete(rendered);
    }
  }

  @Test
  void triesEveryWayOfInstalling() throws Exception {
    try (Stream<Path> files = Files.list(stack.repository().chart().resolve("ci"))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "placement-values.yaml", "tenants-values.yaml", "webhook-values.yaml");
    }
  }

  @Test
  void installsTheCrdThatOutlivesTheRelease() throws Exception {
    JsonNode crd =
        new Namespace("default", stack)
            .get("customresourcedefinition/featureservers.aws.feast.dev");
    assertThat(crd.at("/metadata/annotations/helm.sh~1resource-policy").asText()).isEqualTo("keep");
    assertThat(crd.at("/metadata/labels/app.kubernetes.io~1managed-by").asText()).isEqualTo("Helm");
  }

  @Test
  void rendersARoleInEachWatchedNamespaceAndNoClusterWideOne() throws Exception {
    List<String> roles = new ArrayList<>();
    for (JsonNode object : rendered("watchNamespaces={a,b},clusterId=here")) {
      if (object.path("kind").asText().endsWith("Role")) {
        roles.add(
            object.path("kind").asText() + " " + object.at("/metadata/namespace").asText("-"));
      }
    }
    assertThat(roles).containsExactlyInAnyOrder("Role a", "Role b", "Role feast-system");
  }

  /** Their CRDs are not in every cluster. */
  @Test
  void rendersNothingOfThePrometheusOperatorUnlessAsked() throws Exception {
    assertThat(rendered(""))
        .extracting(object -> object.path("kind").asText())
        .doesNotContain("Service", "ServiceMonitor", "PrometheusRule");
  }

  @Test
  void letsPrometheusFindTheOperatorsPods() throws Exception {
    List<JsonNode> objects = rendered(EVERYTHING_FOR_PROMETHEUS);
    JsonNode monitor = ofKind("ServiceMonitor", objects);
    JsonNode service = ofKind("Service", objects);
    JsonNode pod = deployment(objects).at("/spec/template");

    assertThat(service.at("/metadata/labels").properties())
        .containsAll(monitor.at("/spec/selector/matchLabels").properties());
    assertThat(monitor.at("/spec/endpoints/0/port")).isEqualTo(service.at("/spec/ports/0/name"));
    assertThat(monitor.at("/spec/endpoints/0/honorLabels").asBoolean()).isTrue();
    assertThat(pod.at("/metadata/labels").properties())
        .containsAll(service.at("/spec/selector").properties());
    assertThat(service.at("/spec/ports/0/targetPort"))
        .isEqualTo(pod.at("/spec/containers/0/ports/0/name"));
  }

  /** However long the release is called: helm takes up to 53 characters. */
  @Test
  void keepsTheNamesOfServicesWithinADnsLabel() throws Exception {
    String services =
        helm(
                "template",
                "r".repeat(53),
                "--set",
                EVERYTHING_FOR_PROMETHEUS + "," + WEBHOOK,
                "--show-only",
                "templates/metrics.yaml",
                "--show-only",
                "templates/webhook.yaml")
            .successfulOutput();

    assertThat(
            new YAMLMapper()
                .readerFor(JsonNode.class).<JsonNode>readValues(services).readAll().stream()
                    .filter(object -> object.path("kind").asText().equals("Service"))
                    .map(service -> service.at("/metadata/name").asText()))
        .hasSize(2)
        .allSatisfy(name -> assertThat(name).hasSizeLessThanOrEqualTo(63))
        .anySatisfy(name -> assertThat(name).endsWith("-metrics"))
        .anySatisfy(name -> assertThat(name).endsWith("-webhook"));
  }

  @Test
  void rendersAlertsAndDashboardAsTheFilesHaveThem() throws Exception {
    List<JsonNode> objects = rendered(EVERYTHING_FOR_PROMETHEUS);
    Path files = stack.repository().chart().resolve("files");

    assertThat(ofKind("PrometheusRule", objects).path("spec"))
        .isEqualTo(new YAMLMapper().readTree(files.resolve("alerts.yaml").toFile()));
    assertThat(
            objects.stream()
                .filter(
                    object -> object.at("/metadata/labels/grafana_dashboard").asText().equals("1"))
                .map(object -> object.path("data").elements().next().asText().strip()))
        .containsExactly(Files.readString(files.resolve("dashboard.json")).strip());
  }

  /** A typing mistake in the values fails the installation, and helm says where it is. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          replica=2                                      | 'replica' not allowed
          replicas=two                                   | '/replicas': got string, want integer
          watchNamespaces=a                              | '/watchNamespaces': got string, want array
          watchNamespaces={Team_A}                       | '/watchNamespaces/0'
          image.digest=abc                               | '/image/digest'
          image.pullPolicy=Sometimes                     | '/image/pullPolicy'
          operator.logLevel=loud                         | '/operator/logLevel'
          operator.resyncInterval=ten                    | '/operator/resyncInterval'
          operator.resyncInterval=9s                     | '/operator/resyncInterval'
          clusterId=bad id                               | '/clusterId'
          policy.defaults.allowPublicEndpoint=false      | 'allowPublicEndpoint' not allowed
          policy.defaults.allowedExecutionRoles={a/b}    | '/policy/defaults/allowedExecutionRoles/0'
          policy.defaults.allowedAssumeRoles={name}      | '/policy/defaults/allowedAssumeRoles/0'
          policy.defaults.allowedImageHosts={https://a}  | '/policy/defaults/allowedImageHosts/0'
          policy.defaults.allowedAdoptions={alpha}       | '/policy/defaults/allowedAdoptions/0'
          policy.namespaces.Team_A.allowPublicEndpoints=true | 'Team_A'
          policy.namespaces.team-a.allowedRoles={x}      | 'allowedRoles' not allowed
          metrics.serviceMonitor.enable=true             | 'enable' not allowed
          serviceAccount.annotation.a=b                  | 'annotation' not allowed
          webhook.failurePolicy=Never                    | '/webhook/failurePolicy'
          webhook.timeoutSeconds=60                      | '/webhook/timeoutSeconds'
          webhook.certificate.caBundle=-----BEGIN        | '/webhook/certificate/caBundle'
          """)
  void refusesAMistakeInTheValues(String mistake, String says) throws Exception {
    Execution refused = helm("template", "operator", "--set", mistake);

    assertThat(refused.exitCode()).isNotZero();
    assertThat(refused.errors().replace("additional properties ", "")).contains(says);
  }

  /** So that a value that comes in is checked as well, and no check stays of one that goes. */
  @Test
  void checksEveryValueThatThereIs() throws Exception {
    JsonNode schema =
        new ObjectMapper()
            .readTree(stack.repository().chart().resolve("values.schema.json").toFile());
    JsonNode values =
        new YAMLMapper().readTree(stack.repository().chart().resolve("values.yaml").toFile());

    assertThat(checked("", schema).stream().filter(path -> !path.startsWith(".global")))
        .containsExactlyInAnyOrderElementsOf(given("", values, schema));
  }

  private static List<String> checked(String path, JsonNode schema) {
    List<String> paths = new ArrayList<>();
    for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
      String name = path + "." + property.getKey();
      paths.add(name);
      paths.addAll(checked(name, property.getValue()));
    }
    return paths;
  }

  /** Keys of maps, which are the user's own, are no values of the chart. */
  private static List<String> given(String path, JsonNode values, JsonNode schema) {
    List<String> paths = new ArrayList<>();
    if (schema.has("properties")) {
      for (Map.Entry<String, JsonNode> value : values.properties()) {
        String name = path + "." + value.getKey();
        paths.add(name);
        paths.addAll(given(name, value.getValue(), schema.path("properties").path(value.getKey())));
      }
    }
    return paths;
  }

  @Test
  void keepsOneReplicaWhileANodeIsDrained() throws Exception {
    List<JsonNode> objects = rendered("");
    JsonNode budget = ofKind("PodDisruptionBudget", objects);
    JsonNode pod = deployment(objects).at("/spec/template");

    assertThat(deployment(objects).at("/spec/replicas").asInt()).isEqualTo(2);
    assertThat(budget.at("/spec/maxUnavailable").asInt()).isEqualTo(1);
    assertThat(pod.at("/metadata/labels").properties())
        .containsAll(budget.at("/spec/selector/matchLabels").properties())
        .containsAll(
            pod.at("/spec/topologySpreadConstraints/0/labelSelector/matchLabels").properties());
    assertThat(rendered("replicas=1"))
        .extracting(object -> object.path("kind").asText())
        .doesNotContain("PodDisruptionBudget");
  }

  @Test
  void rendersNothingOfTheWebhookUnlessAsked() throws Exception {
    List<JsonNode> objects = rendered("");
    assertThat(objects)
        .extracting(object -> object.path("kind").asText())
        .doesNotContain("ValidatingWebhookConfiguration", "Certificate", "Issuer");
    assertThat(deployment(objects).toString()).doesNotContain("webhook");
  }

  /** From the API server to the port and the folder that the operator is told of. */
  @Test
  void leadsTheApiServerToEveryReplicasWebhook() throws Exception {
    List<JsonNode> objects = rendered(WEBHOOK + ",webhook.port=8443");
    JsonNode webhook = ofKind("ValidatingWebhookConfiguration", objects).at("/webhooks/0");
    JsonNode service = ofKind("Service", objects);
    JsonNode pod = deployment(objects).at("/spec/template");
    JsonNode container = pod.at("/spec/containers/0");

    assertThat(webhook.at("/clientConfig/service/name")).isEqualTo(service.at("/metadata/name"));
    assertThat(webhook.at("/clientConfig/service/namespace").asText()).isEqualTo("feast-system");
    assertThat(webhook.at("/clientConfig/service/port"))
        .isEqualTo(service.at("/spec/ports/0/port"));
    assertThat(webhook.at("/clientConfig/caBundle").asText()).isEqualTo("QUJD");
    assertThat(webhook.path("failurePolicy").asText()).isEqualTo("Ignore");
    assertThat(webhook.path("sideEffects").asText()).isEqualTo("None");
    assertThat(pod.at("/metadata/labels").properties())
        .containsAll(service.at("/spec/selector").properties());
    JsonNode port = named(service.at("/spec/ports/0/targetPort").asText(), container.path("ports"));
    assertThat(port.path("containerPort").asInt()).isEqualTo(8443);
    assertThat(named("FEAST_OPERATOR_WEBHOOK_PORT", container.path("env")).path("value").asText())
        .isEqualTo("8443");
    JsonNode mount = named("webhook-certificate", container.path("volumeMounts"));
    assertThat(mount.path("mountPath"))
        .isEqualTo(named("FEAST_OPERATOR_WEBHOOK_TLS_DIR", container.path("env")).path("value"));
    assertThat(
            named("webhook-certificate", pod.at("/spec/volumes")).at("/secret/secretName").asText())
        .isEqualTo("given");
  }

  /** The authority outlives the certificate: Pods and API server see a new one in any order. */
  @Test
  void letsCertManagerCertifyTheService() throws Exception {
    List<JsonNode> objects = rendered("webhook.enabled=true,webhook.certManager.enabled=true");
    JsonNode configuration = ofKind("ValidatingWebhookConfiguration", objects);
    JsonNode certificate = ofKind("Certificate", objects);
    String service = ofKind("Service", objects).at("/metadata/name").asText();

    assertThat(configuration.at("/metadata/annotations/cert-manager.io~1inject-ca-from").asText())
        .isEqualTo("feast-system/" + certificate.at("/metadata/name").asText());
    assertThat(configuration.at("/webhooks/0/clientConfig").has("caBundle")).isFalse();
    assertThat(certificate.at("/spec/dnsNames/0").asText())
        .isEqualTo(service + ".feast-system.svc");
    assertThat(
            named("webhook-certificate", deployment(objects).at("/spec/template/spec/volumes"))
                .at("/secret/secretName"))
        .isEqualTo(certificate.at("/spec/secretName"));
    List<String> issuers = new ArrayList<>();
    for (JsonNode object : objects) {
      if (object.path("kind").asText().equals("Issuer")) {
        issuers.add(object.at("/metadata/name").asText());
      }
    }
    for (JsonNode object : objects) {
      if (object.path("kind").asText().equals("Certificate")) {
        assertThat(issuers).contains(object.at("/spec/issuerRef/name").asText());
      }
    }
    assertThat(
            rendered(
                "webhook.enabled=true,webhook.certManager.enabled=true,"
                    + "webhook.certManager.issuerRef.name=ours"))
        .filteredOn(object -> object.path("apiVersion").asText().startsWith("cert-manager.io/"))
        .singleElement()
        .satisfies(only -> assertThat(only.at("/spec/issuerRef/name").asText()).isEqualTo("ours"));
  }

  @Test
  void asksTheWebhookForTheWatchedNamespacesAlone() throws Exception {
    JsonNode selector =
        ofKind("ValidatingWebhookConfiguration", rendered(WEBHOOK + ",watchNamespaces={a,b}"))
            .at("/webhooks/0/namespaceSelector/matchExpressions");

    assertThat(selector).hasSize(1);
    assertThat(selector.at("/0/key").asText()).isEqualTo("kubernetes.io/metadata.name");
    assertThat(selector.at("/0/values")).extracting(JsonNode::asText).containsExactly("a", "b");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          webhook.enabled=true                                                        | webhook.certificate.secretName or webhook.certManager.enabled must be given
          webhook.enabled=true,webhook.certificate.secretName=a                       | webhook.certificate.caBundle must be given
          webhook.enabled=true,webhook.certManager.enabled=true,webhook.certificate.secretName=a | exclude each other
          """)
  void refusesAWebhookWithoutOneCertificate(String values, String says) throws Exception {
    Execution refused = helm("template", "operator", "--set", values);

    assertThat(refused.exitCode()).isNotZero();
    assertThat(refused.errors()).contains(says);
  }

  private static JsonNode named(String name, JsonNode list) {
    for (JsonNode element : list) {
      if (element.path("name").asText().equals(name)) {
        return element;
      }
    }
    throw new AssertionError("There is no %s in %s".formatted(name, list));
  }

  @Test
  void saysWhatComesNext() throws Exception {
    String notes =
        helm(
                "install",
                "notes",
                "--dry-run=client",
                "--namespace",
                "team",
                "--set",
                "watchNamespaces={a,b},crds.install=false",
                "--values",
                restricted())
            .successfulOutput();

    assertThat(notes)
        .contains(
            "for FeatureServers of a, b",
            "kubectl rollout status deployment/notes-feature-server-operator --namespace team",
            "create-pod-identity-association",
            "An endpoint has to ask who calls it (spec.endpoint.authorization)");
  }

  @Test
  void lintFindsNothingInTheRestrictedValues() throws Exception {
    helm("lint", "--strict", "--values", restricted()).successfulOutput();
  }

  /** The policy is read at the start, so that another one has to be another Pod. */
  @Test
  void startsTheOperatorAnewWithAPolicyThatDenies() throws Exception {
    JsonNode open = deployment(rendered(""));
    List<JsonNode> objects = rendered("", "--values", restricted());
    JsonNode denying = deployment(objects);

    JsonNode configMap =
        objects.stream()
            .filter(object -> object.path("kind").asText().equals("ConfigMap"))
            .findFirst()
            .orElseThrow();
    JsonNode policy = new YAMLMapper().readTree(configMap.at("/data/policy.yaml").asText());
    assertThat(policy.at("/defaults/allowedExecutionRoles").isEmpty()).isTrue();
    assertThat(policy.at("/defaults/allowPublicEndpoints").asBoolean(true)).isFalse();
    assertThat(denying.at("/spec/template/spec/volumes").toString())
        .contains(configMap.at("/metadata/name").asText());
    assertThat(checksum(denying)).isNotEmpty().isNotEqualTo(checksum(open));
  }

  private String restricted() {
    return stack.repository().chart().resolve("values-restricted.yaml").toString();
  }

  private static JsonNode deployment(List<JsonNode> objects) {
    return ofKind("Deployment", objects);
  }

  private static String checksum(JsonNode deployment) {
    return deployment.at("/spec/template/metadata/annotations/checksum~1policy").asText();
  }

  @Test
  void runsTheOperatorWithoutPrivileges() throws Exception {
    for (JsonNode object : rendered("")) {
      if (object.path("kind").asText().equals("Deployment")) {
        JsonNode pod = object.at("/spec/template/spec");
        assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
        assertThat(pod.at("/securityContext/seccompProfile/type").asText())
            .isEqualTo("RuntimeDefault");
        JsonNode container = pod.at("/containers/0/securityContext");
        assertThat(container.path("readOnlyRootFilesystem").asBoolean()).isTrue();
        assertThat(container.path("allowPrivilegeEscalation").asBoolean(true)).isFalse();
        assertThat(container.at("/capabilities/drop/0").asText()).isEqualTo("ALL");
        return;
      }
    }
    throw new AssertionError("The chart renders no Deployment.");
  }

  @ParameterizedTest
  @CsvSource({
    "list, featureservers.aws.feast.dev, default, yes",
    "patch, featureservers.aws.feast.dev/status, default, yes",
    "create, featureservers.aws.feast.dev, default, no",
    "delete, featureservers.aws.feast.dev, default, no",
    "watch, configmaps, default, yes",
    "update, configmaps, default, no",
    "get, secrets, default, yes",
    "watch, secrets, default, yes",
    "update, secrets, default, no",
    "delete, secrets, default, no",
    "create, events.events.k8s.io, default, yes",
    "patch, events.events.k8s.io, default, yes",
    "delete, events.events.k8s.io, default, no",
    "create, leases.coordination.k8s.io, feast-system, yes",
    "create, leases.coordination.k8s.io, default, no",
    "update, leases.coordination.k8s.io/another, feast-system, no",
    "create, pods, default, no",
    "get, namespace/kube-system, default, yes",
    "get, namespace/default, default, no",
  })
  void allowsTheOperatorWhatItNeedsAndNothingElse(
      String verb, String resource, String namespace, String allowed) throws Exception {
    Path kubeconfig = ChartRelease.installed(stack.controlPlane()).operatorKubeconfig();
    Execution answer =
        stack
            .controlPlane()
            .kubectl(kubeconfig)
            .run("auth", "can-i", verb, resource, "--namespace", namespace);
    assertThat(answer.output().strip()).isEqualTo(allowed);
  }

  private static JsonNode ofKind(String kind, List<JsonNode> objects) {
    return objects.stream()
        .filter(object -> object.path("kind").asText().equals(kind))
        .findFirst()
        .orElseThrow(() -> new AssertionError("The chart renders no " + kind));
  }

  private List<JsonNode> rendered(String values, String... more)
      throws IOException, InterruptedException {
    List<String> arguments =
        new ArrayList<>(
            List.of("template", "operator", "--namespace", "feast-system", "--set", values));
    arguments.addAll(List.of(more));
    YAMLMapper yaml = new YAMLMapper();
    return yaml.readerFor(JsonNode.class)
        .<JsonNode>readValues(helm(arguments.toArray(String[]::new)).successfulOutput())
        .readAll();
  }

  /** Runs helm with the chart as its last argument. */
  private Execution helm(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(stack.controlPlane().programs().helm().toString());
    command.addAll(List.of(arguments));
    command.add(stack.repository().chart().toString());
    Map<String, String> environment = ChartRelease.helmEnvironment(stack.controlPlane());
    return Execution.run(
        stack.controlPlane().run(),
        command,
        environment,
        stack.repository().root(),
        Duration.ofSeconds(60));
  }
}
