package dev.feast.aws.operator.controller;

import static dev.feast.aws.operator.controller.TestWorld.NAMESPACE;
import static dev.feast.aws.operator.controller.TestWorld.api;
import static dev.feast.aws.operator.controller.TestWorld.function;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.feast.aws.api.v1alpha1.ConditionStatus;
import dev.feast.aws.api.v1alpha1.ConditionType;
import dev.feast.aws.api.v1alpha1.FeatureServer;
import dev.feast.aws.localaws.control.Fault;
import dev.feast.aws.localaws.lambda.Invocation;
import dev.feast.aws.operator.model.Adoption;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * What is secret, over the life of a FeatureServer that goes through all in which a message could
 * show it: it is in no status, Event, line of the log or tag.
 */
@EnableKubernetesMockClient(crud = true)
class SecretsTest {
  private static final String SHORT_KEY = "short-key-TOPSECRET";
  private static final String API_KEY = "api-key-TOPSECRET-0123456789abcdef0123456789";
  private static final String NEXT_API_KEY = "next-key-TOPSECRET-0123456789abcdef0123456789";
  private static final String STORE_PASSWORD = "store-password-TOPSECRET";
  private static final String VARIABLE = "variable-TOPSECRET";
  private static final String PULL_PASSWORD = "pull-password-TOPSECRET";

  @SuppressWarnings("NullAway.Init") // Set by the extension.
  KubernetesClient client;

  private final List<String> statuses = new CopyOnWriteArrayList<>();
  private final List<String> events = new CopyOnWriteArrayList<>();
  private final Logger operatorsLog = (Logger) LoggerFactory.getLogger("dev.feast.aws.operator");
  private @Nullable Level level;
  private TestWorld world;

  private String tags = "";

  @BeforeEach
  void start(@TempDir Path folder) throws Exception {
    level = operatorsLog.getLevel();
    operatorsLog.setLevel(Level.TRACE);
    world = new TestWorld(folder, client).start();
  }

  @AfterEach
  void close() {
    world.close();
    operatorsLog.setLevel(level);
  }

  @Test
  void showsNoneInStatusEventsLogsOrTags() throws Exception {
    String image = world.push("private", "1", "amd64", "private");
    String uri = image.substring(0, image.indexOf('@'));
    String login =
        new String(Base64.getDecoder().decode(world.region().ecr().login().token()), UTF_8);
    String log =
        loggedWhile(
            () -> {
              secret("store", "feature_store.yaml", store("[" + STORE_PASSWORD));
              secret("keys", "key", SHORT_KEY);
              secret("pull", ".dockerconfigjson", dockerConfig(uri, "AWS:" + PULL_PASSWORD));
              world.applySpec(
                  "secretive",
                  """
                    featureStoreFrom: {secretKeyRef: {name: store, key: feature_store.yaml}}
                    image: {source: '%s:1', pullSecret: {name: pull}}
                    function: {environment: {VARIABLE: '%s'}}
                    endpoint: {authorization: APIKey, apiKeys: {secretName: keys}}
                  """
                      .formatted(uri, VARIABLE));
              stalled("UnreadableFeatureStore");
              secret("store", "feature_store.yaml", store(STORE_PASSWORD));
              stalled("SeveralProblems");
              secret("store", "feature_store.yaml", store("aws"));
              stalled("InvalidApiKey");
              world.aws.faults().add(echo("CreateFunction").times(1));
              world.answering(SecretsTest::echoing);
              secret("keys", "key", API_KEY);
              reconciling("ImagePullDenied");
              secret("pull", ".dockerconfigjson", dockerConfig(uri, login));
              reconciling("AwsRefused");
              reconciling("ProbeFailed");
              world.answering(invocation -> TestWorld.healthy());
              world.edit("secretive", TestWorld.spec("VARIABLE:", "RENAMED:"));
              world.awaitReady("secretive");
              world.aws.faults().add(echo("UpdateFunctionConfiguration").times(1));
              secret("keys", "key", NEXT_API_KEY);
              FeatureServer ready =
                  world.awaiting(
                      "secretive",
                      "serves with the next key",
                      resource -> "3".equals(function(resource).version()));
              tags = tags(ready);
              world.delete("secretive");
              world.awaitGone("secretive");
            });

    assertThat(tags).contains("aws.feast.dev/");
    assertThat(statuses.toString())
        .contains("UnreadableFeatureStore", "InvalidApiKey", "ImagePullDenied", "***");
    assertThat(events.toString()).contains("ProbeFailed", "AwsRefused");
    assertThat(log).contains("ProbeFailed", "publish version");
    assertShowsNone(
        log,
        "TOPSECRET",
        login.substring("AWS:".length()),
        Base64.getEncoder().encodeToString(("AWS:" + PULL_PASSWORD).getBytes(UTF_8)),
        Base64.getEncoder().encodeToString(API_KEY.getBytes(UTF_8)));
  }

  /** The operator reads all of it to know whose it is, and its environment is another's. */
  @Test
  void showsNothingThatAnAdoptedFunctionHolds() throws Exception {
    try (AwsByHand byHand = new AwsByHand(world.aws);
        Callers callers = new Callers(world.aws)) {
      AlphaFeatureServer alpha = AlphaFeatureServer.of014(world, byHand, "dev");
      byHand.lambda.updateFunctionConfiguration(
          r ->
              r.functionName(alpha.name())
                  .environment(e -> e.variables(Map.of("PASSWORD", VARIABLE))));
      byHand.logs.createLogGroup(r -> r.logGroupName("/feast/access"));
      String log =
          loggedWhile(
              () -> {
                world.apply(
                    "adopting",
                    Map.of(Adoption.ANNOTATION, "feast-alpha"),
                    """
                      endpoint:
                        authorization: JWT
                        jwt: {issuer: '%s', audience: [feast]}
                        accessLog: {destination: /feast/access}
                    """
                        .formatted(callers.issuer()));
                tags = tags(world.awaitReady("adopting"));
              });

      assertThat(statuses.toString()).contains("phase=Replaced", alpha.name());
      assertThat(events.toString()).contains("Adopted");
      assertShowsNone(log, "TOPSECRET");
    }
  }

  private void assertShowsNone(String log, String... secrets) {
    for (String secret : secrets) {
      assertThat(statuses.toString()).as("statuses").doesNotContain(secret);
      assertThat(events.toString()).as("events").doesNotContain(secret);
      assertThat(log).as("log").doesNotContain(secret);
      assertThat(tags).as("tags").doesNotContain(secret);
    }
  }

  /** Runs that, keeping every status and Event. */
  private String loggedWhile(ThrowingCallable steps) throws Exception {
    try (LogLines lines = new LogLines();
        Watch ofResources =
            client
                .resources(FeatureServer.class)
                .inNamespace(NAMESPACE)
                .watch(recording(statuses, resource -> String.valueOf(resource.getStatus())));
        Watch ofEvents =
            client
                .events()
                .v1()
                .events()
                .inNamespace(NAMESPACE)
                .watch(recording(events, Event::toString))) {
      steps.call();
      return lines.text();
    } catch (Error | Exception e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  /** AWS' refusals may hold every value of the environment that they refuse. */
  private static Fault echo(String operation) {
    return Fault.error(
        "lambda",
        operation,
        400,
        "InvalidParameterValueException",
        "The value %s cannot be taken. String measured: {\"VARIABLE\":\"%s\"}"
            .formatted(VARIABLE, VARIABLE));
  }

  /** A function that says all it knows: what it was asked with, and its environment. */
  private static String echoing(Invocation invocation) {
    String body = invocation.event() + invocation.environment().get("VARIABLE");
    return "{\"statusCode\":500,\"body\":\"%s\"}"
        .formatted(new String(JsonStringEncoder.getInstance().quoteAsString(body)));
  }

  private void stalled(String reason) {
    world.awaitCondition("secretive", ConditionType.STALLED, ConditionStatus.True, reason);
  }

  private void reconciling(String reason) {
    world.awaiting(
        "secretive",
        "was Reconciling for " + reason,
        _ -> statuses.stream().anyMatch(status -> status.contains("reason=" + reason)));
  }

  private String tags(FeatureServer ready) {
    String name = String.valueOf(function(ready).name());
    var ecr = world.region().ecr();
    return Stream.of(
            world.region().lambda().find(name).orElseThrow().tags(),
            ecr.tags(ecr.find(name).orElseThrow().arn()),
            world.region().apiGateway().find(api(ready).id()).orElseThrow().tags())
        .map(Map::toString)
        .toList()
        .toString();
  }

  /** The feature_store.yaml; it is right where the provider is aws. */
  private static String store(String provider) {
    return """
    project: dev
    provider: %s
    registry: s3://feast/registries/dev
    online_store: {type: dynamodb, region: us-west-2}
    offline_store: {type: snowflake.offline, password: %s}
    feature_server: {enabled: True, execution_role_name: lambda_execution_role}
    entity_key_serialization_version: %s
    """
        .formatted(provider, STORE_PASSWORD, provider.equals("aws") ? "3" : STORE_PASSWORD);
  }

  private static String dockerConfig(String uri, String auth) {
    return "{\"auths\":{\"%s\":{\"auth\":\"%s\"}}}"
        .formatted(
            uri.substring(0, uri.indexOf('/')),
            Base64.getEncoder().encodeToString(auth.getBytes(UTF_8)));
  }

  private void secret(String name, String key, String value) {
    client
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withNamespace(NAMESPACE)
                .withName(name)
                .endMetadata()
                .addToData(key, Base64.getEncoder().encodeToString(value.getBytes(UTF_8)))
                .build())
        .createOr(existing -> existing.update());
  }

  private static <T extends HasMetadata> Watcher<T> recording(
      List<String> seen, Function<T, String> text) {
    return new Watcher<>() {
      @Override
      public void eventReceived(Action action, T resource) {
        seen.add(text.apply(resource));
      }

      @Override
      public void onClose(WatcherException cause) {}
    };
  }
}
