package dev.feast.aws.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.feast.aws.e2e.process.ChildProcess;
import dev.feast.aws.e2e.process.Execution;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The validating webhook as the chart sets it up, asked by the real API server; served by a second
 * operator, which does not lead. Without cluster DNS a Service has no address: the URL of that
 * operator takes its place. It is asked for the test's own namespace alone, by the chart's
 * namespaceSelector.
 */
@ExtendWith(Stack.Extension.class)
class WebhookIT {
  private static final Pattern PORT = Pattern.compile("/validate, is on port (\\d+)");
  private static final Duration BOUND = Duration.ofSeconds(60);
  private static final String PASSWORD = "of-a-test";

  private static final String RIGHT =
      """
      apiVersion: aws.feast.dev/v1alpha1
      kind: FeatureServer
      metadata: {name: dev}
      spec:
        suspend: true
        featureStore:
          project: dev
          registry: s3://feast/registries/dev
          provider: aws
          online_store: {type: dynamodb, region: us-west-2}
          feature_server: {enabled: true, execution_role_name: lambda_execution_role}
      """;

  /** Nothing in it that the CRD's own rules would find. */
  private static final String WRONG =
      RIGHT
          .replace("provider: aws", "provider: gcp")
          .replace("project: dev", "project: my project");

  private final Stack stack;

  @SuppressWarnings("NullAway.Init") // Set by the extension.
  @TempDir
  Path folder;

  private @Nullable ChildProcess standby;

  WebhookIT(Stack stack) {
    this.stack = stack;
  }

  @AfterEach
  void endAll() throws Exception {
    stack
        .controlPlane()
        .admin()
        .output(
            "delete", "validatingwebhookconfiguration", ChartRelease.NAME, "--ignore-not-found");
    if (standby != null) {
      standby.end();
    }
  }

  @Test
  void refusesMistakesAtOnceAndWarnsOfWhatMayNotBeMeant() throws Exception {
    Namespace namespace = stack.namespace("webhook");
    start(namespace, "Ignore");

    Execution refused = namespace.apply(WRONG);
    assertThat(refused.exitCode()).isNotZero();
    assertThat(refused.errors())
        .contains(
            "The FeatureServer \"dev\" is invalid",
            "spec.featureStore.provider: holds \"gcp\"; must be aws",
            "spec.featureStore.project: holds \"my project\"");
    assertThat(namespace.kubectl("get", "featureserver", "dev").errors()).contains("NotFound");
    assertThat(
            namespace
                .kubectl("apply", "--server-side", "--dry-run=server", "-f", file(WRONG))
                .errors())
        .contains("spec.featureStore.provider");

    Execution open = namespace.apply(RIGHT);
    open.successfulOutput();
    assertThat(open.errors())
        .contains(
            "Warning: spec.endpoint.authorization: is None", "Warning: spec.suspend: is true");

    Execution edited = namespace.apply(WRONG);
    assertThat(edited.errors()).contains("spec.featureStore.provider");
    namespace.kubectl("label", "featureserver", "dev", "team=a").successfulOutput();
    namespace.deleted("dev");
  }

  @Test
  void refusesToMoveWhatIsDeployed() throws Exception {
    Namespace namespace = stack.namespace("webhook-fixed");
    namespace.applied(RIGHT);
    // As after a deployment, which this test needs not wait for.
    namespace
        .kubectl(
            "patch",
            "featureserver",
            "dev",
            "--subresource=status",
            "--type=merge",
            "--patch={\"status\":{\"region\":\"us-west-2\",\"project\":\"dev\"}}")
        .successfulOutput();
    start(namespace, "Ignore");

    assertThat(namespace.apply(RIGHT.replace("us-west-2", "eu-west-1")).errors())
        .contains("The region is us-west-2 since the first deployment");
    namespace
        .kubectl(
            "patch",
            "featureserver",
            "dev",
            "--subresource=status",
            "--type=merge",
            "--patch={\"status\":{\"region\":null,\"project\":null}}")
        .successfulOutput();
    namespace.deleted("dev");
  }

  @Test
  void blocksNothingThatMattersWhileNoOperatorAnswers() throws Exception {
    Namespace namespace = stack.namespace("webhook-down");
    start(namespace, "Ignore");
    Objects.requireNonNull(standby).kill();

    namespace.applied(WRONG);

    configure(namespace, "Fail");
    await("the webhook to be asked, and to be missed")
        .atMost(BOUND)
        .untilAsserted(
            () ->
                assertThat(namespace.apply(RIGHT).errors())
                    .contains("failed calling webhook", "validate.featureservers.aws.feast.dev"));
    namespace.kubectl("annotate", "featureserver", "dev", "note=a").successfulOutput();
    namespace.awaitStatus(
        "dev",
        "the operator's own writes to go through",
        status -> status.path("observedGeneration").asInt() > 0);
    namespace.deleted("dev");
  }

  /** Else whoever reaches the port could hold as many connections as there may be. */
  @Test
  void endsAConnectionThatSendsNoWholeRequest() throws Exception {
    Namespace namespace = stack.namespace("webhook-slow");
    start(namespace, "Ignore");

    try (Socket socket = trusting().getSocketFactory().createSocket("127.0.0.1", port())) {
      socket.setSoTimeout((int) BOUND.toMillis());
      socket
          .getOutputStream()
          .write(
              "POST /validate HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{".getBytes(UTF_8));

      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
  }

  /** Starts the operator and waits until the API server asks it. */
  private void start(Namespace namespace, String failurePolicy) throws Exception {
    makeCertificate();
    standby =
        Operator.start(
            stack.controlPlane().run(),
            stack.repository(),
            ChartRelease.installed(stack.controlPlane()),
            stack.aws(),
            Jvm.QUICK_START,
            Map.of(
                "FEAST_OPERATOR_IDENTITY", "standby",
                "FEAST_OPERATOR_WEBHOOK_PORT", "0",
                "FEAST_OPERATOR_WEBHOOK_TLS_DIR", folder.toString()));
    configure(namespace, failurePolicy);
    String wrong = file(WRONG.replace("name: dev", "name: try"));
    await("the API server to ask the webhook")
        .atMost(BOUND)
        .until(() -> namespace.kubectl("create", "--dry-run=server", "-f", wrong).exitCode() != 0);
  }

  private void configure(Namespace namespace, String failurePolicy) throws Exception {
    ObjectNode configuration = rendered(namespace, failurePolicy);
    ObjectNode client = configuration.withObject("/webhooks/0/clientConfig");
    assertThat(client.at("/service/path").asText()).isEqualTo("/validate");
    client.remove("service");
    client.put("url", "https://127.0.0.1:%d/validate".formatted(port()));
    stack
        .controlPlane()
        .admin()
        .output(
            "apply", "--server-side", "--force-conflicts", "-f", file(configuration.toString()));
  }

  private ObjectNode rendered(Namespace namespace, String failurePolicy) throws Exception {
    String authority =
        Base64.getEncoder().encodeToString(Files.readAllBytes(folder.resolve("tls.crt")));
    String values =
        """
        webhook:
          enabled: true
          failurePolicy: %s
          namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: %s}}
          certificate: {secretName: webhook, caBundle: %s}
        """
            .formatted(failurePolicy, namespace.name(), authority);
    List<String> command =
        new ArrayList<>(
            List.of(
                stack.controlPlane().programs().helm().toString(),
                "template",
                ChartRelease.NAME,
                stack.repository().chart().toString(),
                "--namespace",
                ChartRelease.NAMESPACE,
                "--show-only",
                "templates/webhook.yaml",
                "--values",
                file(values)));
    String objects =
        Execution.run(
                stack.controlPlane().run(),
                command,
                ChartRelease.helmEnvironment(stack.controlPlane()),
                stack.repository().root(),
                BOUND)
            .successfulOutput();
    YAMLMapper yaml = new YAMLMapper();
    for (JsonNode object : yaml.readerFor(JsonNode.class).<JsonNode>readValues(objects).readAll()) {
      if (object.path("kind").asText().equals("ValidatingWebhookConfiguration")) {
        return (ObjectNode) object;
      }
    }
    throw new AssertionError("The chart renders no ValidatingWebhookConfiguration");
  }

  private int port() {
    Matcher port = PORT.matcher(Objects.requireNonNull(standby).output());
    assertThat(port.find()).as("the operator says where its webhook is").isTrue();
    return Integer.parseInt(port.group(1));
  }

  private String file(String content) throws Exception {
    return Files.writeString(Files.createTempFile(folder, "file", ".yaml"), content).toString();
  }

  /** As a Secret of type kubernetes.io/tls would be mounted. */
  private void makeCertificate() throws Exception {
    Path store = folder.resolve("keys.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "it",
                "-keyalg",
                "EC",
                "-dname",
                "CN=webhook",
                "-ext",
                "san=ip:127.0.0.1",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD)
            .redirectErrorStream(true)
            .start();
    String said = new String(keytool.getInputStream().readAllBytes(), UTF_8);
    assertThat(keytool.waitFor()).as(said).isZero();
    KeyStore keys = keys(store);
    write("tls.crt", "CERTIFICATE", keys.getCertificate("it").getEncoded());
    write(
        "tls.key",
        "PRIVATE KEY",
        Objects.requireNonNull(keys.getKey("it", PASSWORD.toCharArray())).getEncoded());
  }

  private static KeyStore keys(Path store) throws Exception {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    return keys;
  }

  private void write(String file, String kind, byte[] content) throws Exception {
    String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
    Files.writeString(
        folder.resolve(file),
        "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(kind, base64, kind));
  }

  private SSLContext trusting() throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("it", keys(folder.resolve("keys.p12")).getCertificate("it"));
    TrustManagerFactory managers =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, managers.getTrustManagers(), null);
    return context;
  }
}
