package dev.feast.aws.operator.controller;

import static dev.feast.aws.operator.controller.TestWorld.candidate;
import static dev.feast.aws.operator.controller.TestWorld.condition;
import static dev.feast.aws.operator.controller.TestWorld.function;
import static dev.feast.aws.operator.controller.TestWorld.registry;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.feast.aws.api.v1alpha1.Condition;
import dev.feast.aws.api.v1alpha1.ConditionStatus;
import dev.feast.aws.api.v1alpha1.ConditionType;
import dev.feast.aws.api.v1alpha1.FeatureServer;
import dev.feast.aws.api.v1alpha1.ImageSpec;
import dev.feast.aws.localaws.control.Fault;
import dev.feast.aws.localaws.lambda.Invocation;
import dev.feast.aws.operator.aws.Lambda;
import dev.feast.aws.operator.model.DesiredStack;
import dev.feast.aws.operator.model.ObservedStack.StoredImage;
import dev.feast.aws.operator.model.ObservedStack.Version;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The rules of a rollout, a test for each. */
class RolloutRulesTest {
  private static final String SECRET = "hunter2-in-the-environment";
  private static final String LOOKUP =
      "{\"features\":[\"stats:rate\"],\"entities\":{\"driver_id\":[1001]}}";
  private static final String PROBED =
      """
        function: {environment: {TOKEN: %s}}
        rollout:
          probe:
            request: {features: ['stats:rate'], entities: {driver_id: [1001]}}
            expect: {field_values: [{statuses: {rate: PRESENT}}]}
      """
          .formatted(SECRET);

  @RegisterExtension static final TestWorld world = TestWorld.started();

  @BeforeEach
  void healthy() {
    world.aws.faults().clear();
    world.answering(invocation -> TestWorld.healthy());
    world.logging(invocation -> List.of());
  }

  @Test
  void givesNoTrafficToAVersionThatFailsTheLookupOfTheUsersOwn() throws Exception {
    var probes = new ConcurrentLinkedQueue<String>();
    world.answering(
        invocation -> {
          if (isProbe(invocation)) {
            probes.add(invocation.event());
          }
          return isLookup(invocation)
              ? row(invocation.functionVersion().equals("1") ? "PRESENT" : "NOT_FOUND")
              : TestWorld.healthy();
        });
    world.logging(
        invocation ->
            isLookup(invocation)
                ? List.of("no item in the table", "TOKEN is " + SECRET)
                : List.of());
    world.apply("lookup", PROBED);
    FeatureServer before = world.awaitReady("lookup");
    assertThat(probes)
        .anySatisfy(event -> assertThat(event).contains("\"routeKey\":\"GET /health\""))
        .anySatisfy(
            event ->
                assertThat(event)
                    .contains("\"routeKey\":\"POST /get-online-features\"")
                    .contains("\"body\":\"" + LOOKUP.replace("\"", "\\\"") + "\""));

    world.edit("lookup", TestWorld.storedAt("s3://feast/registries/empty"));

    FeatureServer failing =
        world.awaitCondition(
            "lookup", ConditionType.FUNCTION_READY, ConditionStatus.False, "ProbeFailed");
    String why =
        "Version 2 gets no traffic: the lookup of spec.rollout.probe, POST /get-online-features,"
            + " was answered otherwise than expected: field_values[0].statuses.rate is NOT_FOUND,"
            + " expected is PRESENT";
    assertThat(condition(failing, ConditionType.FUNCTION_READY).message())
        .isEqualTo(why + ". Its log ends:\nno item in the table\nTOKEN is ***");
    assertThat(candidate(failing).message()).isEqualTo(why);
    assertThat(candidate(failing).log()).isEqualTo("no item in the table\nTOKEN is ***");
    Condition ready = condition(failing, ConditionType.READY);
    assertThat(ready.status()).isEqualTo(ConditionStatus.True);
    assertThat(ready.observedGeneration()).isEqualTo(1);
    assertThat(failing.getStatus().endpoint()).isEqualTo(before.getStatus().endpoint());
    assertThat(function(failing).version()).isEqualTo("1");
    assertThat(lookUp(failing)).contains("PRESENT");
    assertThat(
            world.client.getKubernetesSerialization().asYaml(failing.getStatus())
                + world.events("lookup"))
        .doesNotContain(SECRET);

    world.answering(invocation -> isLookup(invocation) ? row("PRESENT") : TestWorld.healthy());
    FeatureServer after = world.awaitReady("lookup");
    assertThat(function(after).version()).isEqualTo("2");
    assertThat(function(after).candidate()).isNull();
  }

  @Test
  void tellsOfAVersionThatAnswersTheLookupWithAnError() {
    world.answering(
        invocation ->
            isLookup(invocation)
                ? TestWorld.response(
                    404, "{\"code\":\"FEATURE_VIEW_NOT_FOUND\",\"detail\":\"no view stats\"}")
                : TestWorld.healthy());
    world.apply("error", PROBED);

    FeatureServer failing =
        world.awaitCondition("error", ConditionType.READY, ConditionStatus.False, "ProbeFailed");

    assertThat(condition(failing, ConditionType.READY).message())
        .contains("was answered with 404 (FEATURE_VIEW_NOT_FOUND): no view stats");
    assertThat(failing.getStatus().endpoint()).isNull();
    assertThat(registry(failing).state()).isEqualTo("loaded");
  }

  @Test
  void tellsNoSecretOfARegistryThatIsNotThere() {
    world.answering(
        invocation ->
            TestWorld.response(
                200,
                "{\"registry\":{\"state\":\"unavailable\",\"message\":\"with %s\"}}"
                    .formatted(SECRET)));
    world.apply("masked", "  function: {environment: {TOKEN: %s}}\n".formatted(SECRET));

    FeatureServer failing =
        world.awaitCondition("masked", ConditionType.READY, ConditionStatus.False, "ProbeFailed");

    assertThat(registry(failing).message()).isEqualTo("with ***");
    assertThat(world.client.getKubernetesSerialization().asYaml(failing.getStatus()))
        .doesNotContain(SECRET);
  }

  @Test
  void rejectsAProbeThatNoVersionCouldBeAsked() {
    world.apply("invalid", "  rollout: {probe: {request: {entities: {driver_id: [1]}}}}\n");

    world.awaitCondition("invalid", ConditionType.STALLED, ConditionStatus.True, "InvalidProbe");
  }

  @Test
  void skipsTheProbesWhereTheStrategyIsDirect() {
    var probes = new ConcurrentLinkedQueue<String>();
    world.answering(
        invocation -> {
          if (isProbe(invocation)) {
            probes.add(invocation.event());
          }
          return TestWorld.unavailable();
        });
    world.apply("direct", "  rollout: {strategy: Direct}\n");
    FeatureServer first = world.awaitReady("direct");
    // What callers get, as the endpoint says it.
    assertThat(registry(first).state()).isEqualTo("unavailable");

    world.edit("direct", TestWorld.storedAt("s3://feast/registries/other"));

    assertThat(function(world.awaitReady("direct")).version()).isEqualTo("2");
    assertThat(probes).isEmpty();
  }

  /** As somebody does who would rather have a version that answers half than none. */
  @Test
  void movesOnToAVersionThatFailedOnceTheStrategyIsDirect() {
    world.apply("give-up", "");
    world.awaitReady("give-up");
    world.answering(
        invocation -> isVersion(invocation, "1") ? TestWorld.healthy() : TestWorld.unavailable());
    world.edit("give-up", TestWorld.storedAt("s3://feast/registries/missing"));
    world.awaitCondition(
        "give-up", ConditionType.FUNCTION_READY, ConditionStatus.False, "ProbeFailed");

    world.edit("give-up", TestWorld.spec("strategy: Verified", "strategy: Direct"));

    FeatureServer after = world.awaitReady("give-up");
    assertThat(function(after).version()).isEqualTo("2");
    assertThat(function(after).candidate()).isNull();
  }

  @Test
  void keepsAsManyFormerVersionsAsKeepVersionsSays() {
    world.apply("keep", "  rollout: {keepVersions: 3}\n");
    world.awaitReady("keep");
    for (int i = 2; i <= 5; i++) {
      world.edit("keep", TestWorld.storedAt("s3://feast/registries/" + i));
      world.awaitReady("keep");
    }
    assertThat(versions("keep")).containsExactly(2L, 3L, 4L, 5L);

    world.edit("keep", TestWorld.spec("keepVersions: 3", "keepVersions: 1"));

    FeatureServer after = world.awaitReady("keep");
    assertThat(versions("keep")).containsExactly(4L, 5L);
    assertThat(function(after).version()).isEqualTo("5");
  }

  @Test
  void removesAnImageFromEcrOnlyOnceNoKeptVersionUsesIt() throws Exception {
    String theirs = world.push("digests", "1", "first");
    String first = digest(world.push("digests", "1", "amd64", "first"));
    String second = digest(world.push("digests", "2", "amd64", "second"));
    String third = digest(world.push("digests", "3", "amd64", "third"));
    world.apply("digests", "  image: {source: '%s:1'}\n".formatted(theirs));
    String own = function(world.awaitReady("digests")).name();
    String tagged = digest(world.push(own, "mine", "amd64", "somebody's own"));

    world.edit("digests", TestWorld.imaged(new ImageSpec(null, theirs + ":2", null, null)));
    world.awaitReady("digests");
    assertThat(images(own)).containsExactlyInAnyOrder(first, second, tagged);

    world.edit("digests", TestWorld.imaged(new ImageSpec(null, theirs + ":3", null, null)));
    world.awaitReady("digests");
    assertThat(images(own)).containsExactlyInAnyOrder(second, third, tagged);

    // One that is gone is brought again where the spec goes back to it.
    world.edit("digests", TestWorld.imaged(new ImageSpec(null, theirs + ":1", null, null)));
    world.awaitReady("digests");
    assertThat(images(own)).containsExactlyInAnyOrder(first, third, tagged);
  }

  @Test
  void putsTheAliasBackThatSomebodyMovedByHand() throws Exception {
    world.apply("moved", "  rollout: {keepVersions: 5}\n");
    world.awaitReady("moved");
    for (int i = 2; i <= 3; i++) {
      world.edit("moved", TestWorld.storedAt("s3://feast/registries/" + i));
      world.awaitReady("moved");
    }
    Lambda lambda = world.region().lambda();
    String name = function(world.get("moved")).name();

    lambda.moveAlias(name, DesiredStack.ALIAS, 1);
    world.restart();

    await()
        .untilAsserted(
            () ->
                assertThat(lambda.alias(name, DesiredStack.ALIAS).orElseThrow().version())
                    .isEqualTo(3));
    world.awaitReady("moved");
    assertThat(versions("moved")).containsExactly(1L, 2L, 3L);
  }

  /** Lambda gives version numbers once: what served before is published again as a new one. */
  @Test
  void goesBackToAFormerSpecByPublishingItAgain() throws Exception {
    world.answering(RolloutRulesTest::itsRegistry);
    world.apply("back", "");
    FeatureServer before = world.awaitReady("back");
    assertThat(lookUp(before)).contains("registries/dev");
    world.edit("back", TestWorld.storedAt("s3://feast/registries/next"));
    assertThat(lookUp(world.awaitReady("back"))).contains("registries/next");

    world.edit("back", TestWorld.storedAt("s3://feast/registries/dev"));

    FeatureServer after = world.awaitReady("back");
    assertThat(lookUp(after)).contains("registries/dev");
    assertThat(function(after).version()).isEqualTo("3");
    assertThat(after.getStatus().endpoint()).isEqualTo(before.getStatus().endpoint());
    assertThat(versions("back")).containsExactly(2L, 3L);
  }

  @Test
  void goesBackToTheVersionThatStillServesWithoutANewOne() throws Exception {
    world.answering(
        invocation ->
            isVersion(invocation, "1") ? itsRegistry(invocation) : TestWorld.unavailable());
    world.apply("stay", "");
    world.awaitReady("stay");
    world.edit("stay", TestWorld.storedAt("s3://feast/registries/missing"));
    world.awaitCondition(
        "stay", ConditionType.FUNCTION_READY, ConditionStatus.False, "ProbeFailed");

    world.edit("stay", TestWorld.storedAt("s3://feast/registries/dev"));

    FeatureServer after = world.awaitReady("stay");
    assertThat(function(after).version()).isEqualTo("1");
    assertThat(function(after).candidate()).isNull();
    assertThat(lookUp(after)).contains("registries/dev");
    assertThat(versions("stay")).containsExactly(1L);
  }

  @Test
  void saysWhatTheEndpointAnswered() {
    world.apply("endpoint", "");

    FeatureServer ready = world.awaitReady("endpoint");

    assertThat(condition(ready, ConditionType.ENDPOINT_AVAILABLE).reason()).isEqualTo("Available");
    assertThat(condition(ready, ConditionType.ENDPOINT_AVAILABLE).message())
        .isEqualTo(
            "GET %s/health answered 200, Feast's registry is loaded."
                .formatted(ready.getStatus().endpoint()));
  }

  @Test
  void isNotReadyBeforeTheEndpointAnswersAndNoLongerOnceItAnswersWronglyForLong() throws Exception {
    world.aws.faults().add(Fault.error("execute-api", "Invoke", 500, "InternalError", "not yet"));
    world.apply("wrong", "");
    FeatureServer early =
        world.awaitCondition("wrong", ConditionType.READY, ConditionStatus.False, "EndpointWrong");
    assertThat(condition(early, ConditionType.ENDPOINT_AVAILABLE).message())
        .isEqualTo("GET %s/health answered 500.".formatted(early.getStatus().endpoint()));
    world.aws.faults().clear();
    world.awaitReady("wrong");

    world.aws.faults().add(Fault.error("execute-api", "Invoke", 500, "InternalError", "broken"));
    world.restart();

    FeatureServer first =
        world.awaitCondition(
            "wrong", ConditionType.ENDPOINT_AVAILABLE, ConditionStatus.False, "EndpointWrong");
    assertThat(condition(first, ConditionType.READY).status()).isEqualTo(ConditionStatus.True);
    world.awaitCondition("wrong", ConditionType.READY, ConditionStatus.False, "EndpointWrong");
    assertThat(versions("wrong")).containsExactly(1L);
    world.aws.faults().clear();
    world.awaitReady("wrong");
  }

  @Test
  void takesAnEndpointThatItCannotReachForNoFailedRollout() {
    world.apply("unreachable", "");
    world.awaitReady("unreachable");
    world.aws.faults().add(Fault.cut("execute-api", "Invoke"));

    world.edit("unreachable", TestWorld.storedAt("s3://feast/registries/next"));

    FeatureServer rolledOut =
        world.awaitCondition(
            "unreachable",
            ConditionType.ENDPOINT_AVAILABLE,
            ConditionStatus.Unknown,
            "EndpointUnreachable");
    Condition ready = condition(rolledOut, ConditionType.READY);
    assertThat(ready.status()).isEqualTo(ConditionStatus.True);
    assertThat(ready.observedGeneration()).isEqualTo(2);
    assertThat(ready.message()).contains("--endpoint-probe=false");
    assertThat(condition(rolledOut, ConditionType.RECONCILING).reason())
        .isEqualTo("EndpointUnreachable");
    assertThat(function(rolledOut).version()).isEqualTo("2");

    world.aws.faults().clear();
    assertThat(function(world.awaitReady("unreachable")).version()).isEqualTo("2");
  }

  @Test
  void asksNoEndpointWhereItIsStartedSo() throws Exception {
    world.stop();
    world.askingEndpoints(false);
    world.aws.calls().clear();
    try {
      world.start();
      world.apply("not-asked", "");

      FeatureServer ready = world.awaitReady("not-asked");

      assertThat(condition(ready, ConditionType.ENDPOINT_AVAILABLE).message())
          .isEqualTo("The API leads to the version that has the traffic.");
      assertThat(world.aws.calls().list()).noneMatch(call -> call.service().equals("execute-api"));
    } finally {
      world.askingEndpoints(true);
      world.restart();
    }
  }

  private static boolean isProbe(Invocation invocation) {
    return invocation.event().contains("\"apiId\":\"probe\"");
  }

  private static boolean isLookup(Invocation invocation) {
    return invocation.event().contains("\"routeKey\":\"POST /get-online-features\"");
  }

  private static boolean isVersion(Invocation invocation, String version) {
    return invocation.functionVersion().equals(version);
  }

  private static String row(String status) {
    return TestWorld.response(
        200,
        "{\"field_values\":[{\"fields\":{\"driver_id\":1001,\"rate\":0.5},"
            + "\"statuses\":{\"driver_id\":\"PRESENT\",\"rate\":\"%s\"}}]}".formatted(status));
  }

  /** A version that answers lookups with the registry that it was deployed with. */
  private static String itsRegistry(Invocation invocation) {
    return isLookup(invocation)
        ? TestWorld.response(200, "{\"registry\":\"%s\"}".formatted(registryOf(invocation)))
        : TestWorld.healthy();
  }

  private static String registryOf(Invocation invocation) {
    return TestWorld.store(invocation)
        .lines()
        .filter(line -> line.contains("registry:"))
        .findFirst()
        .orElseThrow();
  }

  private static String lookUp(FeatureServer resource) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      var request =
          HttpRequest.newBuilder(
                  URI.create(resource.getStatus().endpoint() + "/get-online-features"))
              .header("content-type", "application/json")
              .POST(HttpRequest.BodyPublishers.ofString(LOOKUP))
              .build();
      HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString(UTF_8));
      assertThat(answer.statusCode()).isEqualTo(200);
      return answer.body();
    }
  }

  private static List<Long> versions(String name) {
    return world.region().lambda().versions(function(world.get(name)).name()).stream()
        .map(Version::number)
        .toList();
  }

  private static List<String> images(String repository) {
    return world.region().ecr().images(repository).stream().map(StoredImage::digest).toList();
  }

  private static String digest(String image) {
    return image.substring(image.indexOf('@') + 1);
  }
}
