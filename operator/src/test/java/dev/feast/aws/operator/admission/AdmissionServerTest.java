package dev.feast.aws.operator.admission;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.feast.aws.api.v1alpha1.FeatureServer;
import dev.feast.aws.operator.admission.FeatureStoreTexts.Text;
import dev.feast.aws.operator.controller.ClusterClient;
import dev.feast.aws.operator.metrics.OperatorMetrics;
import dev.feast.aws.operator.policy.ImageHosts;
import dev.feast.aws.operator.policy.Patterns;
import dev.feast.aws.operator.policy.TenantPolicy;
import dev.feast.aws.operator.policy.TenantRules;
import dev.feast.aws.operator.validation.FeatureServerValidator;
import dev.feast.aws.operator.validation.Referenced;
import dev.feast.aws.operator.validation.Validation;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** AdmissionReviews as an API server posts them, over TLS. */
class AdmissionServerTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final YAMLMapper YAML = new YAMLMapper();

  private static final String UNSEEN = "of-another-team";

  /** In the namespace "open"; the others are as strict as can be. */
  private static final TenantPolicy POLICY =
      new TenantPolicy(
          new TenantRules(
              Patterns.NONE, Patterns.NONE, false, new ImageHosts(List.of()), Patterns.NONE),
          Map.of("open", TenantRules.DEFAULT));

  private static final String GOOD =
      """
      featureStore:
        project: dev
        provider: aws
        registry: s3://bucket/registry.db
        online_store: {type: dynamodb, region: us-west-2}
      function: {executionRole: feast}
      endpoint: {authorization: APIKey, apiKeys: {secretName: dev-keys}}
      """;

  private static final String TWO_MISTAKES =
      GOOD.replace("provider: aws", "provider: gcp").replace("s3://bucket", "gs://bucket");

  private static final Map<String, String> CONFIG_MAPS =
      Map.of(
          "good",
          """
          project: dev
          provider: aws
          registry: s3://bucket/registry.db
          online_store: {region: us-west-2}
          """,
          "wrong",
          "{project: dev, provider: %s, registry: s3://b/k, online_store: {region: us-west-2}}"
              .formatted(UNSEEN));

  @SuppressWarnings("NullAway.Init") // Set by the extension.
  @TempDir
  static Path folder;

  @SuppressWarnings("NullAway.Init") // Set before all tests.
  private static AdmissionServer server;

  @SuppressWarnings("NullAway.Init") // Set before all tests.
  private static HttpClient http;

  @SuppressWarnings("NullAway.Init") // Set before all tests.
  private static SSLContext trusting;

  @SuppressWarnings("NullAway.Init") // Set before all tests.
  private static KubernetesSerialization serialization;

  private static final OperatorMetrics metrics = new OperatorMetrics();

  @BeforeAll
  static void start() throws Exception {
    TestCertificate certificate = TestCertificate.of("EC", "webhook").in(folder);
    http = certificate.client();
    trusting = certificate.trusting();
    try (var client = ClusterClient.connect(Config.empty())) {
      serialization = client.getKubernetesSerialization();
    }
    server =
        new AdmissionServer(
            0,
            folder,
            Set.of("open", "strict"),
            new FeatureServerValidator(),
            POLICY,
            (namespace, reference) ->
                Optional.ofNullable(CONFIG_MAPS.get(reference.name()))
                    .<Text>map(Text.Found::new)
                    .orElseGet(() -> new Text.Absent("there is none yet")),
            serialization,
            metrics,
            InstantSource.system());
  }

  @AfterAll
  static void stop() {
    server.close();
    http.close();
    metrics.close();
  }

  @Test
  void admitsWhatIsRightWithoutAWord() throws Exception {
    JsonNode answer = post(review("CREATE", GOOD, null));

    assertThat(answer.path("apiVersion").asText()).isEqualTo("admission.k8s.io/v1");
    assertThat(answer.path("kind").asText()).isEqualTo("AdmissionReview");
    assertThat(answer.at("/response/uid").asText()).isEqualTo("705ab4f5");
    assertThat(answer.at("/response/allowed").asBoolean()).isTrue();
    assertThat(warnings(answer)).isEmpty();
  }

  @Test
  void refusesWithAllThatTheConditionWouldSay() throws Exception {
    JsonNode answer = post(review("CREATE", TWO_MISTAKES, null));

    assertThat(answer.at("/response/allowed").asBoolean(true)).isFalse();
    assertThat(answer.at("/response/status/code").asInt()).isEqualTo(422);
    assertThat(answer.at("/response/status/reason").asText()).isEqualTo("Invalid");
    var spec = serialization.unmarshal(featureServer(TWO_MISTAKES).toString(), FeatureServer.class);
    var keys = Map.of("key", "0123456789abcdef0123456789abcdef");
    assertThat(
            new FeatureServerValidator()
                .validate(spec.getSpec(), null, new Referenced(null, keys), TenantRules.DEFAULT))
        .isInstanceOfSatisfying(
            Validation.Rejected.class,
            rejected ->
                assertThat(answer.at("/response/status/message").asText())
                    .isEqualTo(rejected.message())
                    .contains("2 problems"));
    assertThat(answer.at("/response/status/details/causes"))
        .extracting(cause -> cause.path("reason").asText() + " " + cause.path("field").asText())
        .containsExactly(
            "ProviderNotAws spec.featureStore.provider",
            "RegistryNotOnS3 spec.featureStore.registry");
  }

  @Test
  void saysTheSameInADryRun() throws Exception {
    for (String spec : List.of(GOOD, TWO_MISTAKES)) {
      ObjectNode review = review("CREATE", spec, null);
      JsonNode answer = post(review);
      review.withObject("/request").put("dryRun", true);

      assertThat(post(review)).isEqualTo(answer);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          endpoint: {}                                        | spec.endpoint.authorization: is None
          endpoint: {authorization: None}                     | spec.endpoint.authorization: is None
          {endpoint: {}, deletionPolicy: Retain}              | with deletionPolicy Retain after
          image: {source: "registry.example/feast:1"}         | spec.image.source: names a tag
          image: {uri: "123456789012.dkr.ecr.us-west-2.x/a:1"}| spec.image.uri: names a tag
          rollout: {strategy: Direct}                         | spec.rollout.strategy: is Direct
          suspend: true                                       | spec.suspend: is true
          function: {executionRole: feast, environment: {DB_PASSWORD: x}} | spec.function.environment.DB_PASSWORD: sounds like
          """)
  void warnsOfWhatIsLegalAndPerhapsNotMeant(String change, String warning) throws Exception {
    JsonNode answer = post(review("CREATE", with(GOOD, change), null));

    assertThat(answer.at("/response/allowed").asBoolean()).isTrue();
    assertThat(warnings(answer)).singleElement().asString().contains(warning);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "image: {source: 'registry.example/feast@sha256:"
            + "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef'}",
        "function: {executionRole: feast, environment: {TOKENS: x, PASSWORDLESS: y}}",
        "deletionPolicy: Retain"
      })
  void isSilentWhereThereIsNoDoubt(String change) throws Exception {
    assertThat(warnings(post(review("CREATE", with(GOOD, change), null)))).isEmpty();
  }

  /** The API server drops longer ones, and those with control characters. */
  @Test
  void keepsWarningsInTheShapeThatApiServersPassOn() throws Exception {
    String spec =
        with(
            GOOD,
            "{endpoint: {}, deletionPolicy: Retain, rollout: {strategy: Direct}, suspend: true,"
                + " image: {source: a.example/b:1}, function: {executionRole: feast,"
                + " environment: {ENGINE_API_KEY: x}}}");

    assertThat(warnings(post(review("CREATE", spec, null))))
        .hasSize(5)
        .allSatisfy(warning -> assertThat(warning).hasSizeLessThanOrEqualTo(256));
    String broken = with(TWO_MISTAKES, "aws: {assumeRoleArn: \"a\\tb\\nc\"}");
    assertThat(warnings(post(review("UPDATE", with(broken, "suspend: true"), broken))))
        .isNotEmpty()
        .allSatisfy(warning -> assertThat(warning).doesNotContainPattern("\\p{Cntrl}"));
  }

  @Test
  void refusesAnUpdateForWhatItMakesWrong() throws Exception {
    assertThat(allowed(post(review("UPDATE", TWO_MISTAKES, GOOD)))).isFalse();
  }

  /** Else a policy that denies more would keep people from suspending, retaining, correcting. */
  @Test
  void letsAnUpdateLeaveTheMistakesThatWereThereBefore() throws Exception {
    JsonNode suspended = post(review("UPDATE", with(TWO_MISTAKES, "suspend: true"), TWO_MISTAKES));
    assertThat(allowed(suspended)).isTrue();
    assertThat(warnings(suspended))
        .anySatisfy(warning -> assertThat(warning).contains("provider: holds \"gcp\""))
        .anySatisfy(warning -> assertThat(warning).contains("spec.suspend"));

    JsonNode halfCorrected =
        post(review("UPDATE", TWO_MISTAKES.replace("gs://bucket", "s3://bucket"), TWO_MISTAKES));
    assertThat(allowed(halfCorrected)).isTrue();
    assertThat(warnings(halfCorrected))
        .singleElement()
        .asString()
        .contains("spec.featureStore.provider: holds \"gcp\"");

    JsonNode oneMore =
        post(review("UPDATE", with(TWO_MISTAKES, "image: {uri: 'a b'}"), TWO_MISTAKES));
    assertThat(allowed(oneMore)).isFalse();
    assertThat(oneMore.at("/response/status/message").asText()).contains("3 problems");
  }

  @ParameterizedTest
  @CsvSource({"us-west-2, dev, true", "eu-west-1, dev, false", "us-west-2, prod, false"})
  void refusesToMoveWhatIsDeployed(String region, String project, boolean allowed)
      throws Exception {
    String changed =
        with(GOOD.replace("us-west-2", region).replace("dev\n", project + "\n"), "suspend: true");
    ObjectNode review = review("UPDATE", changed, GOOD);
    review
        .withObject("/request/oldObject")
        .putObject("status")
        .put("region", "us-west-2")
        .put("project", "dev");
    // Whatever a client sends as status, the API server keeps its own.
    review
        .withObject("/request/object")
        .putObject("status")
        .put("region", region)
        .put("project", project);

    JsonNode answer = post(review);

    assertThat(allowed(answer)).isEqualTo(allowed);
    if (!allowed) {
      assertThat(answer.at("/response/status/message").asText())
          .contains("since the first deployment and cannot become");
      assertThat(firstCause(answer)).isEqualTo("FixedFieldChanged");
    }
  }

  @Test
  void warnsWhenBeingDisabledWillTakeDownWhatIsDeployed() throws Exception {
    String disabled =
        GOOD.replace("project: dev", "project: dev\n  feature_server: {enabled: false}");
    ObjectNode review = review("UPDATE", disabled, GOOD);
    assertThat(warnings(post(review))).isEmpty();
    review.withObject("/request/oldObject").putObject("status").put("region", "us-west-2");

    assertThat(warnings(post(review)))
        .singleElement()
        .asString()
        .contains("function and endpoint are taken down");
  }

  /** Neither the operator nor a way out may be blocked. */
  @Test
  void admitsWhateverDoesNotChangeTheSpec() throws Exception {
    assertAdmitted(
        "UPDATE", review -> review.withObject("/request/object/metadata/labels").put("a", "b"));
    assertAdmitted(
        "UPDATE",
        review ->
            review
                .withObject("/request/object/metadata")
                .putArray("finalizers")
                .add("featureservers.aws.feast.dev/finalizer"));
  }

  @Test
  void admitsWhatHappensToOneThatIsBeingDeleted() throws Exception {
    assertAdmitted(
        "UPDATE",
        review -> {
          review.withObject("/request/oldObject/spec").put("suspend", true);
          for (String object : List.of("object", "oldObject")) {
            review
                .withObject("/request/" + object + "/metadata")
                .put("deletionTimestamp", "2026-01-01T00:00:00Z");
          }
        });
    assertAdmitted(
        "DELETE",
        review -> {
          ObjectNode request = review.withObject("/request");
          request.set("oldObject", request.path("object"));
          request.putNull("object");
        });
  }

  @Test
  void admitsStatusesAndWhatIsNotItsOwn() throws Exception {
    assertAdmitted("UPDATE", review -> review.withObject("/request").put("subResource", "status"));
    assertAdmitted(
        "CREATE",
        review -> {
          review.withObject("/request/kind").put("kind", "ConfigMap").put("group", "");
          review
              .withObject("/request/object")
              .put("kind", "ConfigMap")
              .put("apiVersion", "v1")
              .remove("spec");
        });
  }

  private static void assertAdmitted(String operation, Consumer<ObjectNode> change)
      throws Exception {
    ObjectNode review =
        review(operation, TWO_MISTAKES, operation.equals("UPDATE") ? TWO_MISTAKES : null);
    change.accept(review);
    JsonNode answer = post(review);
    assertThat(allowed(answer)).as("%s", answer).isTrue();
    assertThat(warnings(answer)).isEmpty();
  }

  @Test
  void doesNotJudgeAVersionThatItDoesNotKnow() throws Exception {
    ObjectNode review = review("CREATE", TWO_MISTAKES, null);
    review.withObject("/request/kind").put("version", "v1");
    review.withObject("/request/object").put("apiVersion", "aws.feast.dev/v1");

    JsonNode answer = post(review);

    assertThat(allowed(answer)).isTrue();
    assertThat(warnings(answer)).singleElement().asString().contains("v1 is not looked at");
  }

  @Test
  void asksThePolicyOfTheNamespace() throws Exception {
    ObjectNode review = review("CREATE", GOOD, null);
    review.withObject("/request").put("namespace", "strict");
    assertThat(firstCause(post(review))).isEqualTo("ExecutionRoleNotAllowed");

    review.withObject("/request").put("namespace", "of-another-operator");
    assertThat(allowed(post(review))).isTrue();
  }

  @Test
  void looksAtWhatIsToBeAdopted() throws Exception {
    ObjectNode review = review("CREATE", GOOD, null);
    review.withObject("/request/object/metadata/annotations").put("aws.feast.dev/adopt", "?");

    assertThat(firstCause(post(review))).isEqualTo("InvalidAdoption");
  }

  /** As kubectl annotate changes it: nothing of the spec. */
  @Test
  void looksAtWhatAnUpdateAsksToAdopt() throws Exception {
    ObjectNode review = review("UPDATE", GOOD, GOOD);
    review.withObject("/request/object/metadata/annotations").put("aws.feast.dev/adopt", "?");
    assertThat(firstCause(post(review))).isEqualTo("InvalidAdoption");

    // What is there already keeps nobody from changing something else.
    review.withObject("/request/oldObject/metadata/annotations").put("aws.feast.dev/adopt", "?");
    review.withObject("/request/object/metadata/labels").put("a", "b");
    assertThat(allowed(post(review))).isTrue();
  }

  @Test
  void countsWhatItSaid() throws Exception {
    double before = counted("refused");
    post(review("CREATE", TWO_MISTAKES, null));
    assertThat(counted("refused")).isEqualTo(before + 1);
  }

  private static double counted(String result) throws IOException {
    return new String(metrics.scrape(null).body(), UTF_8)
        .lines()
        .filter(line -> line.startsWith("feast_operator_admissions_total{result=\"" + result))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  @Test
  void validatesAConfigMapThatIsThereAndShowsNothingOfIt() throws Exception {
    assertThat(allowed(post(review("CREATE", from("configMapKeyRef", "good"), null)))).isTrue();

    JsonNode answer = post(review("CREATE", from("configMapKeyRef", "wrong"), null));

    assertThat(answer.at("/response/status/message").asText())
        .isEqualTo(
            "feature_store.yaml: provider: holds a value that is not shown here; must be aws");
    assertThat(answer.toString()).doesNotContain(UNSEEN);
  }

  /** {@code kubectl apply} of both may bring the FeatureServer first. */
  @Test
  void admitsOneWhoseConfigMapMayComeLater() throws Exception {
    JsonNode answer = post(review("CREATE", from("configMapKeyRef", "later"), null));

    assertThat(allowed(answer)).isTrue();
    assertThat(warnings(answer)).containsExactly("there is none yet");
  }

  @ParameterizedTest
  @ValueSource(strings = {"configMapKeyRef", "secretKeyRef"})
  void findsWhatIsWrongWithoutTheFeatureStore(String reference) throws Exception {
    String spec =
        with(
            from(reference, "later"),
            """
            {function: {executionRole: "no role", environment: {AWS_REGION: x}},
             image: {uri: "a b"}, aws: {assumeRoleArn: "arn:aws:iam::123456789012:role/a"}}\
            """);

    JsonNode answer = post(review("CREATE", spec, null));

    assertThat(answer.at("/response/status/details/causes"))
        .extracting(cause -> cause.path("reason").asText())
        .containsExactlyInAnyOrder(
            "InvalidExecutionRole",
            "ReservedEnvironmentName",
            "InvalidImage",
            "AssumeRoleNotAllowed");
  }

  @Test
  void readsNoSecret() throws Exception {
    JsonNode answer = post(review("CREATE", from("secretKeyRef", "wrong"), null));

    assertThat(allowed(answer)).isTrue();
    assertThat(warnings(answer)).singleElement().asString().contains("is not looked at here");
  }

  /** Deeper than Java's stack; of what an API server takes nothing may keep the server busy. */
  @Test
  void refusesWhatIsNestedTooDeep() throws Exception {
    String deep = "[".repeat(9_000) + "]".repeat(9_000);
    String review =
        review("CREATE", GOOD, null)
            .toString()
            .replace("\"project\"", "\"a\":" + deep + ",\"project\"");

    JsonNode answer = JSON.readTree(send("POST", "/validate", review).body());

    assertThat(firstCause(answer)).isEqualTo("UnreadableFeatureStore");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "no JSON",
        "apiVersion: admission.k8s.io/v1",
        "{\"apiVersion\":\"admission.k8s.io/v1\",",
        "[]",
        "null",
        "{\"apiVersion\":\"v1\",\"kind\":\"Pod\"}",
        "{\"apiVersion\":\"admission.k8s.io/v1\",\"kind\":\"AdmissionReview\"}",
        "{\"apiVersion\":\"admission.k8s.io/v1\",\"kind\":\"AdmissionReview\",\"request\":{}}",
      })
  void tellsThatABodyIsNoReview(String body) throws Exception {
    assertThat(send("POST", "/validate", body).statusCode()).isEqualTo(400);
  }

  @Test
  void tellsThatItKnowsV1Alone() throws Exception {
    ObjectNode review = review("CREATE", GOOD, null).put("apiVersion", "admission.k8s.io/v1beta1");

    HttpResponse<String> answer = send("POST", "/validate", review.toString());

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("admission.k8s.io/v1");
  }

  @Test
  void tellsThatAnObjectOfItsKindIsNone() throws Exception {
    ObjectNode review = review("CREATE", GOOD, null);
    review.withObject("/request/object").remove("spec");

    assertThat(send("POST", "/validate", review.toString()).statusCode()).isEqualTo(400);
  }

  @ParameterizedTest
  @CsvSource({
    "Content-Length: 6291457, 413",
    "Content-Length: many, 400",
    "Transfer-Encoding: chunked, 411"
  })
  void takesNoBodyWhoseLengthItMayNotTake(String header, int code) throws Exception {
    try (Socket socket = trusting.getSocketFactory().createSocket("127.0.0.1", server.port())) {
      socket.setSoTimeout(60_000);
      socket
          .getOutputStream()
          .write(
              "POST /validate HTTP/1.1\r\nHost: a\r\n%s\r\n\r\n".formatted(header).getBytes(UTF_8));
      var answer = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));

      assertThat(answer.readLine()).startsWith("HTTP/1.1 " + code);
    }
  }

  @ParameterizedTest
  @CsvSource({"GET, /validate, 405", "PUT, /validate, 405", "POST, /, 404", "GET, /metrics, 404"})
  void servesNothingElse(String method, String path, int code) throws Exception {
    assertThat(send(method, path, "{}").statusCode()).isEqualTo(code);
  }

  private static String from(String reference, String name) throws IOException {
    ObjectNode spec = (ObjectNode) YAML.readTree(GOOD);
    spec.remove("featureStore");
    spec.putObject("featureStoreFrom")
        .putObject(reference)
        .put("name", name)
        .put("key", "feature_store.yaml");
    return spec.toString();
  }

  /** The spec with some of its keys replaced. */
  private static String with(String spec, String change) throws IOException {
    ObjectNode changed = (ObjectNode) YAML.readTree(spec);
    changed.setAll((ObjectNode) YAML.readTree(change));
    return changed.toString();
  }

  private static ObjectNode featureServer(String spec) throws IOException {
    ObjectNode object =
        JSON.createObjectNode()
            .put("apiVersion", "aws.feast.dev/v1alpha1")
            .put("kind", "FeatureServer");
    object.putObject("metadata").put("name", "dev").put("namespace", "open").put("generation", 1);
    object.set("spec", YAML.readTree(spec));
    return object;
  }

  private static ObjectNode review(String operation, String spec, @Nullable String oldSpec)
      throws IOException {
    ObjectNode review =
        (ObjectNode)
            YAML.readTree(
                """
                apiVersion: admission.k8s.io/v1
                kind: AdmissionReview
                request:
                  uid: 705ab4f5
                  kind: {group: aws.feast.dev, version: v1alpha1, kind: FeatureServer}
                  resource: {group: aws.feast.dev, version: v1alpha1, resource: featureservers}
                  requestKind: {group: aws.feast.dev, version: v1alpha1, kind: FeatureServer}
                  name: dev
                  namespace: open
                  operation: %s
                  userInfo: {username: admin, uid: "1", groups: ["system:masters"]}
                  dryRun: false
                  options: {apiVersion: meta.k8s.io/v1, kind: CreateOptions, fieldManager: kubectl}
                """
                    .formatted(operation));
    ObjectNode request = review.withObject("/request");
    request.set("object", featureServer(spec));
    request.set("oldObject", oldSpec == null ? JSON.nullNode() : featureServer(oldSpec));
    return review;
  }

  private static JsonNode post(JsonNode review) throws Exception {
    HttpResponse<String> answer = send("POST", "/validate", review.toString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JSON.readTree(answer.body());
  }

  private static HttpResponse<String> send(String method, String path, String body)
      throws Exception {
    return http.send(
        HttpRequest.newBuilder(uri(path))
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(body, UTF_8))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static URI uri(String path) {
    return URI.create("https://127.0.0.1:%d%s".formatted(server.port(), path));
  }

  private static String firstCause(JsonNode answer) {
    return answer.at("/response/status/details/causes/0/reason").asText();
  }

  private static boolean allowed(JsonNode answer) {
    return answer.at("/response/allowed").asBoolean();
  }

  private static List<String> warnings(JsonNode answer) {
    List<String> warnings = new ArrayList<>();
    answer.at("/response/warnings").forEach(warning -> warnings.add(warning.asText()));
    return warnings;
  }
}
