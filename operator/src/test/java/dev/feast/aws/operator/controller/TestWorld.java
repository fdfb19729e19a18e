package dev.feast.aws.operator.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.feast.aws.api.v1alpha1.ApiStatus;
import dev.feast.aws.api.v1alpha1.AwsSpec;
import dev.feast.aws.api.v1alpha1.CandidateStatus;
import dev.feast.aws.api.v1alpha1.Condition;
import dev.feast.aws.api.v1alpha1.ConditionStatus;
import dev.feast.aws.api.v1alpha1.ConditionType;
import dev.feast.aws.api.v1alpha1.EndpointSpec;
import dev.feast.aws.api.v1alpha1.FeatureServer;
import dev.feast.aws.api.v1alpha1.FeatureServerSpec;
import dev.feast.aws.api.v1alpha1.FeatureServerStatus;
import dev.feast.aws.api.v1alpha1.FunctionSpec;
import dev.feast.aws.api.v1alpha1.FunctionStatus;
import dev.feast.aws.api.v1alpha1.ImageSpec;
import dev.feast.aws.api.v1alpha1.ImageStatus;
import dev.feast.aws.api.v1alpha1.RegistryStatus;
import dev.feast.aws.api.v1alpha1.RepositoryStatus;
import dev.feast.aws.api.v1alpha1.ResolvedImage;
import dev.feast.aws.localaws.LocalAws;
import dev.feast.aws.localaws.control.Call;
import dev.feast.aws.localaws.control.Fault;
import dev.feast.aws.localaws.lambda.ExecutionEnvironment;
import dev.feast.aws.localaws.lambda.FunctionImage;
import dev.feast.aws.localaws.lambda.FunctionLauncher;
import dev.feast.aws.localaws.lambda.ImageRefused;
import dev.feast.aws.localaws.lambda.Invocation;
import dev.feast.aws.localaws.lambda.InvocationResult;
import dev.feast.aws.localaws.lambda.Launch;
import dev.feast.aws.operator.aws.AssumedRole;
import dev.feast.aws.operator.aws.AwsRegion;
import dev.feast.aws.operator.aws.AwsRegions;
import dev.feast.aws.operator.aws.Ecr;
import dev.feast.aws.operator.aws.RateLimits;
import dev.feast.aws.operator.config.OperatorSettings;
import dev.feast.aws.operator.deploy.Pace;
import dev.feast.aws.operator.image.ImageMirror;
import dev.feast.aws.operator.image.ImageOutcome;
import dev.feast.aws.operator.image.Platform;
import dev.feast.aws.operator.image.RemoteRepository;
import dev.feast.aws.operator.image.TestLayout;
import dev.feast.aws.operator.metrics.OperatorMetrics;
import dev.feast.aws.operator.policy.ImageHosts;
import dev.feast.aws.operator.policy.Patterns;
import dev.feast.aws.operator.policy.TenantPolicy;
import dev.feast.aws.operator.policy.TenantRules;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProviderChain;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.auth.credentials.SystemPropertyCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sts.StsClient;

/**
 * An operator between a mock API server and local-aws, whose functions are answered here. For all
 * tests of a class: {@code @RegisterExtension static final TestWorld world = TestWorld.started()}.
 */
final class TestWorld implements AutoCloseable, AfterAllCallback {
  static final String REGION = "us-west-2";
  static final String NAMESPACE = "team";
  static final String LOADED =
      """
      {"status":"ok","project":"dev","registry":{"state":"loaded",
       "lastUpdated":"2021-10-07T00:00:00Z","entities":2,"featureViews":1,"featureServices":0}}
      """;

  private static final AwsBasicCredentials ROOT = AwsBasicCredentials.create("test", "test");

  /**
   * The bound of every wait: long, since a machine may be busy; a test that holds is over before.
   */
  static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final Duration FIRST_BACKOFF = Duration.ofMillis(50);

  static {
    Awaitility.setDefaultTimeout(PATIENCE);
  }

  final LocalAws aws;
  final KubernetesClient client;
  private final String clusterId;
  private final boolean sharesAws;
  private final @Nullable MockCluster cluster;
  private final Path layout;
  private final OperatorMetrics metrics = new OperatorMetrics();
  private final ImageMirror mirror = new ImageMirror(4);
  private final Path folder;
  private final AtomicInteger pushed = new AtomicInteger();
  private final AtomicInteger asked = new AtomicInteger();
  private Duration stuck = Duration.ofMinutes(10);
  private volatile Consumer<FunctionImage> preparation = image -> {};
  private volatile Function<Invocation, String> answer = invocation -> healthy();
  private volatile Function<Invocation, List<String>> log = invocation -> List.of();
  private volatile AwsCredentials credentials = ROOT;
  private volatile boolean withoutCredentials;
  private volatile boolean failing;
  private volatile boolean uninitializable;
  private boolean endpointProbe = true;
  private boolean clientConfigMaps;

  /** The default, but that images may be copied from local-aws, and from where there is none. */
  private TenantPolicy policy =
      new TenantPolicy(
          new TenantRules(
              Patterns.ALL,
              Patterns.NONE,
              true,
              new ImageHosts(List.of("127.0.0.1:*", "registry.example")),
              Patterns.ALL),
          Map.of());

  private final AtomicInteger toRefuse = new AtomicInteger();
  private final OperatorClients clients;
  private @Nullable OperatorClients operatorsClients;
  private @Nullable OperatorProcess operator;
  private volatile @Nullable String killer;

  TestWorld(Path folder, KubernetesClient client) throws IOException {
    this(folder, client, aws -> aws);
  }

  /** With an AWS that is otherwise than by default. */
  TestWorld(Path folder, KubernetesClient client, UnaryOperator<LocalAws.Builder> other)
      throws IOException {
    this(folder, client.getConfiguration(), null, "cluster-1", other, null);
  }

  /** Another cluster, whose operator works in the same account. */
  TestWorld inAnotherCluster(Path folder, KubernetesClient client, String clusterId)
      throws IOException {
    return new TestWorld(folder, client.getConfiguration(), null, clusterId, aws -> aws, aws);
  }

  /**
   * What another cluster's operator made of that FeatureServer is left, and nobody looks after it.
   */
  void leaveFromAnotherCluster(String clusterId, String name, String more) {
    try (var there = new MockCluster();
        KubernetesClient its = there.server().createClient();
        TestWorld other =
            inAnotherCluster(Files.createTempDirectory(folder, clusterId), its, clusterId)
                .start()) {
      other.apply(name, more);
      other.awaitReady(name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private TestWorld(
      Path folder,
      Config config,
      @Nullable MockCluster cluster,
      String clusterId,
      UnaryOperator<LocalAws.Builder> other,
      @Nullable LocalAws shared)
      throws IOException {
    this.clusterId = clusterId;
    this.sharesAws = shared != null;
    this.client = ClusterClient.connect(config);
    this.cluster = cluster;
    this.folder = folder;
    this.layout = Files.createDirectories(folder.resolve("layout"));
    Files.createDirectories(layout.resolve("blobs/sha256"));
    var image = new TestLayout(layout);
    image.of(image.image("amd64", "the runtime"));
    this.aws =
        shared == null
            ? other
                .apply(LocalAws.builder().dataDir(folder.resolve("aws")).functions(launcher()))
                .start()
            : shared;
    this.clients = new OperatorClients(client, aws, () -> credentials, () -> false, metrics);
  }

  /** With an API server of its own and the operator running; closed after the class's tests. */
  static TestWorld started() {
    return started(aws -> aws);
  }

  static TestWorld started(UnaryOperator<LocalAws.Builder> other) {
    try {
      Path folder = Files.createTempDirectory("world");
      var cluster = new MockCluster();
      return new TestWorld(folder, cluster.config(), cluster, "cluster-1", other, null).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void afterAll(ExtensionContext context) {
    close();
  }

  /** The API server of {@link #started()}. */
  MockCluster cluster() {
    return Objects.requireNonNull(cluster);
  }

  /** The operator's credentials are from now on those of a role in that account. */
  void actIn(String account) {
    try (StsClient sts =
        StsClient.builder()
            .region(Region.of(REGION))
            .endpointOverride(aws.endpoint())
            .credentialsProvider(StaticCredentialsProvider.create(ROOT))
            .build()) {
      var issued =
          sts.assumeRole(
                  r ->
                      r.roleArn("arn:aws:iam::%s:role/operator".formatted(account))
                          .roleSessionName("test"))
              .credentials();
      credentials =
          AwsSessionCredentials.create(
              issued.accessKeyId(), issued.secretAccessKey(), issued.sessionToken());
    }
  }

  /** The operator's credentials are those that it began with. */
  void actInItsOwnAccount() {
    credentials = ROOT;
    withoutCredentials = false;
  }

  /** The operator finds no credentials wherever the SDK looks for them. */
  void actWithoutCredentials() {
    withoutCredentials = true;
  }

  private AwsCredentials operatorsCredentials() {
    if (!withoutCredentials) {
      return credentials;
    }
    try (var chain =
        AwsCredentialsProviderChain.of(
            SystemPropertyCredentialsProvider.create(), ContainerCredentialsProvider.create())) {
      return chain.resolveCredentials();
    }
  }

  /**
   * Puts an image into a repository of the account, which is made where it is not there.
   *
   * @return the repository's URI
   */
  String push(String repository, String tag, String content)
      throws IOException, InterruptedException {
    String image = push(repository, tag, "amd64", content);
    return image.substring(0, image.indexOf('@'));
  }

  /** Answers in this JVM; images can be refused as Lambda refuses broken ones, a moment later. */
  private FunctionLauncher launcher() {
    FunctionLauncher inProcess = FunctionLauncher.inProcess(invocation -> answer.apply(invocation));
    return new FunctionLauncher() {
      @Override
      public void prepare(FunctionImage image) throws ImageRefused {
        if (toRefuse.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
          throw new ImageRefused(
              "InvalidImage", "ImageLayerFailure: UnsupportedImageLayerDetected");
        }
        preparation.accept(image);
        inProcess.prepare(image);
      }

      @Override
      public ExecutionEnvironment launch(Launch launch) {
        return logging(inProcess.launch(launch));
      }

      @Override
      public void close() {
        inProcess.close();
      }
    };
  }

  /** The same, writing to the function's log first. */
  private ExecutionEnvironment logging(ExecutionEnvironment answering) {
    return new ExecutionEnvironment() {
      @Override
      public boolean initialize() {
        return !uninitializable;
      }

      @Override
      public InvocationResult invoke(Invocation invocation, Consumer<String> lines) {
        log.apply(invocation).forEach(lines);
        return answering.invoke(invocation, lines);
      }

      @Override
      public boolean isReusable() {
        return answering.isReusable();
      }

      @Override
      public void close() {
        answering.close();
      }
    };
  }

  /** Lambda works on a function, Pending or InProgress, until that is through with its image. */
  void preparing(Consumer<FunctionImage> preparation) {
    this.preparation = preparation;
  }

  /** What an operator that is started from now on waits for Lambda before it says so. */
  void callingStuckAfter(Duration bound) {
    stuck = bound;
  }

  private OperatorProcess.Tempo tempo() {
    return new OperatorProcess.Tempo(
        FIRST_BACKOFF,
        new Pace(
            Duration.ofMillis(20),
            Duration.ofMillis(200),
            stuck,
            Duration.ofMillis(1500),
            Duration.ofMillis(100),
            Duration.ofMillis(400),
            Duration.ofSeconds(2),
            Duration.ofMillis(150)),
        Duration.ZERO);
  }

  /** Lambda takes the next images, that many, and then fails to prepare them. */
  void refusingImages(int next) {
    toRefuse.set(next);
  }

  /**
   * Pushes an image into a repository that is not the operator's.
   *
   * @return its repository's URI and digest
   */
  String push(String repository, String tag, String architecture, String layer)
      throws IOException, InterruptedException {
    return push(region().ecr(), repository, tag, architecture, layer);
  }

  /** The same, with others' permissions than the operator's. */
  String push(Ecr ecr, String repository, String tag, String architecture, String layer)
      throws IOException, InterruptedException {
    String uri = ecr.find(repository).orElseGet(() -> ecr.create(repository, Map.of())).uri();
    Path source = Files.createDirectories(folder.resolve("pushed-" + pushed.incrementAndGet()));
    var image = new TestLayout(source);
    ObjectNode manifest = image.image(architecture, layer);
    String digest = manifest.path("digest").asText();
    Ecr.Login login = ecr.login();
    ImageOutcome copied =
        mirror.copy(
            image.of(manifest),
            RemoteRepository.inEcr(login.registry(), uri, login.token()),
            architecture.equals("arm64") ? Platform.ARM64 : Platform.AMD64);
    assertThat(copied).isEqualTo(new ImageOutcome.Ready(digest));
    try (HttpClient http = HttpClient.newHttpClient()) {
      String path = uri.substring(uri.indexOf('/') + 1);
      var put =
          HttpRequest.newBuilder(
                  login.registry().resolve("/v2/%s/manifests/%s".formatted(path, tag)))
              .header("Authorization", "Basic " + login.token())
              .header("Content-Type", "application/vnd.oci.image.manifest.v1+json")
              .PUT(
                  HttpRequest.BodyPublishers.ofFile(
                      source.resolve("blobs").resolve(digest.replace(':', '/'))))
              .build();
      assertThat(http.send(put, HttpResponse.BodyHandlers.ofString()).statusCode()).isEqualTo(201);
    }
    return uri + "@" + digest;
  }

  /** From now on passes end in an Error where they would ask AWS, or again in what it says. */
  void failing(boolean now) {
    failing = now;
  }

  private AwsRegion asked(AwsRegions regions, String name, @Nullable AssumedRole role) {
    if (failing) {
      throw new StackOverflowError("on purpose");
    }
    return regions.in(name, role);
  }

  /** What an operator that is started from now on lets FeatureServers ask for. */
  void allowing(TenantPolicy allowed) {
    policy = allowed;
  }

  /**
   * The operator is dead from the call on that the fault hits: it learns of no answer and asks for
   * nothing more, in AWS or in Kubernetes. {@link #restart()} brings another one.
   *
   * @param once hits one call
   */
  void killAt(Fault once) {
    assertThat(once.times()).isEqualTo(1);
    killer = aws.faults().add(once);
  }

  /** It goes on where that call did not come. */
  void sparingTheOperator() {
    killer = null;
  }

  /** Whether the call came at which the operator was to be killed. */
  boolean isKilled() {
    String fault = killer;
    return fault != null && !aws.faults().list().containsKey(fault);
  }

  TestWorld start() throws IOException {
    var settings =
        new OperatorSettings(
            Set.of(),
            clusterId,
            layout,
            Duration.ofMinutes(10),
            endpointProbe,
            clientConfigMaps,
            false,
            "default",
            "feature-server-operator",
            "test",
            0,
            null,
            Level.INFO,
            RateLimits.AWS_QUOTAS,
            policy);
    var its = new OperatorClients(client, aws, this::operatorsCredentials, this::isKilled, metrics);
    operatorsClients = its;
    operator =
        new OperatorProcess(
            settings,
            its.kubernetes,
            (region, role) -> asked(its.regions, region, role),
            new MirroredImages(its.kubernetes, mirror, layout, policy),
            tempo(),
            InstantSource.system(),
            metrics);
    return this;
  }

  /** Lets passes that are under way finish, and looks at everything anew. */
  void restart() throws IOException {
    stop();
    start();
  }

  /** Where the operator answers about itself. */
  URI healthUri(String path) {
    return URI.create(
        "http://127.0.0.1:%d%s".formatted(Objects.requireNonNull(operator).healthPort(), path));
  }

  /**
   * Another operator goes to work while passes of the former one are still under way.
   *
   * @return ends the former one
   */
  AutoCloseable takenOver() throws IOException {
    OperatorProcess former = Objects.requireNonNull(operator);
    OperatorClients its = Objects.requireNonNull(operatorsClients);
    start();
    return () -> {
      former.close();
      its.close();
    };
  }

  /** Stops the operator; what it knew in memory is gone. */
  void stop() {
    if (operator != null) {
      operator.close();
      operator = null;
    }
    if (operatorsClients != null) {
      operatorsClients.close();
      operatorsClients = null;
    }
    killer = null;
  }

  @Override
  public void close() {
    stop();
    clients.close();
    metrics.close();
    mirror.close();
    client.close();
    if (!sharesAws) {
      aws.close();
    }
    if (cluster != null) {
      cluster.close();
      deleteTree(folder);
    }
  }

  private static void deleteTree(Path folder) {
    try (Stream<Path> tree = Files.walk(folder)) {
      for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  AwsRegion region() {
    return clients.regions.in(REGION, null);
  }

  /** The region as a role sees it that the operator acts as for the namespace. */
  AwsRegion region(String role) {
    return clients.regions.in(REGION, AssumedRole.of(role, "cluster-1", NAMESPACE));
  }

  /** What functions answer from now on to whatever they are asked. */
  void answering(Function<Invocation, String> newAnswer) {
    answer = newAnswer;
  }

  /** Whether no execution environment of a function can be initialized from now on. */
  void initializingNone(boolean now) {
    uninitializable = now;
  }

  /** What functions log from now on when they are asked something, line by line. */
  void logging(Function<Invocation, List<String>> newLog) {
    log = newLog;
  }

  /** Whether the operator keeps ConfigMaps for clients; from its next start on. */
  void keepingClientConfigMaps(boolean now) {
    clientConfigMaps = now;
  }

  /** Whether operators that are started from now on ask endpoints what they answer. */
  void askingEndpoints(boolean now) {
    endpointProbe = now;
  }

  static String healthy() {
    return response(200, LOADED);
  }

  /** The feature_store.yaml that the invoked version was deployed with. */
  static String store(Invocation invocation) {
    String encoded =
        Objects.requireNonNull(invocation.environment().get("FEATURE_STORE_YAML_BASE64"));
    return new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
  }

  static String unavailable() {
    return response(
        200,
        """
        {"status":"degraded","project":"dev","registry":{"state":"unavailable",
         "reason":"NotFound","message":"the registry is not there"}}
        """);
  }

  static String response(int status, String body) {
    return "{\"statusCode\":%d,\"body\":%s}"
        .formatted(status, "\"" + body.strip().replace("\n", "").replace("\"", "\\\"") + "\"");
  }

  /** A FeatureServer whose spec goes on with these lines, below the documented feature store. */
  FeatureServer apply(String name, String more) {
    return apply(name, Map.of(), more);
  }

  /** The same, with annotations from the start. */
  FeatureServer apply(String name, Map<String, String> annotations, String more) {
    return applySpec(
        name,
        annotations,
        """
          featureStore:
            project: dev
            provider: aws
            registry: s3://feast/registries/dev
            online_store: {type: dynamodb, region: us-west-2}
            feature_server: {enabled: true, execution_role_name: lambda_execution_role}
        """
            + more);
  }

  FeatureServer applySpec(String name, String spec) {
    return applySpec(name, Map.of(), spec);
  }

  private FeatureServer applySpec(String name, Map<String, String> annotations, String spec) {
    String yaml =
        """
        apiVersion: aws.feast.dev/v1alpha1
        kind: FeatureServer
        metadata: {name: %s, namespace: %s}
        spec:
        %s
        """
            .formatted(name, NAMESPACE, spec);
    FeatureServer resource =
        client.getKubernetesSerialization().unmarshal(yaml, FeatureServer.class);
    resource.getMetadata().setAnnotations(annotations);
    return client.resource(resource).create();
  }

  /** Changes the spec, as kubectl would: again where a status was written meanwhile. */
  FeatureServer edit(String name, UnaryOperator<FeatureServer> change) {
    return await()
        .ignoreExceptionsMatching(
            e -> e instanceof KubernetesClientException conflict && conflict.getCode() == 409)
        .until(
            () ->
                client
                    .resources(FeatureServer.class)
                    .inNamespace(NAMESPACE)
                    .withName(name)
                    .edit(change),
            Objects::nonNull);
  }

  /** Another registry than the documented one. */
  static UnaryOperator<FeatureServer> storedAt(String registry) {
    return spec("registry: s3://[^\\n]+", "registry: " + registry);
  }

  static UnaryOperator<FeatureServer> tagged(Map<String, String> tags) {
    return changing(
        spec ->
            changed(
                spec,
                spec.image(),
                spec.function(),
                spec.endpoint(),
                new AwsSpec(null, tags, null)));
  }

  static UnaryOperator<FeatureServer> imaged(@Nullable ImageSpec image) {
    return changing(spec -> changed(spec, image, spec.function(), spec.endpoint(), spec.aws()));
  }

  /**
   * With another {@code spec.function}.
   *
   * @param lines of a spec, beginning with {@code function:}
   */
  static UnaryOperator<FeatureServer> functionally(String lines) {
    FeatureServerSpec spec =
        new KubernetesSerialization().unmarshal(lines.stripIndent(), FeatureServerSpec.class);
    return resource -> functionOf(resource, spec.function());
  }

  /** With another {@code spec.function}. */
  static FeatureServer functionOf(FeatureServer resource, FunctionSpec function) {
    FeatureServerSpec spec = resource.getSpec();
    resource.setSpec(changed(spec, spec.image(), function, spec.endpoint(), spec.aws()));
    return resource;
  }

  /**
   * With another {@code spec.endpoint}.
   *
   * @param lines of a spec, beginning with {@code endpoint:}
   */
  static UnaryOperator<FeatureServer> endpointly(String lines) {
    FeatureServerSpec spec =
        new KubernetesSerialization().unmarshal(lines.stripIndent(), FeatureServerSpec.class);
    return resource -> endpointOf(resource, spec.endpoint());
  }

  /** With another {@code spec.endpoint}. */
  static FeatureServer endpointOf(FeatureServer resource, EndpointSpec endpoint) {
    FeatureServerSpec spec = resource.getSpec();
    resource.setSpec(changed(spec, spec.image(), spec.function(), endpoint, spec.aws()));
    return resource;
  }

  private static UnaryOperator<FeatureServer> changing(UnaryOperator<FeatureServerSpec> change) {
    return resource -> {
      resource.setSpec(change.apply(resource.getSpec()));
      return resource;
    };
  }

  private static FeatureServerSpec changed(
      FeatureServerSpec spec,
      @Nullable ImageSpec image,
      FunctionSpec function,
      EndpointSpec endpoint,
      @Nullable AwsSpec aws) {
    return new FeatureServerSpec(
        spec.featureStore(),
        spec.featureStoreFrom(),
        image,
        function,
        endpoint,
        spec.serving(),
        spec.rollout(),
        aws,
        spec.deletionPolicy(),
        spec.suspend());
  }

  /** The status as a pass leaves it that was killed after the first thing it wrote. */
  static FeatureServer knowingOnlyThePlace(FeatureServer resource) {
    FeatureServerStatus status = resource.getStatus();
    resource.setStatus(
        new FeatureServerStatus(
            status.observedGeneration(),
            status.project(),
            status.region(),
            status.account(),
            status.assumeRoleArn(),
            null,
            null,
            status.conditions(),
            null,
            status.image(),
            null,
            null,
            status.adoption(),
            null,
            null,
            status.optionalParts(),
            null));
    return resource;
  }

  /**
   * As a person edits YAML: one text for another in the spec.
   *
   * @param before a regular expression
   */
  static UnaryOperator<FeatureServer> spec(String before, String after) {
    return resource -> {
      var yaml = new KubernetesSerialization();
      String text = yaml.asYaml(resource.getSpec()).replace("\"", "");
      assertThat(text).containsPattern(before);
      resource.setSpec(yaml.unmarshal(text.replaceAll(before, after), FeatureServerSpec.class));
      return resource;
    };
  }

  /** Writes a Secret, or writes it anew. */
  void secret(String name, Map<String, String> data) {
    var secret =
        new SecretBuilder().withNewMetadata().withNamespace(NAMESPACE).withName(name).endMetadata();
    data.forEach(
        (key, value) ->
            secret.addToData(
                key, Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8))));
    client.resource(secret.build()).createOr(existing -> existing.update());
  }

  FeatureServer get(String name) {
    return client.resources(FeatureServer.class).inNamespace(NAMESPACE).withName(name).get();
  }

  void delete(String name) {
    client.resources(FeatureServer.class).inNamespace(NAMESPACE).withName(name).delete();
  }

  void awaitGone(String name) {
    await(name + " is gone").atMost(PATIENCE).until(() -> get(name) == null);
  }

  /** Waits as {@code kubectl wait --for=condition=Ready} does, and until kstatus says the same. */
  FeatureServer awaitReady(String name) {
    FeatureServer ready = awaiting(name, "is Ready and no longer Reconciling", TestWorld::isReady);
    assertThat(ready.getStatus().conditions())
        .extracting(Condition::type)
        .containsExactlyElementsOf(
            Arrays.stream(ConditionType.values()).map(ConditionType::type).toList());
    return ready;
  }

  /** Whether the newest generation serves by that version, and nothing is left to do. */
  boolean isServing(String name, String version) {
    return holds(name, resource -> isReady(resource) && version.equals(version(resource)));
  }

  private static @Nullable String version(FeatureServer resource) {
    FunctionStatus function = resource.getStatus().function();
    return function == null ? null : function.version();
  }

  private static boolean isReady(FeatureServer resource) {
    return condition(resource, ConditionType.READY).status() == ConditionStatus.True
        && condition(resource, ConditionType.READY).observedGeneration()
            == resource.getMetadata().getGeneration()
        && condition(resource, ConditionType.RECONCILING).status() == ConditionStatus.False;
  }

  /** Waits until the condition is so in a status that knows of the newest spec. */
  FeatureServer awaitCondition(
      String name, ConditionType type, ConditionStatus status, String reason) {
    return awaiting(
        name,
        "has %s=%s (%s)".formatted(type.type(), status, reason),
        resource ->
            resource.getMetadata().getGeneration().equals(resource.getStatus().observedGeneration())
                && condition(resource, type).status() == status
                && condition(resource, type).reason().equals(reason));
  }

  FeatureServer awaiting(String name, String what, Predicate<FeatureServer> holds) {
    try {
      await(name + " " + what).atMost(PATIENCE).until(() -> holds(name, holds));
    } catch (ConditionTimeoutException e) {
      throw new AssertionError(
          "%s: %s; its status is %s".formatted(name, e.getMessage(), get(name).getStatus()), e);
    }
    return get(name);
  }

  private boolean holds(String name, Predicate<FeatureServer> holds) {
    FeatureServer resource = get(name);
    return resource != null
        && resource.getStatus() != null
        && resource.getStatus().conditions() != null
        && holds.test(resource);
  }

  static Condition condition(FeatureServer resource, ConditionType type) {
    return resource
        .getStatus()
        .condition(type)
        .orElseGet(() -> new Condition(type.type(), ConditionStatus.Unknown, 0, "", "", ""));
  }

  static FunctionStatus function(FeatureServer resource) {
    return Objects.requireNonNull(resource.getStatus().function());
  }

  static CandidateStatus candidate(FeatureServer resource) {
    return Objects.requireNonNull(function(resource).candidate());
  }

  static ApiStatus api(FeatureServer resource) {
    return Objects.requireNonNull(resource.getStatus().api());
  }

  static RegistryStatus registry(FeatureServer resource) {
    return Objects.requireNonNull(resource.getStatus().registry());
  }

  static ImageStatus image(FeatureServer resource) {
    return Objects.requireNonNull(resource.getStatus().image());
  }

  static ResolvedImage resolved(FeatureServer resource) {
    return Objects.requireNonNull(image(resource).resolved());
  }

  static RepositoryStatus repository(FeatureServer resource) {
    return Objects.requireNonNull(resource.getStatus().repository());
  }

  /**
   * Sets an annotation as kubectl annotate does, or removes it.
   *
   * @param value null to remove it
   */
  void annotate(String name, String key, @Nullable String value) {
    edit(
        name,
        resource -> {
          Map<String, String> annotations = resource.getMetadata().getAnnotations();
          var now =
              annotations == null ? new TreeMap<String, String>() : new TreeMap<>(annotations);
          if (value == null) {
            now.remove(key);
          } else {
            now.put(key, value);
          }
          resource.getMetadata().setAnnotations(now);
          return resource;
        });
  }

  /** Asks for a pass. */
  void pass(String name) {
    annotate(name, "aws.feast.dev/reconcile", "pass " + asked.incrementAndGet());
  }

  /** Asks for a pass and waits until it has looked at everything in AWS. */
  void awaitPass(String name) {
    long before = looks();
    pass(name);
    await(name + " is looked at").atMost(PATIENCE).until(() -> looks() > before);
  }

  /** How often the last thing was read that a pass looks at. */
  long looks() {
    return aws.calls().list().stream().filter(call -> call.operation().equals("GetStage")).count();
  }

  List<String> mutatingCalls() {
    return aws.calls().mutating().stream().map(TestWorld::text).toList();
  }

  static String text(Call call) {
    return call.service() + ":" + call.operation();
  }

  /** Reasons of the Events about that FeatureServer. */
  List<String> eventReasons(String name) {
    return events(name).stream().map(Event::getReason).toList();
  }

  List<Event> events(String name) {
    return client.events().v1().events().inNamespace(NAMESPACE).list().getItems().stream()
        .filter(event -> event.getRegarding().getName().equals(name))
        .toList();
  }
}
