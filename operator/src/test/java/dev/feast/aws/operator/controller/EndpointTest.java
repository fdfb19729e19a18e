package dev.feast.aws.operator.controller;

import static dev.feast.aws.operator.controller.TestWorld.api;
import static dev.feast.aws.operator.controller.TestWorld.condition;
import static dev.feast.aws.operator.controller.TestWorld.function;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.feast.aws.api.v1alpha1.Authorization;
import dev.feast.aws.api.v1alpha1.ConditionStatus;
import dev.feast.aws.api.v1alpha1.ConditionType;
import dev.feast.aws.api.v1alpha1.FeatureServer;
import dev.feast.aws.api.v1alpha1.OptionalPart;
import dev.feast.aws.localaws.LocalAws;
import dev.feast.aws.localaws.control.Fault;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.apigatewayv2.model.Route;
import software.amazon.awssdk.services.apigatewayv2.model.Stage;

/** {@code spec.endpoint} as callers, browsers and the log meet it. */
class EndpointTest {
  /** The access log's in {@link #all}; it has to be there. */
  static final String LOG_GROUP = "/feast/access";

  private static final String KEY = "k".repeat(32);
  private static final String TOKEN = "{\"aud\":\"feast\"}";
  private static final String BY_IAM = "  endpoint: {authorization: IAM}\n";
  private static final String BY_KEY =
      "  endpoint: {authorization: APIKey, apiKeys: {secretName: endpoint-keys}}\n";

  @RegisterExtension static final TestWorld world = TestWorld.started();
  private static AwsByHand byHand;
  private static Callers callers;

  @BeforeAll
  static void start() {
    byHand = new AwsByHand(world.aws);
    callers = new Callers(world.aws);
    world.secret("endpoint-keys", Map.of("key", KEY));
    byHand.logs.createLogGroup(r -> r.logGroupName(LOG_GROUP));
    byHand.logs.createLogGroup(r -> r.logGroupName("/feast/other"));
  }

  @AfterEach
  void clear() {
    world.aws.faults().clear();
  }

  @AfterAll
  static void close() {
    callers.close();
    byHand.close();
  }

  private static String byJwt(String more) {
    return "  endpoint: {authorization: JWT, jwt: {issuer: '%s', audience: [feast]%s}}\n"
        .formatted(callers.issuer(), more);
  }

  private static String endpoint(FeatureServer resource) {
    return requireNonNull(resource.getStatus().endpoint());
  }

  /** Replaces {@code spec.endpoint}; the lines as {@link TestWorld#apply} takes them. */
  private static UnaryOperator<FeatureServer> endpoint(String lines) {
    return TestWorld.endpointly(lines);
  }

  private static List<Route> routes(FeatureServer resource) {
    return byHand.apis.getRoutes(r -> r.apiId(api(resource).id())).items();
  }

  private static Stage stage(FeatureServer resource) {
    String api = api(resource).id();
    return byHand.apis.getStages(r -> r.apiId(api)).items().getFirst();
  }

  @Test
  void letsThroughWhoSignsWithCredentialsOfTheAccount() throws Exception {
    world.apply("iam", BY_IAM);

    FeatureServer ready = world.awaitReady("iam");

    assertThat(ready.getStatus().authorization()).isEqualTo(Authorization.IAM);
    assertThat(callers.signed(endpoint(ready)).statusCode()).isEqualTo(200);
    assertThat(callers.asNobody(endpoint(ready)).statusCode()).isEqualTo(403);
    assertThat(condition(ready, ConditionType.ENDPOINT_AVAILABLE).message())
        .contains("answered 403", "those who may not ask");
    assertThat(world.eventReasons("iam")).doesNotContain("PublicEndpoint");
  }

  @Test
  void letsThroughWhoHasATokenOfTheIssuer() throws Exception {
    world.apply("jwt", byJwt(", scopes: [features, admin]"));

    FeatureServer ready = world.awaitReady("jwt");

    assertThat(ready.getStatus().authorization()).isEqualTo(Authorization.JWT);
    assertThat(
            callers
                .withToken(endpoint(ready), "{\"aud\":\"feast\",\"scope\":\"features\"}")
                .statusCode())
        .isEqualTo(200);
    assertThat(callers.withToken(endpoint(ready), TOKEN).statusCode()).isEqualTo(403);
    assertThat(
            callers
                .withToken(endpoint(ready), "{\"aud\":\"billing\",\"scope\":\"features\"}")
                .statusCode())
        .isEqualTo(401);
    assertThat(callers.asNobody(endpoint(ready)).statusCode()).isEqualTo(401);
    assertThat(condition(ready, ConditionType.ENDPOINT_AVAILABLE).status())
        .isEqualTo(ConditionStatus.True);
  }

  /** The endpoint is never open: an authorizer that cannot be made keeps the routes away. */
  @Test
  void saysThatTheIssuerDoesNotAnswerAndMakesNoRouteWithoutIt() {
    world.apply(
        "nobody",
        "  endpoint: {authorization: JWT, jwt: {issuer: 'http://127.0.0.1:1', audience:"
            + " [feast]}}\n");

    FeatureServer refused =
        world.awaitCondition(
            "nobody", ConditionType.ENDPOINT_AVAILABLE, ConditionStatus.False, "AwsRefused");

    assertThat(condition(refused, ConditionType.ENDPOINT_AVAILABLE).message())
        .contains("authorizer", "http://127.0.0.1:1", "valid discovery endpoint");
    assertThat(routes(refused)).isEmpty();
    world.edit("nobody", endpoint(byJwt("")));
    assertThat(world.awaitReady("nobody").getStatus().authorization()).isEqualTo(Authorization.JWT);
  }

  @Test
  void changesWhoMayAskFromOneToTheNextOnTheSameUrl() throws Exception {
    world.apply("changing", "");
    FeatureServer open = world.awaitReady("changing");
    String url = endpoint(open);
    assertThat(callers.asNobody(url).statusCode()).isEqualTo(200);

    world.edit("changing", endpoint(BY_KEY));
    assertThat(world.awaitReady("changing").getStatus().authorization())
        .isEqualTo(Authorization.APIKey);

    world.edit("changing", endpoint(byJwt("")));
    FeatureServer jwt = world.awaitReady("changing");
    assertThat(jwt.getStatus().authorization()).isEqualTo(Authorization.JWT);
    assertThat(jwt.getStatus().optionalParts()).containsExactly(OptionalPart.JwtAuthorizer);
    assertThat(callers.withToken(url, TOKEN).statusCode()).isEqualTo(200);
    assertThat(callers.withKey(url, KEY).statusCode()).isEqualTo(401);

    world.edit("changing", endpoint(byJwt(", scopes: [features]")));
    world.awaitReady("changing");
    assertThat(callers.withToken(url, TOKEN).statusCode()).isEqualTo(403);

    world.edit("changing", endpoint(BY_IAM));
    FeatureServer iam = world.awaitReady("changing");
    assertThat(iam.getStatus().authorization()).isEqualTo(Authorization.IAM);
    assertThat(callers.signed(url).statusCode()).isEqualTo(200);
    assertThat(callers.withToken(url, TOKEN).statusCode()).isEqualTo(403);
    assertThat(byHand.apis.getAuthorizers(r -> r.apiId(api(iam).id())).items()).isEmpty();
    assertThat(iam.getStatus().optionalParts()).isEmpty();

    world.edit("changing", endpoint(BY_KEY));
    FeatureServer key = world.awaitReady("changing");
    assertThat(key.getStatus().authorization()).isEqualTo(Authorization.APIKey);
    assertThat(routes(key)).extracting(Route::authorizationTypeAsString).containsOnly("NONE");

    world.edit("changing", endpoint("  endpoint: {}\n"));
    FeatureServer last = world.awaitReady("changing");
    assertThat(last.getStatus().authorization()).isEqualTo(Authorization.None);
    assertThat(callers.asNobody(url).statusCode()).isEqualTo(200);
    assertThat(endpoint(last)).isEqualTo(url);
    assertThat(world.eventReasons("changing")).doesNotContain("DriftFound", "DriftRepaired");
  }

  /** The version that asks for keys goes on until one has passed its probe. */
  @Test
  void leavesTheRoutesToTheKeysWhileTheNextVersionFailsItsProbe() throws Exception {
    world.apply("failing", BY_KEY);
    FeatureServer before = world.awaitReady("failing");

    world.answering(invocation -> TestWorld.unavailable());
    world.edit("failing", endpoint(byJwt("")));
    FeatureServer held =
        world.awaiting("failing", "holds version 2 back", now -> function(now).candidate() != null);

    assertThat(held.getStatus().authorization()).isEqualTo(Authorization.APIKey);
    assertThat(condition(held, ConditionType.READY).status()).isEqualTo(ConditionStatus.True);
    assertThat(routes(held)).extracting(Route::authorizationTypeAsString).containsOnly("NONE");
    assertThat(function(held).version()).isEqualTo(function(before).version());

    world.answering(invocation -> TestWorld.healthy());
    assertThat(world.awaitReady("failing").getStatus().authorization())
        .isEqualTo(Authorization.JWT);
  }

  /**
   * It passed its probe before the routes were closed, and nobody is let through until it serves.
   */
  @Test
  void asksAVersionNotOnceMoreWhileNobodyIsLetThrough() throws Exception {
    world.apply("once", BY_KEY);
    world.awaitReady("once");
    var probes = new AtomicInteger();
    world.answering(
        i ->
            i.functionVersion().equals("2") && probes.incrementAndGet() > 1
                ? TestWorld.unavailable()
                : TestWorld.healthy());

    world.edit("once", endpoint(BY_IAM));

    assertThat(world.awaitReady("once").getStatus().authorization()).isEqualTo(Authorization.IAM);
    assertThat(probes).hasValue(1);
    world.answering(invocation -> TestWorld.healthy());
  }

  /** AWS refuses to move the alias: routes stay closed, and are opened only behind the keys. */
  @Test
  void opensNothingBeforeTheVersionThatAsksForKeysHasTheTraffic() throws Exception {
    world.apply("opening", BY_IAM);
    String url = endpoint(world.awaitReady("opening"));
    world
        .aws
        .faults()
        .add(Fault.error("lambda", "UpdateAlias", 403, "AccessDeniedException", "no"));

    world.edit("opening", endpoint(BY_KEY));
    FeatureServer stuck =
        world.awaitCondition(
            "opening", ConditionType.FUNCTION_READY, ConditionStatus.False, "AwsAccessDenied");

    assertThat(stuck.getStatus().authorization()).isEqualTo(Authorization.IAM);
    assertThat(condition(stuck, ConditionType.READY).status()).isEqualTo(ConditionStatus.True);
    assertThat(callers.asNobody(url).statusCode()).isEqualTo(403);
    assertThat(callers.signed(url).statusCode()).isEqualTo(200);
    world.aws.faults().clear();
    assertThat(world.awaitReady("opening").getStatus().authorization())
        .isEqualTo(Authorization.APIKey);
  }

  @Test
  void letsPagesOfOtherOriginsReadItsAnswers() throws Exception {
    world.apply(
        "cors",
        "  endpoint: {cors: {allowOrigins: ['https://ml.example.com'], allowHeaders: [X-Team]}}\n");
    FeatureServer ready = world.awaitReady("cors");
    String url = endpoint(ready);

    var preflight = callers.preflight(url, "https://ml.example.com");
    assertThat(preflight.headers().firstValue("access-control-allow-origin"))
        .contains("https://ml.example.com");
    assertThat(preflight.headers().firstValue("access-control-allow-methods")).contains("GET,POST");
    assertThat(preflight.headers().firstValue("access-control-allow-headers")).contains("x-team");

    world.edit("cors", endpoint("  endpoint: {cors: {allowOrigins: ['https://b.example.com']}}\n"));
    world.awaitReady("cors");
    assertThat(
            callers
                .preflight(url, "https://ml.example.com")
                .headers()
                .firstValue("access-control-allow-origin"))
        .isEmpty();

    world.edit("cors", endpoint("  endpoint: {}\n"));
    world.awaitReady("cors");
    String api = api(ready).id();
    assertThat(byHand.apis.getApi(r -> r.apiId(api)).corsConfiguration()).isNull();
    assertThat(function(world.get("cors")).version()).as("no new version for it").isEqualTo("1");
  }

  @Test
  void letsThroughNoMoreThanTheThrottle() throws Exception {
    world.apply("throttled", "  endpoint: {throttling: {rateLimit: 1, burstLimit: 2}}\n");
    FeatureServer ready = world.awaitReady("throttled");
    String url = endpoint(ready);

    assertThat(stage(ready).routeSettings())
        .hasSize(3)
        .allSatisfy(
            (route, settings) -> {
              assertThat(settings.throttlingRateLimit()).isEqualTo(1.0);
              assertThat(settings.throttlingBurstLimit()).isEqualTo(2);
            });
    await().until(() -> callers.asNobody(url).statusCode() == 429);

    world.edit(
        "throttled", endpoint("  endpoint: {throttling: {rateLimit: 50, burstLimit: 2000}}\n"));
    world.awaitReady("throttled");
    for (int i = 0; i < 100; i++) {
      assertThat(callers.asNobody(url).statusCode()).isEqualTo(200);
    }

    world.edit("throttled", endpoint("  endpoint: {}\n"));
    assertThat(stage(world.awaitReady("throttled")).routeSettings()).isEmpty();
  }

  @Test
  void writesALineForEachRequest() throws Exception {
    world.apply(
        "logged",
        "  endpoint: {accessLog: {logGroup: /feast/access, format: '$context.status"
            + " $context.requestId'}}\n");
    FeatureServer ready = world.awaitReady("logged");
    callers.asNobody(endpoint(ready));
    await()
        .until(
            () ->
                byHand.logs.filterLogEvents(r -> r.logGroupName("/feast/access")).events().stream()
                    .anyMatch(line -> line.message().startsWith("200 ")));

    world.edit("logged", endpoint("  endpoint: {accessLog: {logGroup: /feast/other}}\n"));
    assertThat(stage(world.awaitReady("logged")).accessLogSettings())
        .satisfies(
            log -> {
              assertThat(log.destinationArn()).endsWith(":log-group:/feast/other");
              assertThat(log.format()).contains("$context.integrationErrorMessage");
            });

    world.edit("logged", endpoint("  endpoint: {}\n"));
    assertThat(stage(world.awaitReady("logged")).accessLogSettings()).isNull();
  }

  /** Callers do not notice a log that is not written: it keeps no version and no URL waiting. */
  @Test
  void servesWhileTheAccessLogCannotBeWritten() {
    world.apply("unlogged", "  endpoint: {accessLog: {logGroup: /feast/missing}}\n");

    FeatureServer served =
        world.awaiting(
            "unlogged",
            "serves without its log",
            now ->
                condition(now, ConditionType.READY).status() == ConditionStatus.True
                    && condition(now, ConditionType.RECONCILING).status() == ConditionStatus.True);

    assertThat(condition(served, ConditionType.RECONCILING).message())
        .contains("Invalid access log destination", "/feast/missing");
    byHand.logs.createLogGroup(r -> r.logGroupName("/feast/missing"));
    world.awaitReady("unlogged");
  }

  /** All of it at once, as lines of a spec. */
  static String all(LocalAws aws) {
    return """
      endpoint:
        authorization: JWT
        jwt: {issuer: '%s', audience: [feast, ml], scopes: [features]}
        cors: {allowOrigins: ['https://b.example', 'https://a.example'], exposeHeaders: [X-B, x-a]}
        throttling: {rateLimit: 100, burstLimit: 200}
        accessLog: {logGroup: %s}
    """
        .formatted(aws.endpoint().resolve("/_local/issuer"), LOG_GROUP);
  }
}
