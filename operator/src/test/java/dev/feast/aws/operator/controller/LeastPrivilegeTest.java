package dev.feast.aws.operator.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.feast.aws.api.v1alpha1.Condition;
import dev.feast.aws.api.v1alpha1.FeatureServer;
import dev.feast.aws.api.v1alpha1.ImageSpec;
import dev.feast.aws.localaws.control.Call;
import dev.feast.aws.localaws.iam.Grant;
import dev.feast.aws.localaws.iam.Identities;
import dev.feast.aws.localaws.iam.Policy;
import dev.feast.aws.localaws.iam.Role;
import dev.feast.aws.operator.aws.AwsRegion;
import dev.feast.aws.operator.aws.Ecr;
import dev.feast.aws.operator.aws.Lambda;
import dev.feast.aws.operator.aws.RateLimits;
import dev.feast.aws.operator.aws.SdkRegions;
import dev.feast.aws.operator.iam.PolicyCommand;
import dev.feast.aws.operator.metrics.OperatorMetrics;
import dev.feast.aws.operator.model.Adoption;
import dev.feast.aws.operator.model.DesiredStack;
import dev.feast.aws.operator.model.ObservedStack.Guard;
import dev.feast.aws.operator.model.ObservedStack.Integration;
import dev.feast.aws.operator.model.ObservedStack.Permission;
import dev.feast.aws.operator.model.ObservedStack.Route;
import dev.feast.aws.operator.model.PolicyStatement;
import dev.feast.aws.operator.policy.ImageHosts;
import dev.feast.aws.operator.policy.Patterns;
import dev.feast.aws.operator.policy.TenantPolicy;
import dev.feast.aws.operator.policy.TenantRules;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/**
 * The operator under exactly the policy that {@code iam-policy operator} prints: it is enough for
 * all that becomes of a FeatureServer, and no action on no resource of it is too much.
 */
@EnableKubernetesMockClient(crud = true)
class LeastPrivilegeTest {
  @SuppressWarnings("NullAway.Init") // Set by the extension.
  static KubernetesClient client;

  private static final String ACCOUNT = "000000000000";
  private static final String OPERATOR = "arn:aws:iam::" + ACCOUNT + ":role/operator";
  private static final String EXECUTION = "lambda_execution_role";
  private static final String THEIRS = "arn:aws:iam::210987654321:role/feast";
  private static final String KEY =
      "arn:aws:kms:us-west-2:" + ACCOUNT + ":key/1234abcd-12ab-34cd-56ef-1234567890ab";
  private static final String TRUST =
      "{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"%s\"},\"Action\":\"sts:AssumeRole\"}}"
          .formatted(ACCOUNT);
  private static final String ELSEWHERE = "creation in another account";
  private static final JsonMapper JSON = new JsonMapper();

  private final Identities identities = new Identities();
  private final AtomicInteger count = new AtomicInteger();
  private final OperatorMetrics metrics = new OperatorMetrics();
  private TestWorld world;
  private SdkRegions hands;
  private String theirs;

  @BeforeEach
  void start(@TempDir Path folder) throws Exception {
    identities.put(Role.of(OPERATOR, TRUST));
    identities.put(
        Role.of(
            "arn:aws:iam::" + ACCOUNT + ":role/" + EXECUTION,
            printed("execution-trust"),
            Policy.parse(executionPolicy())));
    // What somebody else's operator role may do there is tested as this one's is.
    identities.put(
        Role.of(
            THEIRS,
            TRUST,
            Policy.parse(
                "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}}")));
    identities.put(
        Role.of(
            "arn:aws:iam::210987654321:role/" + EXECUTION,
            printed("execution-trust"),
            Policy.parse(executionPolicy())));
    world = new TestWorld(folder, client, aws -> aws.iam(identities));
    world.allowing(
        new TenantPolicy(
            new TenantRules(
                Patterns.ALL,
                new Patterns(List.of(THEIRS)),
                true,
                new ImageHosts(List.of("127.0.0.1:*")),
                Patterns.ALL),
            Map.of()));
    hands =
        new SdkRegions(
            new RateLimits(2_000, 2_000, 2_000, 2_000, 2_000, 2_000, 2_000),
            builder ->
                builder
                    .endpointOverride(world.aws.endpoint())
                    .credentialsProvider(
                        StaticCredentialsProvider.create(
                            AwsBasicCredentials.create("root", "root"))),
            Duration.ofMinutes(10),
            InstantSource.system(),
            metrics);
    Ecr ecr = byHand().ecr();
    String image = world.push(ecr, "shared/images", "1", "amd64", "an image of others");
    theirs = image.substring(0, image.indexOf('@'));
    world.push(ecr, "shared/images", "2", "amd64", "another image of others");
    // Its owner's to set: the operator may change no policy but those of its own repositories.
    ecr.setPolicy("shared/images", Set.of(PolicyStatement.lambdaMayPull(byHand().location())));
    try (var byHands = new AwsByHand(world.aws)) {
      byHands.logs.createLogGroup(r -> r.logGroupName(EndpointTest.LOG_GROUP));
    }
    world.actIn(ACCOUNT);
    world.aws.calls().clear();
    world.start();
  }

  @AfterEach
  void stop() {
    world.close();
    hands.close();
    metrics.close();
    client.resources(FeatureServer.class).inNamespace(TestWorld.NAMESPACE).delete();
  }

  /** What the command prints. */
  static String printed(String... arguments) {
    var out = new StringWriter();
    int code = new CommandLine(new PolicyCommand()).setOut(new PrintWriter(out)).execute(arguments);
    assertThat(code).isZero();
    return out.toString();
  }

  private static String operatorPolicy() {
    return printed(
        "operator",
        "--account=" + ACCOUNT,
        "--region=" + TestWorld.REGION,
        "--execution-role=" + EXECUTION,
        "--image-repository=shared/images",
        "--reserved-concurrency",
        "--provisioned-concurrency",
        "--log-retention",
        "--access-logs",
        "--kms-key=" + KEY,
        "--assume-role=" + THEIRS,
        "--vpc");
  }

  private static String executionPolicy() {
    return printed(
        "execution",
        "--account=" + ACCOUNT,
        "--region=" + TestWorld.REGION,
        "--registry=s3://feast/registries/dev",
        "--project=dev",
        "--tracing",
        "--vpc");
  }

  /** Each action with each resource of the policy, as a statement of its own. */
  private static List<ObjectNode> pairs() throws Exception {
    var pairs = new ArrayList<ObjectNode>();
    for (JsonNode statement : JSON.readTree(operatorPolicy()).path("Statement")) {
      for (JsonNode action : statement.path("Action")) {
        for (JsonNode resource : statement.path("Resource")) {
          pairs.add(
              statement
                  .<ObjectNode>deepCopy()
                  .put("Action", action.asText())
                  .put("Resource", resource.asText()));
        }
      }
    }
    return pairs;
  }

  private Role allowed(List<ObjectNode> statements) {
    ObjectNode policy = JSON.createObjectNode();
    policy.putArray("Statement").addAll(statements);
    Role role = Role.of(OPERATOR, TRUST, Policy.parse(policy.toString()));
    identities.put(role);
    return role;
  }

  private AwsRegion byHand() {
    return hands.in(TestWorld.REGION, null);
  }

  /**
   * A part of a FeatureServer's life, that can be lived again.
   *
   * @param before brings it about that it can begin, with all permissions
   * @param act what somebody does
   * @param settled waits until the operator has done its part
   */
  private record Stage(String name, Step before, Step act, Step settled) {}

  /** Something about the FeatureServer of that name. */
  private interface Step {
    void of(String name) throws Exception;
  }

  private List<Stage> life() {
    Step ready = world::awaitReady;
    Step made =
        name -> {
          world.apply(name, "");
          world.awaitReady(name);
        };
    return List.of(
        new Stage("creation", name -> {}, name -> world.apply(name, ""), ready),
        new Stage(
            "new settings",
            made,
            name -> world.edit(name, TestWorld.storedAt("s3://feast/registries/other")),
            ready),
        new Stage(
            "creation with options of the function",
            name -> {},
            name -> world.apply(name, FunctionOptionsTest.ALL),
            ready),
        new Stage(
            "the function's options",
            made,
            name -> world.edit(name, TestWorld.functionally(FunctionOptionsTest.ALL)),
            ready),
        new Stage(
            "the end of the function's options",
            name -> {
              world.apply(name, FunctionOptionsTest.ALL);
              world.awaitReady(name);
            },
            name -> world.edit(name, FunctionOptionsTest::withoutOptions),
            ready),
        new Stage(
            "creation with a key of its own",
            name -> {},
            name -> world.apply(name, "  function: {kmsKeyArn: '%s'}\n".formatted(KEY)),
            ready),
        new Stage(
            "creation with all that an endpoint may have",
            name -> {},
            name -> world.apply(name, EndpointTest.all(world.aws)),
            ready),
        new Stage(
            "the end of what an endpoint may have",
            name -> {
              world.apply(name, EndpointTest.all(world.aws));
              world.awaitReady(name);
            },
            name -> world.edit(name, TestWorld.endpointly("  endpoint: {}\n")),
            ready),
        new Stage(
            "an image of others, copied",
            made,
            name ->
                world.edit(name, TestWorld.imaged(new ImageSpec(null, theirs + ":1", null, null))),
            ready),
        new Stage(
            "an image of others, in place",
            made,
            name ->
                world.edit(name, TestWorld.imaged(new ImageSpec(theirs + ":2", null, null, null))),
            ready),
        new Stage(
            "the end of an image that no version uses",
            name -> {
              made.of(name);
              world.edit(name, TestWorld.imaged(new ImageSpec(null, theirs + ":1", null, null)));
              world.awaitReady(name);
            },
            name ->
                world.edit(name, TestWorld.imaged(new ImageSpec(null, theirs + ":2", null, null))),
            ready),
        new Stage(
            "other tags",
            name -> {
              world.apply(name, "  aws: {tags: {team: ml}}\n");
              world.awaitReady(name);
            },
            name -> world.edit(name, TestWorld.tagged(Map.of("cost", "a"))),
            ready),
        new Stage(
            "other tags of a log group",
            name -> {
              world.apply(name, FunctionOptionsTest.ALL + "  aws: {tags: {team: ml}}\n");
              world.awaitReady(name);
            },
            name -> world.edit(name, TestWorld.tagged(Map.of("cost", "a"))),
            ready),
        new Stage(
            "deletion with a log group",
            name -> {
              world.apply(name, FunctionOptionsTest.ALL);
              world.awaitReady(name);
            },
            world::delete,
            world::awaitGone),
        new Stage(
            "repair",
            made,
            name -> {
              drift(world.get(name));
              // The next look at AWS would be in minutes.
              world.edit(name, TestWorld.tagged(Map.of("touched", "yes")));
            },
            name -> {
              world.awaitReady(name);
              assertRepaired(world.get(name));
            }),
        new Stage("deletion", made, world::delete, world::awaitGone),
        new Stage(
            "adoption of what Feast's alpha left",
            name -> {
              try (var feast = new AwsByHand(world.aws)) {
                AlphaFeatureServer.of014(world, feast, byHand().ecr(), "dev", name);
              }
            },
            name -> {
              String alpha = alpha(name);
              world.apply(name, Map.of(Adoption.ANNOTATION, "feast-alpha/" + alpha), "");
            },
            ready),
        new Stage(
            "adoption of what another cluster left",
            name -> world.leaveFromAnotherCluster("cluster-2", name, ""),
            name -> world.apply(name, Map.of(Adoption.ANNOTATION, "cluster/cluster-2"), ""),
            ready),
        new Stage(
            ELSEWHERE,
            name -> {},
            name -> world.apply(name, "  aws: {assumeRoleArn: '%s'}\n".formatted(THEIRS)),
            ready));
  }

  /** The API that the alpha made under that version. */
  private String alpha(String version) {
    return byHand().apiGateway().list().stream()
        .filter(api -> api.name().endsWith("-" + version))
        .findFirst()
        .orElseThrow()
        .id();
  }

  /** Changes by hand what the operator then has to change, remove or make anew. */
  private void drift(FeatureServer resource) {
    String api = TestWorld.api(resource).id();
    String function = TestWorld.function(resource).name();
    var gateway = byHand().apiGateway();
    List<Integration> integrations = gateway.integrations(api);
    List<Route> routes = gateway.routes(api);
    gateway.update(api, "renamed");
    Integration other =
        gateway.createIntegration(
            api, Objects.requireNonNull(integrations.getFirst().uri()), "2.0");
    Route route = routes.getFirst();
    gateway.updateRoute(api, route.id(), route.key(), "integrations/" + other.id());
    gateway.updateRoute(api, route.id(), route.key(), route.guard(), Guard.IAM);
    gateway.deleteRoute(api, routes.getLast().id());
    Lambda lambda = byHand().lambda();
    Permission permission = lambda.permissions(function, DesiredStack.ALIAS).getFirst();
    lambda.removePermission(function, DesiredStack.ALIAS, permission.statementId());
    lambda.addPermission(
        function,
        DesiredStack.ALIAS,
        new Permission(
            permission.statementId(),
            permission.principal(),
            permission.action(),
            "arn:aws:execute-api:us-west-2:000000000000:other/*"));
  }

  private void assertRepaired(FeatureServer resource) {
    String api = TestWorld.api(resource).id();
    assertThat(byHand().apiGateway().routes(api)).hasSize(3);
    assertThat(byHand().apiGateway().integrations(api)).hasSize(1);
    assertThat(byHand().apiGateway().find(api).orElseThrow().name()).isNotEqualTo("renamed");
    assertThat(
            byHand().lambda().permissions(TestWorld.function(resource).name(), DesiredStack.ALIAS))
        .allSatisfy(
            permission -> assertThat(Objects.requireNonNull(permission.sourceArn())).contains(api));
  }

  private String fresh() {
    return "life-" + count.incrementAndGet();
  }

  @Test
  void livesItsWholeLifeUnderExactlyThisPolicyAndUsesAllOfIt() throws Exception {
    Role role = allowed(pairs());
    for (Stage stage : life()) {
      String name = fresh();
      stage.before.of(name);
      stage.act.of(name);
      stage.settled.of(name);
    }
    suspendsAndComesBackAfterRetain(fresh());

    assertThat(world.aws.calls().list())
        .filteredOn(call -> call.principal().contains(":assumed-role/operator/"))
        .isNotEmpty()
        .filteredOn(call -> call.status() == 403 || call.errorCode().startsWith("AccessDenied"))
        .extracting(Call::operation)
        .isEmpty();
    assertThat(role.unused()).as("what could go from the policy").isEmpty();
  }

  private void suspendsAndComesBackAfterRetain(String name) {
    world.apply(name, "  deletionPolicy: Retain\n");
    FeatureServer before = world.awaitReady(name);
    world.edit(name, LifecycleTest.suspended(true));
    world.awaiting(
        name,
        "is suspended",
        resource ->
            TestWorld.condition(resource, dev.feast.aws.api.v1alpha1.ConditionType.READY)
                .reason()
                .equals("Suspended"));
    world.delete(name);
    world.awaitGone(name);
    world.apply(name, "");
    FeatureServer after = world.awaitReady(name);
    assertThat(after.getStatus().endpoint()).isEqualTo(before.getStatus().endpoint());
    world.delete(name);
    world.awaitGone(name);
  }

  /** One test for each action on each resource: without it, the operator is stopped and says so. */
  @TestFactory
  Stream<DynamicTest> cannotDoWithoutAnyPartOfIt() throws Exception {
    List<ObjectNode> all = pairs();
    Map<Grant, Stage> firstUse = firstUses(all);
    return all.stream()
        .filter(pair -> !isKept(pair))
        .map(
            missing ->
                dynamicTest(
                    missing.path("Action").asText() + " on " + missing.path("Resource").asText(),
                    () ->
                        withoutIt(
                            missing, all, Objects.requireNonNull(firstUse.get(grant(missing))))));
  }

  /** What it allows is done once, at first: a token and the keys of a role last for hours. */
  private static final Set<String> KEPT = Set.of("ecr:GetAuthorizationToken", "sts:AssumeRole");

  private static boolean isKept(ObjectNode pair) {
    return KEPT.contains(pair.path("Action").asText());
  }

  @Test
  void cannotDoWithoutATokenForTheRegistry() throws Exception {
    withoutIt(allowing("ecr:GetAuthorizationToken"), pairs(), life().getFirst());
  }

  @Test
  void cannotActAsAnotherRoleUnlessItMayAssumeIt() throws Exception {
    withoutIt(
        allowing("sts:AssumeRole"),
        pairs(),
        life().stream().filter(stage -> stage.name.equals(ELSEWHERE)).findFirst().orElseThrow());
  }

  private static ObjectNode allowing(String action) throws Exception {
    return pairs().stream()
        .filter(pair -> pair.path("Action").asText().equals(action))
        .findFirst()
        .orElseThrow();
  }

  private static Grant grant(ObjectNode pair) {
    return new Grant(pair.path("Action").asText(), pair.path("Resource").asText());
  }

  /** In which stage each part of the policy is needed first. */
  private Map<Grant, Stage> firstUses(List<ObjectNode> all) throws Exception {
    var first = new java.util.HashMap<Grant, Stage>();
    for (Stage stage : life()) {
      String name = fresh();
      allowed(all);
      stage.before.of(name);
      Role role = allowed(all);
      stage.act.of(name);
      stage.settled.of(name);
      role.used().forEach(grant -> first.putIfAbsent(grant, stage));
      world.delete(name);
      world.awaitGone(name);
    }
    return first;
  }

  private void withoutIt(ObjectNode missing, List<ObjectNode> all, Stage stage) throws Exception {
    String name = fresh();
    allowed(all);
    stage.before.of(name);
    allowed(all.stream().filter(pair -> !pair.equals(missing)).toList());
    stage.act.of(name);

    FeatureServer stopped =
        world.awaiting(
            name,
            "names " + missing.path("Action").asText() + " in " + stage.name,
            resource -> names(resource, missing.path("Action").asText()));

    assertThat(stopped).isNotNull();
    allowed(all);
    stage.settled.of(name);
    client.resources(FeatureServer.class).inNamespace(TestWorld.NAMESPACE).withName(name).delete();
    world.awaitGone(name);
  }

  private static boolean names(FeatureServer resource, String action) {
    return resource.getStatus().conditions().stream()
        .anyMatch(condition -> names(condition, action));
  }

  /** What Lambda does in the caller's name is told in Lambda's words. */
  private static String deniedByEc2(String action) {
    return "denied by EC2, please make sure your request credentials have permission to "
        + action.substring(action.indexOf(':') + 1)
        + " for ";
  }

  /** API Gateway does not tell which is missing: the advice names all that access logs need. */
  private static final String NO_LOG_DELIVERY = "Insufficient permissions to enable logging";

  /** A registry does not tell why it refuses a HEAD: the advice names all that a push needs. */
  private static final Set<String> BY_HEAD =
      Set.of("ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage");

  private static boolean names(Condition condition, String action) {
    String message = condition.message();
    if (condition.reason().equals("ImagePullDenied")) {
      return BY_HEAD.contains(action)
          ? message.contains(action)
          : message.contains("allow the operator's role " + action + " on arn:aws:ecr:");
    }
    return message.contains(NO_LOG_DELIVERY)
        ? message.contains(action)
        : message.contains("is not authorized to perform: " + action + " on resource:")
            || message.contains(deniedByEc2(action));
  }
}
