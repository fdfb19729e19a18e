package dev.feast.aws.operator.controller;

import static dev.feast.aws.operator.controller.TestWorld.NAMESPACE;
import static dev.feast.aws.operator.controller.TestWorld.api;
import static dev.feast.aws.operator.controller.TestWorld.candidate;
import static dev.feast.aws.operator.controller.TestWorld.condition;
import static dev.feast.aws.operator.controller.TestWorld.function;
import static dev.feast.aws.operator.controller.TestWorld.image;
import static dev.feast.aws.operator.controller.TestWorld.registry;
import static dev.feast.aws.operator.controller.TestWorld.repository;
import static dev.feast.aws.operator.controller.TestWorld.resolved;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.feast.aws.api.v1alpha1.Authorization;
import dev.feast.aws.api.v1alpha1.Condition;
import dev.feast.aws.api.v1alpha1.ConditionStatus;
import dev.feast.aws.api.v1alpha1.ConditionType;
import dev.feast.aws.api.v1alpha1.FeatureServer;
import dev.feast.aws.api.v1alpha1.ImageSpec;
import dev.feast.aws.localaws.control.Fault;
import dev.feast.aws.operator.aws.Lambda;
import dev.feast.aws.operator.model.ApiKey;
import dev.feast.aws.operator.model.DesiredStack;
import dev.feast.aws.operator.model.ObservedStack.Api;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What users do to a FeatureServer, and what then is in its status and in AWS. */
class LifecycleTest {
  private static final String FIRST_KEY = "first-0123456789abcdef0123456789abcdef";
  private static final String SECOND_KEY = "second-0123456789abcdef0123456789abcdef";

  @RegisterExtension static final TestWorld world = TestWorld.started();

  @BeforeEach
  void healthy() {
    world.answering(invocation -> TestWorld.healthy());
  }

  @AfterEach
  void clearFaults() {
    world.aws.faults().clear();
  }

  @Test
  void deploysAndBecomesReadyWithAnEndpoint() {
    world.apply("create", "");

    FeatureServer ready = world.awaitReady("create");

    var status = ready.getStatus();
    assertThat(status.endpoint()).startsWith("http://127.0.0.1:").contains("/_apis/");
    assertThat(status.project()).isEqualTo("dev");
    assertThat(status.region()).isEqualTo("us-west-2");
    assertThat(status.account()).isEqualTo("000000000000");
    assertThat(function(ready).version()).isEqualTo("1");
    assertThat(function(ready).candidate()).isNull();
    assertThat(registry(ready).state()).isEqualTo("loaded");
    assertThat(registry(ready).featureViews()).isEqualTo(1);
    for (ConditionType type : ConditionType.values()) {
      boolean abnormal = type == ConditionType.RECONCILING || type == ConditionType.STALLED;
      assertThat(condition(ready, type).status())
          .as(type.type())
          .isEqualTo(abnormal ? ConditionStatus.False : ConditionStatus.True);
    }
    await().until(() -> world.eventReasons("create").contains("Serving"));
    assertThat(world.events("create"))
        .filteredOn(event -> event.getReason().equals("VersionLive"))
        .extracting(Event::getNote)
        .containsExactly(
            "Version 1 has the traffic; what was found before: there is no alias live.");
    Api api = world.region().apiGateway().find(api(ready).id()).orElseThrow();
    assertThat(api.tags())
        .containsEntry("aws.feast.dev/namespace", NAMESPACE)
        .containsEntry("aws.feast.dev/name", "create")
        .containsEntry("feast-owned", "True")
        .containsEntry("project", "dev");
  }

  @Test
  void rollsOutAChangedFeatureStoreAtTheSameEndpoint() {
    world.apply("yaml", "");
    FeatureServer before = world.awaitReady("yaml");

    world.edit("yaml", TestWorld.storedAt("s3://feast/registries/other"));

    FeatureServer after = world.awaitReady("yaml");
    assertThat(after.getStatus().endpoint()).isEqualTo(before.getStatus().endpoint());
    assertThat(api(after)).isEqualTo(api(before));
    assertThat(function(after).version()).isEqualTo("2");
    assertThat(condition(after, ConditionType.READY).lastTransitionTime())
        .isEqualTo(condition(before, ConditionType.READY).lastTransitionTime());
  }

  @Test
  void changesTagsWithoutANewVersion() {
    world.apply("tags", "  aws: {tags: {team: ml, cost: a}}\n");
    FeatureServer before = world.awaitReady("tags");
    String function = function(before).name();
    assertThat(world.region().lambda().find(function).orElseThrow().tags())
        .containsEntry("team", "ml");

    world.edit("tags", TestWorld.tagged(Map.of("team", "platform")));

    FeatureServer after = world.awaitReady("tags");
    assertThat(function(after).version()).isEqualTo("1");
    assertThat(world.region().lambda().find(function).orElseThrow().tags())
        .containsEntry("team", "platform")
        .doesNotContainKey("cost");
    assertThat(world.region().apiGateway().find(api(after).id()).orElseThrow().tags())
        .containsEntry("team", "platform")
        .doesNotContainKey("cost");
  }

  /** The pass writes "Deploying" in its middle and ends with what the status said before it. */
  @ParameterizedTest
  @ValueSource(strings = {"source", "uri"})
  void endsAPassThatChangesNoMoreThanTagsAsItBegan(String key) throws Exception {
    String name = "tagged-" + key;
    String repository = world.push(name, "1", "of another's");
    world.apply(name, "  image: {%s: '%s:1'}\n".formatted(key, repository));
    FeatureServer before = world.awaitReady(name);

    world.edit(name, TestWorld.tagged(Map.of("team", "ml")));

    FeatureServer after = world.awaitReady(name);
    assertThat(function(after)).isEqualTo(function(before));
    for (ConditionType type : ConditionType.values()) {
      assertThat(condition(after, type).status())
          .as(type.type())
          .isEqualTo(condition(before, type).status());
      assertThat(condition(after, type).reason())
          .as(type.type())
          .isEqualTo(condition(before, type).reason());
      assertThat(condition(after, type).observedGeneration()).as(type.type()).isEqualTo(2);
    }
  }

  @Test
  void deploysWhatWasSuspendedAtFirst() {
    world.apply("suspended-first", "  suspend: true\n");
    world.awaitCondition(
        "suspended-first", ConditionType.READY, ConditionStatus.False, "Suspended");

    world.edit("suspended-first", suspended(false));

    FeatureServer ready = world.awaitReady("suspended-first");
    assertThat(condition(ready, ConditionType.SPEC_ACCEPTED).reason()).isEqualTo("Accepted");
  }

  /**
   * Copied, copied again, in place with the same digest, and back: each from where it should be.
   */
  @Test
  void changesTheImageWithoutANewEndpoint() throws Exception {
    String first = world.push("images", "1", "amd64", "first");
    String second = world.push("images", "2", "amd64", "second");
    String theirs = first.substring(0, first.indexOf('@'));
    world.apply("images", "");
    FeatureServer shipped = world.awaitReady("images");
    String own = repository(shipped).uri();
    String runtime = liveImage(shipped);
    assertThat(runtime).startsWith(own + "@sha256:");

    assertServes(shipped, new ImageSpec(null, theirs + ":1", null, null), "2", own + digest(first));
    assertServes(
        shipped, new ImageSpec(null, theirs + ":2", null, null), "3", own + digest(second));
    assertServes(shipped, new ImageSpec(theirs + ":2", null, null, null), "4", second);
    // Version 3 served last and runs from it.
    assertThat(world.region().ecr().find(function(shipped).name())).isPresent();
    assertServes(shipped, new ImageSpec(theirs + ":1", null, null, null), "5", first);
    await().until(() -> world.region().ecr().find(function(shipped).name()).isEmpty());
    assertServes(shipped, null, "6", runtime);
  }

  private static void assertServes(
      FeatureServer before, @Nullable ImageSpec image, String version, String resolved) {
    String name = before.getMetadata().getName();
    world.edit(name, TestWorld.imaged(image));

    FeatureServer after = world.awaitReady(name);

    assertThat(function(after).version()).as("%s", image).isEqualTo(version);
    assertThat(liveImage(after)).as("%s", image).isEqualTo(resolved);
    assertThat(after.getStatus().endpoint()).isEqualTo(before.getStatus().endpoint());
    assertThat(world.region().lambda().permissions(function(after).name(), DesiredStack.ALIAS))
        .hasSize(3);
  }

  private static String liveImage(FeatureServer resource) {
    Lambda lambda = world.region().lambda();
    String name = function(resource).name();
    return lambda
        .version(name, lambda.alias(name, DesiredStack.ALIAS).orElseThrow().version())
        .image();
  }

  private static String digest(String image) {
    return image.substring(image.indexOf('@'));
  }

  @Test
  void pullsWithThePullSecretAndSaysWhenItDoesNotDo() throws Exception {
    String image = world.push("private", "1", "amd64", "private");
    String uri = image.substring(0, image.indexOf('@'));
    String password =
        new String(Base64.getDecoder().decode(world.region().ecr().login().token()), UTF_8);
    pullSecret(uri, "AWS:wrong");
    world.apply("pull", "  image: {source: '%s:1', pullSecret: {name: pull}}\n".formatted(uri));

    FeatureServer denied =
        world.awaitCondition(
            "pull", ConditionType.IMAGE_READY, ConditionStatus.False, "ImagePullDenied");
    assertThat(condition(denied, ConditionType.IMAGE_READY).message())
        .contains("spec.image.source")
        .contains("spec.image.pullSecret");
    pullSecret(uri, password);

    assertThat(liveImage(world.awaitReady("pull"))).endsWith(digest(image));

    // Nothing is to be read any more: what is deployed goes on without it, and is looked after.
    world.client.secrets().inNamespace(NAMESPACE).withName("pull").delete();
    String name = function(world.get("pull")).name();
    world.region().lambda().untag(functionArn("pull"), List.of("project"));
    world.restart();

    await()
        .untilAsserted(
            () ->
                assertThat(world.region().lambda().find(name).orElseThrow().tags())
                    .containsKey("project"));
    world.awaitReady("pull");
  }

  private static String functionArn(String name) {
    return Objects.requireNonNull(function(world.get(name)).arn());
  }

  private static void pullSecret(String uri, String auth) {
    String config =
        "{\"auths\":{\"%s\":{\"auth\":\"%s\"}}}"
            .formatted(
                uri.substring(0, uri.indexOf('/')),
                Base64.getEncoder().encodeToString(auth.getBytes(UTF_8)));
    var secret =
        new SecretBuilder()
            .withNewMetadata()
            .withNamespace(NAMESPACE)
            .withName("pull")
            .endMetadata()
            .withType("kubernetes.io/dockerconfigjson")
            .addToData(
                ".dockerconfigjson", Base64.getEncoder().encodeToString(config.getBytes(UTF_8)))
            .build();
    world.client.resource(secret).createOr(existing -> existing.update());
  }

  @Test
  void keepsTheEndpointServingWhileANewVersionFailsItsProbe() {
    world.apply("probe", "");
    FeatureServer before = world.awaitReady("probe");

    world.answering(
        invocation ->
            invocation.functionVersion().equals("1")
                ? TestWorld.healthy()
                : TestWorld.unavailable());
    world.edit("probe", TestWorld.storedAt("s3://feast/registries/missing"));

    FeatureServer failing =
        world.awaitCondition(
            "probe", ConditionType.FUNCTION_READY, ConditionStatus.False, "ProbeFailed");
    Condition ready = condition(failing, ConditionType.READY);
    assertThat(ready.status()).isEqualTo(ConditionStatus.True);
    assertThat(ready.observedGeneration()).isEqualTo(1);
    assertThat(ready.message()).contains("Generation 1 serves").contains("unavailable (NotFound)");
    assertThat(failing.getStatus().endpoint()).isEqualTo(before.getStatus().endpoint());
    assertThat(function(failing).version()).isEqualTo("1");
    assertThat(candidate(failing).version()).isEqualTo("2");
    assertThat(registry(failing).state()).isEqualTo("loaded");
    assertThat(condition(failing, ConditionType.RECONCILING).status())
        .isEqualTo(ConditionStatus.True);

    world.answering(invocation -> TestWorld.healthy());

    assertThat(function(world.awaitReady("probe")).version()).isEqualTo("2");
  }

  /** What callers get stays in the status while a version with another image fails its probe. */
  @Test
  void showsTheImageAndTheRegistryThatServe() throws Exception {
    world.apply("image", "");
    FeatureServer before = world.awaitReady("image");
    String repository = world.push("mine", "1", "first");
    world.answering(
        invocation ->
            invocation.functionVersion().equals("1")
                ? TestWorld.healthy()
                : TestWorld.unavailable());

    world.edit("image", imageFrom(repository + ":1"));

    FeatureServer failing =
        world.awaitCondition(
            "image", ConditionType.FUNCTION_READY, ConditionStatus.False, "ProbeFailed");
    assertThat(registry(failing)).isEqualTo(registry(before));
    assertThat(image(failing).digest()).isEqualTo(image(before).digest());
    assertThat(image(failing).uri()).isEqualTo(image(before).uri());
    assertThat(resolved(failing).source()).isEqualTo(repository + ":1");
    assertThat(resolved(failing).digest()).isNotEqualTo(image(before).digest());

    world.answering(invocation -> TestWorld.healthy());

    FeatureServer after = world.awaitReady("image");
    assertThat(image(after).digest()).isEqualTo(resolved(failing).digest());
    assertThat(image(after).uri()).endsWith("@" + resolved(failing).digest());
    assertThat(after.getStatus().endpoint()).isEqualTo(before.getStatus().endpoint());
  }

  /** The same digest lies in two repositories: which of them serves is not what the spec says. */
  @Test
  void showsWhereTheImageThatServesIsFrom() throws Exception {
    String theirs = world.push("places", "1", "twice");
    world.apply("places", "  image: {source: '%s:1'}\n".formatted(theirs));
    FeatureServer before = world.awaitReady("places");
    assertThat(image(before).uri()).startsWith(repository(before).uri() + "@");
    world.answering(
        invocation ->
            invocation.functionVersion().equals("1")
                ? TestWorld.healthy()
                : TestWorld.unavailable());

    world.edit("places", TestWorld.imaged(new ImageSpec(theirs + ":1", null, null, null)));

    FeatureServer failing =
        world.awaitCondition(
            "places", ConditionType.FUNCTION_READY, ConditionStatus.False, "ProbeFailed");
    assertThat(image(failing).uri()).isEqualTo(image(before).uri());
    world.answering(invocation -> TestWorld.healthy());
    assertThat(image(world.awaitReady("places")).uri()).startsWith(theirs + "@");
  }

  @Test
  void resolvesATagOnceForAGenerationWhateverHappensMeanwhile() throws Exception {
    world.apply("tag", "");
    world.awaitReady("tag");
    String repository = world.push("moving", "latest", "first");
    world.aws.faults().add(Fault.error("lambda", "GetFunction", 500, "InternalError", "not now"));
    world.edit("tag", imageFrom(repository + ":latest"));
    FeatureServer interrupted =
        world.awaitCondition(
            "tag", ConditionType.RECONCILING, ConditionStatus.True, "AwsUnavailable");
    String first = resolved(interrupted).digest();
    assertThat(resolved(interrupted).generation()).isEqualTo(2);

    world.push("moving", "latest", "second");
    world.aws.faults().clear();

    assertThat(image(world.awaitReady("tag")).digest()).isEqualTo(first);
  }

  @Test
  void makesNoEndpointForAFirstVersionThatFailsItsProbe() {
    world.answering(invocation -> TestWorld.unavailable());
    world.apply("first", "");

    FeatureServer failing =
        world.awaitCondition("first", ConditionType.READY, ConditionStatus.False, "ProbeFailed");

    assertThat(failing.getStatus().endpoint()).isNull();
    assertThat(failing.getStatus().api()).isNull();
    assertThat(registry(failing).state()).isEqualTo("unavailable");
    assertThat(registry(failing).reason()).isEqualTo("NotFound");
    assertThat(registry(failing).message()).isEqualTo("the registry is not there");
    assertThat(candidate(failing).message()).contains("unavailable (NotFound)");
    Lambda lambda = world.region().lambda();
    assertThat(lambda.alias(function(failing).name(), DesiredStack.ALIAS)).isEmpty();

    world.answering(invocation -> TestWorld.healthy());
    world.awaitReady("first");
  }

  @Test
  void warnsOfAnEndpointThatEverybodyMayAskOnceForEachTimeItBecomesOne() {
    world.secret("public-keys", Map.of("first", FIRST_KEY));
    world.apply("public", "  endpoint: {authorization: None}\n");
    FeatureServer open = world.awaitReady("public");
    assertThat(publicWarnings("public"))
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.getType()).isEqualTo("Warning");
              assertThat(event.getNote())
                  .contains(open.getStatus().endpoint(), "spec.endpoint.authorization");
              assertThat(event.getSeries()).isNull();
            });

    world.edit(
        "public",
        TestWorld.spec(
            "authorization: None", "authorization: APIKey\n  apiKeys: {secretName: public-keys}"));
    world.awaiting("public", "serves version 2", r -> "2".equals(function(r).version()));
    world.awaitReady("public");
    assertThat(publicWarnings("public"))
        .singleElement()
        .satisfies(event -> assertThat(event.getSeries()).isNull());

    world.edit(
        "public",
        TestWorld.spec(
            "authorization: APIKey\\s+apiKeys:\\s+secretName: public-keys", "authorization: None"));
    world.awaiting("public", "serves version 3", r -> "3".equals(function(r).version()));
    await()
        .untilAsserted(
            () ->
                assertThat(publicWarnings("public"))
                    .singleElement()
                    .satisfies(
                        event ->
                            assertThat(requireNonNull(event.getSeries()).getCount()).isEqualTo(2)));
  }

  private static List<Event> publicWarnings(String name) {
    return world.events(name).stream()
        .filter(event -> event.getReason().equals("PublicEndpoint"))
        .toList();
  }

  @Test
  void asksForApiKeysAndRollsOutAChangeOfThem() {
    var asked = new ConcurrentLinkedQueue<String>();
    world.answering(
        invocation -> {
          asked.add(new String(invocation.payload(), UTF_8));
          return TestWorld.healthy();
        });
    world.apply("keys", "  endpoint: {authorization: APIKey, apiKeys: {secretName: dev-keys}}\n");
    world.awaitCondition(
        "keys", ConditionType.SPEC_ACCEPTED, ConditionStatus.False, "SecretNotFound");
    assertThat(condition(world.get("keys"), ConditionType.STALLED).status())
        .isEqualTo(ConditionStatus.False);

    world.secret("dev-keys", Map.of("first", FIRST_KEY));

    FeatureServer before = world.awaitReady("keys");
    assertThat(before.getStatus().authorization()).isEqualTo(Authorization.APIKey);
    assertThat(asked).last().asString().contains("\"x-api-key\":\"" + FIRST_KEY + "\"");
    assertThat(environment(before).get("FEATURE_SERVER_API_KEY_SHA256"))
        .isEqualTo(new ApiKey(FIRST_KEY).sha256());

    world.secret("dev-keys", Map.of("second", SECOND_KEY));

    FeatureServer after =
        world.awaiting("keys", "serves version 2", r -> "2".equals(function(r).version()));
    assertThat(after.getStatus().endpoint()).isEqualTo(before.getStatus().endpoint());
    assertThat(environment(after).get("FEATURE_SERVER_API_KEY_SHA256"))
        .isEqualTo(new ApiKey(SECOND_KEY).sha256());
    assertThat(asked).last().asString().contains(SECOND_KEY);
    assertThat(
            world.client.getKubernetesSerialization().asYaml(after)
                + world.events("keys")
                + environment(after))
        .doesNotContain(FIRST_KEY, SECOND_KEY);
  }

  @Test
  void keepsServingWhileAKeyIsTooShortOrTheSecretIsGone() {
    world.secret("short-keys", Map.of("a", FIRST_KEY));
    world.apply(
        "short", "  endpoint: {authorization: APIKey, apiKeys: {secretName: short-keys}}\n");
    FeatureServer before = world.awaitReady("short");
    world.aws.calls().clear();

    world.secret("short-keys", Map.of("a", "hunter2"));
    FeatureServer rejected =
        world.awaitCondition("short", ConditionType.STALLED, ConditionStatus.True, "InvalidApiKey");
    assertThat(condition(rejected, ConditionType.STALLED).message())
        .contains("short-keys", "7 characters", "at least 32")
        .doesNotContain("hunter2");
    world.client.secrets().inNamespace(NAMESPACE).withName("short-keys").delete();
    FeatureServer waiting =
        world.awaitCondition(
            "short", ConditionType.SPEC_ACCEPTED, ConditionStatus.False, "SecretNotFound");

    assertThat(condition(waiting, ConditionType.READY).status()).isEqualTo(ConditionStatus.True);
    assertThat(waiting.getStatus().endpoint()).isEqualTo(before.getStatus().endpoint());
    assertThat(waiting.getStatus().authorization()).isEqualTo(Authorization.APIKey);
    assertThat(callsAboutFunction(before)).isEmpty();
  }

  @Test
  void rollsOutAChangeOfServing() {
    world.apply("serving", "");
    FeatureServer before = world.awaitReady("serving");
    assertThat(before.getStatus().authorization()).isEqualTo(Authorization.None);
    assertThat(environment(before).get("FEATURE_SERVER_SERVING"))
        .isEqualTo(
            "{\"responseFormat\":\"FieldValues\",\"staleFeatures\":\"Serve\",\"maxRows\":10000}");

    world.edit("serving", TestWorld.spec("maxRows: 10000", "maxRows: 7"));

    FeatureServer after = world.awaitReady("serving");
    assertThat(function(after).version()).isEqualTo("2");
    assertThat(environment(after).get("FEATURE_SERVER_SERVING")).contains("\"maxRows\":7");
  }

  private static Map<String, String> environment(FeatureServer resource) {
    return world
        .region()
        .lambda()
        .find(function(resource).name())
        .orElseThrow()
        .configuration()
        .settings()
        .environment()
        .variables();
  }

  private static List<String> callsAboutFunction(FeatureServer resource) {
    return world.mutatingCalls().stream().filter(call -> call.startsWith("lambda:")).toList();
  }

  @Test
  void removesEverythingAndThenItsFinalizer() {
    world.apply("delete", "");
    FeatureServer ready = world.awaitReady("delete");
    assertThat(ready.getMetadata().getFinalizers())
        .containsExactly("featureservers.aws.feast.dev/finalizer");

    world.delete("delete");

    world.awaitGone("delete");
    assertNothingLeft(ready);
  }

  @Test
  void retainsWhatDeletionPolicySaysAndTakesItBack() {
    world.apply("retain", "  deletionPolicy: Retain\n");
    FeatureServer before = world.awaitReady("retain");

    world.delete("retain");
    world.awaitGone("retain");

    assertThat(world.eventReasons("retain")).contains("Retained");
    assertThat(world.region().apiGateway().find(api(before).id())).isPresent();

    world.apply("retain", "");
    FeatureServer after = world.awaitReady("retain");
    assertThat(after.getStatus().endpoint()).isEqualTo(before.getStatus().endpoint());
    assertThat(world.region().lambda().find(function(after).name()).orElseThrow().tags())
        .containsEntry("aws.feast.dev/uid", after.getMetadata().getUid());
  }

  /** A pass that was killed made more than the status knows of. */
  @Test
  void saysOfEverythingInAwsThatItIsRetained() {
    world.apply("retain-more", "  deletionPolicy: Retain\n  suspend: true\n");
    world.awaitCondition("retain-more", ConditionType.READY, ConditionStatus.False, "Suspended");
    world.edit("retain-more", suspended(false));
    FeatureServer ready = world.awaitReady("retain-more");
    world.edit("retain-more", suspended(true));
    world.awaitCondition("retain-more", ConditionType.READY, ConditionStatus.True, "Suspended");
    world
        .client
        .resources(FeatureServer.class)
        .inNamespace(NAMESPACE)
        .withName("retain-more")
        .editStatus(TestWorld::knowingOnlyThePlace);

    world.delete("retain-more");
    world.awaitGone("retain-more");

    assertThat(world.events("retain-more"))
        .filteredOn(event -> event.getReason().equals("Retained"))
        .extracting(Event::getNote)
        .singleElement()
        .asString()
        .contains("API " + api(ready).id())
        .contains("Lambda function " + function(ready).name())
        .contains("ECR repository " + function(ready).name());
  }

  @Test
  void takesDownWhatIsDisabledAndBringsItBack() {
    world.apply("disable", "");
    FeatureServer ready = world.awaitReady("disable");

    world.edit("disable", enabled(false));

    FeatureServer off =
        world.awaitCondition("disable", ConditionType.READY, ConditionStatus.False, "Disabled");
    assertThat(off.getStatus().endpoint()).isNull();
    assertThat(off.getStatus().region()).isNull();
    assertNothingLeft(ready);

    world.edit("disable", enabled(true));
    world.awaitReady("disable");
  }

  @Test
  void saysOfWhatIsDisabledAndRetainedThatItServes() {
    world.apply("disable-retain", "  deletionPolicy: Retain\n");
    FeatureServer ready = world.awaitReady("disable-retain");

    world.edit("disable-retain", enabled(false));

    FeatureServer off =
        world.awaitCondition(
            "disable-retain", ConditionType.READY, ConditionStatus.True, "Disabled");
    assertThat(condition(off, ConditionType.READY).observedGeneration()).isEqualTo(1);
    assertThat(condition(off, ConditionType.READY).message()).contains("deletionPolicy Retain");
    assertThat(condition(off, ConditionType.ENDPOINT_AVAILABLE).status())
        .isEqualTo(ConditionStatus.True);
    assertThat(off.getStatus().endpoint()).isEqualTo(ready.getStatus().endpoint());
  }

  @Test
  void changesNothingWhileSuspendedButStillDeletes() {
    world.apply("suspend", "");
    FeatureServer ready = world.awaitReady("suspend");
    world.edit("suspend", suspended(true));
    FeatureServer suspended =
        world.awaitCondition("suspend", ConditionType.READY, ConditionStatus.True, "Suspended");
    assertThat(condition(suspended, ConditionType.READY).observedGeneration()).isEqualTo(1);

    world.edit("suspend", TestWorld.storedAt("s3://feast/registries/other"));
    world.awaiting(
        "suspend",
        "has looked at the last generation",
        resource ->
            resource
                .getMetadata()
                .getGeneration()
                .equals(resource.getStatus().observedGeneration()));
    assertThat(function(world.get("suspend")).version()).isEqualTo("1");

    world.delete("suspend");
    world.awaitGone("suspend");
    assertNothingLeft(ready);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ConfigMap", "Secret"})
  void waitsForWhatItRefersToAndFollowsItsChanges(String kind) {
    String name = "reference-" + kind.toLowerCase(Locale.ROOT);
    String key = kind.equals("Secret") ? "secretKeyRef" : "configMapKeyRef";
    world.applySpec(name, "  featureStoreFrom: {%s: {name: store, key: yaml}}\n".formatted(key));
    world.awaitCondition(
        name, ConditionType.SPEC_ACCEPTED, ConditionStatus.False, kind + "NotFound");

    reference(kind, "other", "x");
    world.awaitCondition(
        name, ConditionType.SPEC_ACCEPTED, ConditionStatus.False, kind + "KeyNotFound");

    reference(kind, "yaml", store("s3://feast/one"));
    assertThat(function(world.awaitReady(name)).version()).isEqualTo("1");

    reference(kind, "yaml", store("s3://feast/two"));
    FeatureServer second =
        world.awaiting(
            name, "serves the second store", resource -> "2".equals(function(resource).version()));
    String served =
        world
            .region()
            .lambda()
            .version(function(second).name(), 2)
            .settings()
            .environment()
            .variables()
            .get("FEATURE_STORE_YAML_BASE64");
    assertThat(new String(Base64.getDecoder().decode(served), StandardCharsets.UTF_8))
        .isEqualTo(store("s3://feast/two"));
  }

  @Test
  void logsInJsonWhichFeatureServerALineIsAbout() {
    try (var log = new LogLines()) {
      world.apply("logs", "");
      world.awaitReady("logs");
      world.edit("logs", TestWorld.storedAt("s3://feast/registries/other"));
      world.awaitReady("logs");

      assertThat(log.parsed())
          .allSatisfy(
              line -> assertThat(line.fieldNames()).toIterable().contains("time", "message"));
      assertThat(log.parsed())
          .filteredOn(line -> line.path("name").asText().equals("logs"))
          .extracting(
              line -> line.path("namespace").asText() + " " + line.path("generation").asText())
          .contains(NAMESPACE + " 1", NAMESPACE + " 2")
          .doesNotContain(NAMESPACE + " ");
    }
  }

  @Test
  void refusesToMoveToAnotherRegionOrProject() {
    world.apply("fixed", "");
    FeatureServer ready = world.awaitReady("fixed");

    world.edit("fixed", region("eu-central-1"));

    FeatureServer refused =
        world.awaitCondition(
            "fixed", ConditionType.STALLED, ConditionStatus.True, "FixedFieldChanged");
    assertThat(condition(refused, ConditionType.READY).status()).isEqualTo(ConditionStatus.True);
    assertThat(condition(refused, ConditionType.READY).observedGeneration()).isEqualTo(1);
    assertThat(condition(refused, ConditionType.SPEC_ACCEPTED).message())
        .contains("us-west-2")
        .contains("eu-central-1");
    assertThat(refused.getStatus().endpoint()).isEqualTo(ready.getStatus().endpoint());

    world.edit("fixed", TestWorld.spec("region: eu-central-1", "region: us-west-2"));
    world.awaitReady("fixed");
    world.edit("fixed", TestWorld.spec("project: dev", "project: prod"));

    FeatureServer other =
        world.awaitCondition(
            "fixed", ConditionType.STALLED, ConditionStatus.True, "FixedFieldChanged");
    assertThat(condition(other, ConditionType.SPEC_ACCEPTED).message())
        .contains("project is dev")
        .contains("prod");
    assertThat(other.getStatus().project()).isEqualTo("dev");
  }

  /**
   * Credentials that were rotated into another account: nothing is made there, nothing forgotten.
   */
  @Test
  void refusesToMoveToAnotherAccountAndToForgetWhatIsInTheFirst() {
    world.apply("account", "");
    FeatureServer ready = world.awaitReady("account");
    world.aws.calls().clear();
    try {
      world.actIn("111111111111");
      world.edit("account", TestWorld.storedAt("s3://feast/registries/other"));

      FeatureServer refused =
          world.awaitCondition(
              "account", ConditionType.RECONCILING, ConditionStatus.True, "OtherAccount");
      assertThat(condition(refused, ConditionType.READY).status()).isEqualTo(ConditionStatus.True);
      assertThat(condition(refused, ConditionType.STALLED).status())
          .isEqualTo(ConditionStatus.False);
      assertThat(condition(refused, ConditionType.SPEC_ACCEPTED).status())
          .isEqualTo(ConditionStatus.True);
      assertThat(condition(refused, ConditionType.RECONCILING).message())
          .contains("000000000000")
          .contains("111111111111");

      world.delete("account");
      FeatureServer kept =
          world.awaiting(
              "account",
              "says why it cannot be taken down",
              resource ->
                  condition(resource, ConditionType.RECONCILING)
                      .message()
                      .contains("It cannot be taken down"));
      assertThat(condition(kept, ConditionType.RECONCILING).message())
          .contains("deletionPolicy: Retain")
          .doesNotContain("create it anew");
      assertThat(kept.getStatus().endpoint()).isEqualTo(ready.getStatus().endpoint());
      assertThat(kept.getStatus().api()).isEqualTo(ready.getStatus().api());
      assertThat(function(kept).name()).isEqualTo(function(ready).name());
      assertThat(kept.getStatus().repository()).isEqualTo(ready.getStatus().repository());
      assertThat(world.mutatingCalls()).allMatch(call -> call.startsWith("sts:"));
    } finally {
      world.actInItsOwnAccount();
    }
    world.awaitGone("account");
    assertNothingLeft(ready);
  }

  private static void assertNothingLeft(FeatureServer resource) {
    String name = function(resource).name();
    assertThat(world.region().lambda().find(name)).isEmpty();
    assertThat(world.region().ecr().find(name)).isEmpty();
    assertThat(world.region().apiGateway().find(api(resource).id())).isEmpty();
  }

  private static ObjectMeta metadata(String name) {
    return new ObjectMetaBuilder().withNamespace(NAMESPACE).withName(name).build();
  }

  private static void reference(String kind, String key, String value) {
    ObjectMeta store = metadata("store");
    HasMetadata holder =
        kind.equals("Secret")
            ? new SecretBuilder()
                .withMetadata(store)
                .addToData(
                    key, Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8)))
                .build()
            : new ConfigMapBuilder().withMetadata(store).addToData(key, value).build();
    world.client.resource(holder).createOr(existing -> existing.update());
  }

  private static String store(String registry) {
    return """
    project: dev
    provider: aws
    registry: %s
    online_store: {type: dynamodb, region: us-west-2}
    feature_server: {enabled: True, execution_role_name: lambda_execution_role}
    """
        .formatted(registry);
  }

  private static UnaryOperator<FeatureServer> imageFrom(String source) {
    return TestWorld.imaged(new ImageSpec(null, source, null, null));
  }

  private static UnaryOperator<FeatureServer> enabled(boolean enabled) {
    return TestWorld.spec("enabled: " + !enabled, "enabled: " + enabled);
  }

  static UnaryOperator<FeatureServer> suspended(boolean suspended) {
    return TestWorld.spec("suspend: " + !suspended, "suspend: " + suspended);
  }

  private static UnaryOperator<FeatureServer> region(String region) {
    return TestWorld.spec("region: us-west-2", "region: " + region);
  }
}
