package dev.feast.aws.operator.controller;

import static dev.feast.aws.operator.controller.TestWorld.api;
import static dev.feast.aws.operator.controller.TestWorld.condition;
import static dev.feast.aws.operator.controller.TestWorld.function;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.feast.aws.api.v1alpha1.AdoptionPhase;
import dev.feast.aws.api.v1alpha1.ConditionStatus;
import dev.feast.aws.api.v1alpha1.ConditionType;
import dev.feast.aws.api.v1alpha1.FeatureServer;
import dev.feast.aws.api.v1alpha1.PlannedStep;
import dev.feast.aws.localaws.control.Fault;
import dev.feast.aws.localaws.lambda.Invocation;
import dev.feast.aws.operator.model.Adoption;
import dev.feast.aws.operator.model.ObservedStack.Api;
import dev.feast.aws.operator.model.ObservedStack.Integration;
import dev.feast.aws.operator.model.ObservedStack.Route;
import dev.feast.aws.operator.model.StackName;
import dev.feast.aws.operator.model.Tags;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code aws.feast.dev/adopt}: an API of Feast's alpha, or of another cluster, becomes the
 * FeatureServer's, with its id and so its URL.
 */
class AdoptionTest {
  private static final String NAME = "dev";

  /** Until callers meet what was changed of an API; less than the operator waits for that. */
  private static final Duration DEPLOY = Duration.ofMillis(70);

  private static final String THEIRS = "{\"from\":\"before\"}";
  private static final String OURS = "{\"from\":\"now\"}";

  @TempDir
  @SuppressWarnings("NullAway.Init") // Set by the extension.
  Path folder;

  private final MockCluster cluster = new MockCluster();

  @SuppressWarnings("NullAway.Init") // Set before each test.
  private TestWorld world;

  @SuppressWarnings("NullAway.Init") // Set before each test.
  private AwsByHand byHand;

  @BeforeEach
  void start() throws Exception {
    try (KubernetesClient client = cluster.server().createClient()) {
      world = new TestWorld(folder.resolve("world"), client, aws -> aws.deployTime(DEPLOY)).start();
    }
    byHand = new AwsByHand(world.aws);
    world.answering(AdoptionTest::answer);
  }

  @AfterEach
  void close() {
    byHand.close();
    world.close();
    cluster.close();
  }

  /** The alpha's function says who answers. */
  private static String answer(Invocation invocation) {
    if (invocation.event().contains("POST /get-online-features")) {
      return TestWorld.response(200, isTheAlphas(invocation) ? THEIRS : OURS);
    }
    return isTheAlphas(invocation) ? TestWorld.response(404, "{}") : TestWorld.healthy();
  }

  private static boolean isTheAlphas(Invocation invocation) {
    return TestWorld.store(invocation).startsWith(AlphaFeatureServer.MARK);
  }

  private AlphaFeatureServer alpha() throws IOException, InterruptedException {
    return AlphaFeatureServer.of014(world, byHand, "dev");
  }

  /** Ours passes its probes, which do not go that way. */
  private void answeringWronglyThroughTheApiOf(AlphaFeatureServer alpha) {
    world.answering(
        i ->
            isTheAlphas(i) || !i.event().contains(alpha.apiId())
                ? answer(i)
                : TestWorld.response(500, "{}"));
  }

  private void adopt(String value) {
    world.apply(NAME, Map.of(Adoption.ANNOTATION, value), "");
  }

  private Api found(String id) {
    return world.region().apiGateway().find(id).orElseThrow();
  }

  private boolean isThere(String kind, String name) {
    return kind.equals("function")
        ? world.region().lambda().find(name).isPresent()
        : world.region().ecr().find(name).isPresent();
  }

  private List<String> notes(String reason) {
    return world.events(NAME).stream()
        .filter(event -> event.getReason().equals(reason))
        .map(Event::getNote)
        .toList();
  }

  /** 0.14 left a repository for the function alone; later ones one for all projects. */
  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({
    "0.14.1,feast-alpha",
    "0.14.1,feast-alpha/ID",
    "0.22.4,feast-alpha",
    "0.22.4,feast-alpha/ID"
  })
  void takesOverWhatFeastsAlphaLeft(String version, String value) throws Exception {
    AlphaFeatureServer alpha =
        version.equals("0.14.1") ? alpha() : AlphaFeatureServer.of(world, byHand, "dev", version);
    boolean ownRepository = alpha.repository().equals(alpha.name());

    adopt(value.replace("ID", alpha.apiId()));
    FeatureServer adopted = world.awaitReady(NAME);

    assertThat(api(adopted).id()).isEqualTo(alpha.apiId());
    assertThat(adopted.getStatus().endpoint()).isEqualTo(alpha.endpoint());
    assertThat(lookup(alpha.endpoint())).isEqualTo(OURS);
    Api api = found(alpha.apiId());
    assertThat(api.name()).isEqualTo(function(adopted).name());
    assertThat(api.tags())
        .containsEntry(Tags.NAME, NAME)
        .containsEntry(Tags.ADOPTED_FROM, value.replace("ID", alpha.apiId()))
        .doesNotContainKeys(Tags.ADOPTED, Tags.ADOPTED_REPOSITORY, "feast-sdk-version");
    assertThat(world.region().apiGateway().integrations(alpha.apiId()))
        .extracting(Integration::uri)
        .containsExactly(function(adopted).arn() + ":live");
    assertThat(world.region().apiGateway().routes(alpha.apiId()))
        .extracting(Route::key)
        .containsExactlyInAnyOrder(
            "POST /get-online-features", "POST /v2/get-online-features", "GET /health");
    assertThat(byHand.apis.getApis(r -> {}).items()).hasSize(1);
    assertThat(isThere("function", alpha.name())).isFalse();
    assertThat(isThere("repository", alpha.repository())).isEqualTo(!ownRepository);
    assertThat(notes("AdoptionBegun"))
        .singleElement()
        .asString()
        .contains("API " + alpha.apiId(), "project=dev", alpha.name());
    assertThat(notes("Adopted"))
        .singleElement()
        .asString()
        .contains("API " + alpha.apiId(), alpha.name(), function(adopted).name())
        .satisfies(
            note ->
                assertThat(note.contains("ECR repository feast-python-server is left"))
                    .isEqualTo(!ownRepository));
    assertThat(world.eventReasons(NAME)).doesNotContain("DriftRepaired", "DriftFound");
  }

  @Test
  void losesNoLookupOnTheWay() throws Exception {
    AlphaFeatureServer alpha = alpha();
    var answers = new ConcurrentLinkedQueue<String>();
    var over = new AtomicBoolean();
    var callers = new ArrayList<Thread>();
    for (int i = 0; i < 4; i++) {
      callers.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    while (!over.get()) {
                      answers.add(lookup(alpha.endpoint()));
                    }
                  }));
    }

    adopt("feast-alpha");
    world.awaitReady(NAME);
    int before = answers.size();
    await().until(() -> answers.size() > before + 20);
    over.set(true);
    for (Thread caller : callers) {
      caller.join();
    }

    assertThat(answers).containsOnly(THEIRS, OURS);
    assertThat(answers.peek()).isEqualTo(THEIRS);
  }

  /** Its function goes only when ours has answered, and the annotation is needed only to begin. */
  @Test
  void leavesTheAlphaServingUntilAVersionOfOursPasses() throws Exception {
    AlphaFeatureServer alpha = alpha();
    world.answering(i -> isTheAlphas(i) ? answer(i) : TestWorld.unavailable());

    adopt("feast-alpha");
    FeatureServer waiting =
        world.awaitCondition(
            NAME, ConditionType.FUNCTION_READY, ConditionStatus.False, "ProbeFailed");
    assertThat(waiting.getStatus().endpoint()).isNull();
    assertThat(api(waiting).id()).isEqualTo(alpha.apiId());
    assertThat(found(alpha.apiId()).name()).isEqualTo(alpha.name());
    assertThat(lookup(alpha.endpoint())).isEqualTo(THEIRS);

    world.annotate(NAME, Adoption.ANNOTATION, null);
    world.answering(AdoptionTest::answer);
    FeatureServer adopted = world.awaitReady(NAME);

    assertThat(adopted.getStatus().endpoint()).isEqualTo(alpha.endpoint());
    assertThat(lookup(alpha.endpoint())).isEqualTo(OURS);
    assertThat(isThere("function", alpha.name())).isFalse();
    assertThat(isThere("repository", alpha.name())).isFalse();
  }

  /** Where the endpoint does not answer as it should, what could still answer stays. */
  @Test
  void keepsTheAlphasFunctionUntilTheEndpointHasAnswered() throws Exception {
    AlphaFeatureServer alpha = alpha();
    answeringWronglyThroughTheApiOf(alpha);

    adopt("feast-alpha");
    world.awaitCondition(
        NAME, ConditionType.ENDPOINT_AVAILABLE, ConditionStatus.False, "EndpointWrong");
    assertThat(isThere("function", alpha.name())).isTrue();
    assertThat(notes("Adopted")).isEmpty();

    world.answering(AdoptionTest::answer);
    world.awaitReady(NAME);
    assertThat(isThere("function", alpha.name())).isFalse();
  }

  /** It did not, though whatever else is wrong now says nothing of the endpoint. */
  @Test
  void keepsTheAlphasFunctionWhereTheEndpointIsNotAskedBecauseSomethingElseIsWrong()
      throws Exception {
    AlphaFeatureServer alpha = alpha();
    answeringWronglyThroughTheApiOf(alpha);
    adopt("feast-alpha");
    world.awaitCondition(
        NAME, ConditionType.ENDPOINT_AVAILABLE, ConditionStatus.False, "EndpointWrong");

    world
        .aws
        .faults()
        .add(
            Fault.error("lambda", "UpdateFunctionConfiguration", 400, "InvalidParameterValue", "no")
                .times(3));
    world.edit(NAME, TestWorld.functionally("function: {memoryMiB: 2048}"));
    world.awaiting(
        NAME,
        "serves by the new settings, and answers wrongly still",
        resource ->
            "2".equals(function(resource).version())
                && condition(resource, ConditionType.ENDPOINT_AVAILABLE)
                    .reason()
                    .equals("EndpointWrong"));

    assertThat(isThere("function", alpha.name())).isTrue();
  }

  /** Killed right after it: only the status knows of the API then, once the annotation is gone. */
  @Test
  void knowsTheApiThatItClaimedThoughNobodyAsksForItAnyMore() throws Exception {
    AlphaFeatureServer alpha = alpha();
    world.killAt(Fault.cut("apigateway", "TagResource").after().times(1));
    adopt("feast-alpha");
    await().until(world::isKilled);
    world.stop();
    assertThat(found(alpha.apiId()).tags()).containsKey(Tags.CLUSTER);

    world.annotate(NAME, Adoption.ANNOTATION, null);
    world.sparingTheOperator();
    world.restart();

    FeatureServer adopted = world.awaitReady(NAME);
    assertThat(api(adopted).id()).isEqualTo(alpha.apiId());
    assertThat(byHand.apis.getApis(r -> {}).items()).hasSize(1);
    assertThat(isThere("function", alpha.name())).isFalse();
    assertThat(requireNonNull(adopted.getStatus().adoption()))
        .satisfies(
            adoption -> {
              assertThat(adoption.from()).isEqualTo("feast-alpha");
              assertThat(adoption.apiId()).isEqualTo(alpha.apiId());
              assertThat(adoption.function()).isEqualTo(alpha.name());
              assertThat(adoption.phase()).isEqualTo(AdoptionPhase.Ended);
            });
  }

  @Test
  void saysWhatIsLeftWhereTheApiIsDeletedOnTheWay() throws Exception {
    AlphaFeatureServer alpha = alpha();
    world.answering(i -> isTheAlphas(i) ? answer(i) : TestWorld.unavailable());
    adopt("feast-alpha");
    world.awaitCondition(NAME, ConditionType.FUNCTION_READY, ConditionStatus.False, "ProbeFailed");

    byHand.apis.deleteApi(r -> r.apiId(alpha.apiId()));
    world.answering(AdoptionTest::answer);
    FeatureServer ready = world.awaitReady(NAME);

    assertThat(api(ready).id()).isNotEqualTo(alpha.apiId());
    assertThat(isThere("function", alpha.name())).isTrue();
    assertThat(notes("LeftInAws"))
        .singleElement()
        .asString()
        .contains(
            "API " + alpha.apiId(),
            "Lambda function " + alpha.name(),
            "ECR repository " + alpha.repository());
  }

  /** By then the API is gone, and the annotation may well be in Git still. */
  @Test
  void makesAnApiOfItsOwnWhereItIsSwitchedOffAndOnAgain() throws Exception {
    AlphaFeatureServer alpha = alpha();
    adopt("feast-alpha");
    world.awaitReady(NAME);

    world.edit(NAME, TestWorld.spec("enabled: true", "enabled: false"));
    world.awaitCondition(NAME, ConditionType.READY, ConditionStatus.False, "Disabled");
    world.edit(NAME, TestWorld.spec("enabled: false", "enabled: true"));

    assertThat(api(world.awaitReady(NAME)).id()).isNotEqualTo(alpha.apiId());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void changesNothingAfterwards(boolean annotationStays) throws Exception {
    AlphaFeatureServer alpha = alpha();
    adopt("feast-alpha");
    world.awaitReady(NAME);
    // Of another version, left behind as well: the annotation is done with.
    AlphaFeatureServer another = AlphaFeatureServer.of(world, byHand, "dev", "0.22.4");
    if (!annotationStays) {
      world.annotate(NAME, Adoption.ANNOTATION, null);
    }
    world.awaitPass(NAME);
    world.aws.calls().clear();

    world.awaitPass(NAME);
    world.awaitPass(NAME);

    assertThat(world.mutatingCalls()).isEmpty();
    assertThat(found(another.apiId()).tags()).doesNotContainKey(Tags.CLUSTER);

    // Deleted by hand it is drift: another one is made, whatever else there is to adopt.
    byHand.apis.deleteApi(r -> r.apiId(alpha.apiId()));
    world.pass(NAME);
    await()
        .until(
            () ->
                world.eventReasons(NAME).stream()
                    .anyMatch(Set.of("DriftRepaired", "DriftFound")::contains));
    FeatureServer repaired = world.awaitReady(NAME);
    assertThat(api(repaired).id()).isNotEqualTo(alpha.apiId()).isNotEqualTo(another.apiId());
  }

  /** The annotation asked for one API, and that was adopted: a new one is made as any other. */
  @ParameterizedTest
  @ValueSource(strings = {"feast-alpha", "feast-alpha/ID"})
  void makesAnAdoptedApiAnewThatIsGoneThoughTheAnnotationStays(String value) throws Exception {
    AlphaFeatureServer alpha = alpha();
    adopt(value.replace("ID", alpha.apiId()));
    world.awaitReady(NAME);
    AlphaFeatureServer another = AlphaFeatureServer.of(world, byHand, "dev", "0.22.4");
    world
        .aws
        .faults()
        .add(Fault.error("apigateway", "CreateApi", 409, "ConflictException", "not now").times(1));
    byHand.apis.deleteApi(r -> r.apiId(alpha.apiId()));
    world.pass(NAME);
    await().until(() -> byHand.apis.getApis(r -> {}).items().size() == 2);
    FeatureServer repaired = world.awaitReady(NAME);
    assertThat(api(repaired).id()).isNotEqualTo(alpha.apiId()).isNotEqualTo(another.apiId());

    world.aws.calls().clear();
    world.awaitPass(NAME);
    world.awaitPass(NAME);
    assertThat(world.mutatingCalls()).isEmpty();
    world.edit(NAME, TestWorld.functionally("function: {memoryMiB: 2048}"));
    FeatureServer changed = world.awaitReady(NAME);
    assertThat(api(changed).id()).isEqualTo(api(repaired).id());
    assertThat(lookup(requireNonNull(changed.getStatus().endpoint()))).isEqualTo(OURS);
    assertThat(found(another.apiId()).tags()).doesNotContainKey(Tags.CLUSTER);
  }

  @ParameterizedTest
  @ValueSource(strings = {"feast-alpha", "feast-alpha/a1b2c3", "cluster/gone", "cluster/cluster-1"})
  void makesNothingWhereThereIsNothingToAdopt(String value) throws Exception {
    AlphaFeatureServer.of014(world, byHand, "another");
    world.aws.calls().clear();

    adopt(value);
    FeatureServer stalled =
        world.awaitCondition(NAME, ConditionType.STALLED, ConditionStatus.True, "NothingToAdopt");

    assertThat(condition(stalled, ConditionType.STALLED).message())
        .startsWith("The annotation aws.feast.dev/adopt: " + value + ": ")
        .contains(TestWorld.REGION, "Nothing is made", "remove it");
    assertThat(stalled.getStatus().region()).as("it may be the wrong one").isNull();
    assertThat(world.mutatingCalls()).isEmpty();

    world.annotate(NAME, Adoption.ANNOTATION, null);
    world.awaitReady(NAME);
  }

  @Test
  void takesNothingOfAnotherProjectNorOfAnotherOwner() throws Exception {
    AlphaFeatureServer another = AlphaFeatureServer.of014(world, byHand, "another");
    adopt("feast-alpha/" + another.apiId());
    FeatureServer stalled =
        world.awaitCondition(NAME, ConditionType.STALLED, ConditionStatus.True, "NothingToAdopt");
    assertThat(condition(stalled, ConditionType.STALLED).message())
        .contains(another.name(), "for the project dev", "project=another");
    assertThat(lookup(another.endpoint())).isEqualTo(THEIRS);

    String arn = "arn:aws:apigateway:us-west-2::/apis/" + another.apiId();
    byHand.apis.tagResource(
        r ->
            r.resourceArn(arn)
                .tags(
                    Map.of(
                        "project",
                        "dev",
                        Tags.CLUSTER,
                        "cluster-2",
                        Tags.NAMESPACE,
                        "theirs",
                        Tags.NAME,
                        "prod")));
    world.pass(NAME);
    FeatureServer owned =
        world.awaiting(
            NAME,
            "says whose it is",
            resource ->
                condition(resource, ConditionType.STALLED).message().contains("theirs/prod"));
    assertThat(condition(owned, ConditionType.STALLED).reason()).isEqualTo("NothingToAdopt");
  }

  @Test
  void namesThoseOfWhichOneHasToBeChosen() throws Exception {
    AlphaFeatureServer older = alpha();
    AlphaFeatureServer newer = AlphaFeatureServer.of(world, byHand, "dev", "0.22.4");
    adopt("feast-alpha");
    FeatureServer stalled =
        world.awaitCondition(NAME, ConditionType.STALLED, ConditionStatus.True, "SeveralToAdopt");
    assertThat(condition(stalled, ConditionType.STALLED).message())
        .contains(older.apiId(), older.name(), newer.apiId(), newer.name(), "feast-alpha/");

    world.annotate(NAME, Adoption.ANNOTATION, "feast-alpha/" + newer.apiId());
    assertThat(world.awaitReady(NAME).getStatus().endpoint()).isEqualTo(newer.endpoint());
    assertThat(lookup(older.endpoint())).isEqualTo(THEIRS);
  }

  @Test
  void refusesToGiveUpAnEndpointForAnother() throws Exception {
    world.apply(NAME, "");
    FeatureServer ready = world.awaitReady(NAME);
    AlphaFeatureServer alpha = alpha();
    world.aws.calls().clear();

    world.annotate(NAME, Adoption.ANNOTATION, "feast-alpha");
    FeatureServer stalled =
        world.awaitCondition(NAME, ConditionType.STALLED, ConditionStatus.True, "AdoptionConflict");

    assertThat(condition(stalled, ConditionType.STALLED).message())
        .contains(api(ready).id(), requireNonNull(ready.getStatus().endpoint()), "create it anew");
    assertThat(condition(stalled, ConditionType.READY).status()).isEqualTo(ConditionStatus.True);
    assertThat(world.mutatingCalls()).isEmpty();
    assertThat(found(alpha.apiId()).tags()).doesNotContainKey(Tags.CLUSTER);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "alpha", "feast-alpha/", "cluster/", "feast-alpha/A b", "true"})
  void refusesWhatNamesNothing(String value) {
    adopt(value);
    FeatureServer stalled =
        world.awaitCondition(NAME, ConditionType.STALLED, ConditionStatus.True, "InvalidAdoption");
    assertThat(condition(stalled, ConditionType.STALLED).message())
        .contains("metadata.annotations[\"aws.feast.dev/adopt\"]: holds \"" + value + '"')
        .contains("feast-alpha, feast-alpha/<API id> or cluster/<cluster id>");
    assertThat(world.aws.calls().list()).isEmpty();
  }

  @Test
  void plansAnAdoptionWithoutBeginningIt() throws Exception {
    AlphaFeatureServer alpha = alpha();
    world.aws.calls().clear();
    world.apply(NAME, Map.of(Adoption.ANNOTATION, "feast-alpha", PlanMode.ANNOTATION, "true"), "");
    FeatureServer planned =
        world.awaiting(NAME, "has a plan", resource -> resource.getStatus().plan() != null);

    List<PlannedStep> steps = requireNonNull(planned.getStatus().plan()).steps();
    assertThat(steps.getFirst().object()).isEqualTo("API " + alpha.apiId());
    assertThat(steps.getFirst().action()).isEqualTo("claim api");
    assertThat(steps)
        .extracting(PlannedStep::action)
        .contains("update integration", "await replacement")
        .doesNotContain("create api");
    assertThat(world.mutatingCalls()).isEmpty();
  }

  /** It never served in its place: who deletes it may still want what did. */
  @Test
  void leavesTheAlphasFunctionWhereItIsDeletedHalfWay() throws Exception {
    AlphaFeatureServer alpha = alpha();
    world.answering(i -> isTheAlphas(i) ? answer(i) : TestWorld.unavailable());
    adopt("feast-alpha");
    world.awaitCondition(NAME, ConditionType.FUNCTION_READY, ConditionStatus.False, "ProbeFailed");

    world.delete(NAME);
    world.awaitGone(NAME);

    assertThat(world.region().apiGateway().find(alpha.apiId())).isEmpty();
    assertThat(isThere("function", alpha.name())).isTrue();
    assertThat(isThere("repository", alpha.name())).isTrue();
    assertThat(notes("LeftInAws"))
        .singleElement()
        .asString()
        .contains("Lambda function " + alpha.name(), "ECR repository " + alpha.name());
  }

  /** A function of that name which is not the alpha's, and a repository that somebody tagged. */
  @Test
  void leavesWhatIsNoLongerTheAlphas() throws Exception {
    AlphaFeatureServer alpha = alpha();
    byHand.ecr.tagResource(
        r ->
            r.resourceArn(world.region().ecr().find(alpha.name()).orElseThrow().arn())
                .tags(tag -> tag.key("team").value("other")));
    byHand.lambda.tagResource(
        r ->
            r.resource("arn:aws:lambda:us-west-2:000000000000:function:" + alpha.name())
                .tags(Map.of("project", "other")));

    adopt("feast-alpha");
    world.awaitReady(NAME);

    assertThat(isThere("function", alpha.name())).isTrue();
    assertThat(isThere("repository", alpha.name())).isTrue();
    assertThat(notes("Adopted"))
        .singleElement()
        .asString()
        .contains(
            "Lambda function " + alpha.name() + " is left",
            "ECR repository " + alpha.name() + " is left");
  }

  /** The former operator lives: it sees whose the API is now, and leaves it alone. */
  @Test
  void takesOverTheApiOfAnotherClusterWhoseOperatorDoesNotFightForIt() throws Exception {
    try (var there = new MockCluster();
        KubernetesClient client = there.server().createClient();
        TestWorld other =
            world.inAnotherCluster(folder.resolve("other"), client, "cluster-2").start()) {
      other.apply(NAME, "  aws: {tags: {team: former, cost: a}}\n");
      FeatureServer former = other.awaitReady(NAME);
      String endpoint = requireNonNull(former.getStatus().endpoint());

      world.apply(
          NAME, Map.of(Adoption.ANNOTATION, "cluster/cluster-2"), "  aws: {tags: {team: new}}\n");
      FeatureServer adopted = world.awaitReady(NAME);

      assertThat(adopted.getStatus().endpoint()).isEqualTo(endpoint);
      assertThat(api(adopted).id()).isEqualTo(api(former).id());
      assertThat(lookup(endpoint)).isEqualTo(OURS);
      Map<String, String> tags = found(api(adopted).id()).tags();
      assertThat(tags)
          .containsEntry(Tags.CLUSTER, "cluster-1")
          .containsEntry("team", "new")
          .doesNotContainKeys("cost", Tags.ADOPTED);
      assertThat(isThere("function", function(former).name())).isFalse();
      assertThat(isThere("repository", function(former).name())).isFalse();

      world.aws.calls().clear();
      other.pass(NAME);
      FeatureServer stalled =
          other.awaitCondition(
              NAME, ConditionType.STALLED, ConditionStatus.True, "OwnedBySomeoneElse");
      assertThat(condition(stalled, ConditionType.STALLED).message())
          .contains("API " + api(adopted).id(), "team/dev of the cluster cluster-1");
      other.pass(NAME);
      world.awaitPass(NAME);
      other.delete(NAME);
      other.awaitGone(NAME);
      assertThat(world.mutatingCalls()).isEmpty();
      assertThat(lookup(endpoint)).isEqualTo(OURS);
    }
  }

  @Test
  void isGivenToOneOfTwoThatClaimItAtOnce() throws Exception {
    AlphaFeatureServer alpha = alpha();
    try (var there = new MockCluster();
        KubernetesClient client = there.server().createClient();
        TestWorld other =
            world.inAnotherCluster(folder.resolve("other"), client, "cluster-2").start()) {
      adopt("feast-alpha");
      other.apply(NAME, Map.of(Adoption.ANNOTATION, "feast-alpha"), "");

      await()
          .until(
              () ->
                  (world.isServing(NAME, "1") && isRefused(other))
                      || (other.isServing(NAME, "1") && isRefused(world)));
      TestWorld winner = isRefused(other) ? world : other;
      assertThat(winner.get(NAME).getStatus().endpoint()).isEqualTo(alpha.endpoint());
      assertThat(lookup(alpha.endpoint())).isEqualTo(OURS);
      assertThat(byHand.apis.getApis(r -> {}).items()).hasSize(1);
    }
  }

  private static boolean isRefused(TestWorld world) {
    return List.of("NothingToAdopt", "OwnedBySomeoneElse")
        .contains(condition(world.get(NAME), ConditionType.STALLED).reason());
  }

  /** Until ours serves, callers need the other cluster's function. */
  @Test
  void keepsTheOtherClustersFunctionWhereItsFeatureServerIsDeletedTooEarly() throws Exception {
    try (var there = new MockCluster();
        KubernetesClient client = there.server().createClient();
        TestWorld other =
            world.inAnotherCluster(folder.resolve("other"), client, "cluster-2").start()) {
      other.apply(NAME, "  function: {logRetentionDays: 7}\n");
      FeatureServer former = other.awaitReady(NAME);
      String endpoint = requireNonNull(former.getStatus().endpoint());
      String theirs = function(former).name();
      world.answering(
          i ->
              i.functionName().equals(theirs) || !i.event().contains("GET /health")
                  ? answer(i)
                  : TestWorld.unavailable());
      adopt("cluster/cluster-2");
      world.awaitCondition(
          NAME, ConditionType.FUNCTION_READY, ConditionStatus.False, "ProbeFailed");

      other.delete(NAME);
      other.awaitGone(NAME);
      assertThat(lookup(endpoint)).isEqualTo(OURS);
      assertThat(isThere("function", theirs)).isTrue();
      assertThat(world.region().logs().find(StackName.logGroup(theirs))).isPresent();

      world.answering(AdoptionTest::answer);
      world.awaitReady(NAME);
      assertThat(lookup(endpoint)).isEqualTo(OURS);
      assertThat(isThere("function", theirs)).isFalse();
      assertThat(isThere("repository", theirs)).isFalse();
      assertThat(world.region().logs().find(StackName.logGroup(theirs))).isPresent();
    }
  }

  /** What it answered, or what went wrong. */
  private static String lookup(@Nullable String endpoint) {
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpResponse<String> response =
          http.send(
              HttpRequest.newBuilder(URI.create(endpoint + "/get-online-features"))
                  .header("content-type", "application/json")
                  .POST(HttpRequest.BodyPublishers.ofString("{}"))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      return response.statusCode() == 200
          ? response.body()
          : response.statusCode() + " " + response.body();
    } catch (IOException e) {
      return e.toString();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return e.toString();
    }
  }
}
