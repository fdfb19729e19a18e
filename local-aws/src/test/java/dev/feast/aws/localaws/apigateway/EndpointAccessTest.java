package dev.feast.aws.localaws.apigateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import dev.feast.aws.localaws.LocalAws;
import dev.feast.aws.localaws.Sdk;
import dev.feast.aws.localaws.lambda.FunctionLauncher;
import dev.feast.aws.localaws.lambda.LambdaLimits;
import dev.feast.aws.localaws.logs.LogsClient;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.services.apigatewayv2.ApiGatewayV2Client;
import software.amazon.awssdk.services.apigatewayv2.model.ApiGatewayV2Exception;
import software.amazon.awssdk.services.apigatewayv2.model.AuthorizationType;
import software.amazon.awssdk.services.apigatewayv2.model.AuthorizerType;
import software.amazon.awssdk.services.apigatewayv2.model.IntegrationType;
import software.amazon.awssdk.services.apigatewayv2.model.ProtocolType;
import software.amazon.awssdk.services.apigatewayv2.model.RouteSettings;

/** Who may ask an endpoint, how often, from which web pages, and what is written down of it. */
class EndpointAccessTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final AwsCredentials ROOT = AwsBasicCredentials.create("test", "test");
  private static final Set<String> SET_BY_THE_CLIENT = Set.of("host", "content-length");

  private final HttpClient http = HttpClient.newHttpClient();
  private final List<JsonNode> events = new CopyOnWriteArrayList<>();
  private volatile String answer = "{\"statusCode\":200,\"body\":\"ok\"}";
  private LocalAws aws;
  private Sdk sdk;
  private LogsClient logs;
  private ApiGatewayV2Client gateway;
  private TestIssuer issuer;
  private String api;
  private String route;

  @BeforeEach
  void start(@TempDir Path data) throws Exception {
    aws =
        LocalAws.builder()
            .dataDir(data)
            .functions(
                FunctionLauncher.inProcess(
                    invocation -> {
                      events.add(JSON.readTree(invocation.payload()));
                      return answer;
                    }))
            .lambdaLimits(new LambdaLimits(20, Duration.ofMillis(1), Duration.ofMinutes(5)))
            .start();
    sdk = new Sdk(aws.endpoint());
    logs = new LogsClient(aws.endpoint());
    gateway = sdk.apiGateway();
    issuer = new TestIssuer();
    TestFunction.create(aws.endpoint(), sdk);
    api = gateway.createApi(r -> r.name("feast-dev").protocolType(ProtocolType.HTTP)).apiId();
    String integration =
        gateway
            .createIntegration(
                r ->
                    r.apiId(api)
                        .integrationType(IntegrationType.AWS_PROXY)
                        .integrationUri(TestFunction.ARN + ":live")
                        .payloadFormatVersion("2.0"))
            .integrationId();
    route =
        gateway
            .createRoute(
                r -> r.apiId(api).routeKey("GET /health").target("integrations/" + integration))
            .routeId();
    gateway.createStage(r -> r.apiId(api).stageName("$default").autoDeploy(true));
    sdk.lambda()
        .addPermission(
            r ->
                r.functionName(TestFunction.NAME)
                    .qualifier("live")
                    .statementId("api")
                    .action("lambda:InvokeFunction")
                    .principal("apigateway.amazonaws.com"));
  }

  @AfterEach
  void stop() {
    http.close();
    issuer.close();
    logs.close();
    sdk.close();
    aws.close();
  }

  private String jwtAuthorizer() {
    return gateway
        .createAuthorizer(
            r ->
                r.apiId(api)
                    .name("feast-dev")
                    .authorizerType(AuthorizerType.JWT)
                    .identitySource("$request.header.Authorization")
                    .jwtConfiguration(c -> c.issuer(issuer.url()).audience("feast", "other")))
        .authorizerId();
  }

  private void guardedByJwt(String... scopes) {
    String authorizer = jwtAuthorizer();
    gateway.updateRoute(
        r ->
            r.apiId(api)
                .routeId(route)
                .authorizationType(AuthorizationType.JWT)
                .authorizerId(authorizer)
                .authorizationScopes(scopes));
  }

  private interface Token {
    String of(TestIssuer issuer) throws Exception;
  }

  private static Arguments refused(String what, String why, Token token) {
    return Arguments.of(what, why, token);
  }

  static Stream<Arguments> badTokens() {
    return Stream.of(
        refused("no token at all", "is not a signed JSON Web Token", i -> "nonsense"),
        refused(
            "of another issuer",
            "does not have a valid issuer",
            i -> i.sign(i.claims().issuer("https://example.com").build())),
        refused(
            "for others",
            "does not have a valid audience",
            i -> i.sign(i.claims().audience("billing").build())),
        refused(
            "for others, whatever client_id says",
            "does not have a valid audience",
            i -> i.sign(i.claims().audience("billing").claim("client_id", "feast").build())),
        refused(
            "expired",
            "has expired",
            i ->
                i.sign(
                    i.claims().expirationTime(Date.from(Instant.now().minusSeconds(1))).build())),
        refused(
            "without an end", "has expired", i -> i.sign(i.claims().expirationTime(null).build())),
        refused(
            "not valid yet",
            "is not valid yet",
            i ->
                i.sign(i.claims().notBeforeTime(Date.from(Instant.now().plusSeconds(60))).build())),
        refused(
            "from the future",
            "is not valid yet",
            i -> i.sign(i.claims().issueTime(Date.from(Instant.now().plusSeconds(60))).build())),
        refused(
            "signed by somebody else under the key's name",
            "signature is not valid",
            i -> TestIssuer.sign(i.claims().build(), TestIssuer.newKey("first"))),
        refused(
            "signed with a key that the issuer does not have",
            "key is not one of the issuer's",
            i -> TestIssuer.sign(i.claims().build(), TestIssuer.newKey("other"))),
        refused(
            "signed with the public key as a secret",
            "signing method HS256 is invalid",
            i ->
                TestIssuer.sign(
                    i.claims().build(),
                    new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("first").build(),
                    new MACSigner(i.key().toRSAPublicKey().getEncoded()))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badTokens")
  void refusesATokenThatIsNotGood(String what, String why, Token token) throws Exception {
    guardedByJwt();

    var refused = get("Authorization", "Bearer " + token.of(issuer));

    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(refused.body()).isEqualTo("{\"message\":\"Unauthorized\"}");
    assertThat(refused.headers().firstValue("www-authenticate").orElse(""))
        .startsWith("Bearer scope=\"\" error=\"invalid_token\" error_description=\"")
        .contains(why);
    assertThat(events).isEmpty();
  }

  static Stream<Arguments> goodTokens() {
    return Stream.of(
        Arguments.of(
            "for one of the audiences", (Token) i -> "Bearer " + i.sign(i.claims().build())),
        Arguments.of("without the word Bearer", (Token) i -> i.sign(i.claims().build())),
        Arguments.of(
            "for several",
            (Token)
                i -> "bearer " + i.sign(i.claims().audience(List.of("billing", "other")).build())),
        Arguments.of(
            "with client_id instead of aud",
            (Token)
                i ->
                    "Bearer "
                        + i.sign(
                            i.claims()
                                .audience((String) null)
                                .claim("client_id", "feast")
                                .build())));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("goodTokens")
  void takesATokenThatIsGood(String what, Token header) throws Exception {
    guardedByJwt();

    assertThat(get("Authorization", header.of(issuer)).statusCode()).isEqualTo(200);
  }

  @Test
  void isAnIssuerItself() throws Exception {
    URI own = aws.endpoint().resolve("/_local/issuer");
    String authorizer =
        gateway
            .createAuthorizer(
                r ->
                    r.apiId(api)
                        .name("feast-dev")
                        .authorizerType(AuthorizerType.JWT)
                        .identitySource("$request.header.Authorization")
                        .jwtConfiguration(c -> c.issuer(own.toString()).audience("feast")))
            .authorizerId();
    gateway.updateRoute(
        r ->
            r.apiId(api)
                .routeId(route)
                .authorizationType(AuthorizationType.JWT)
                .authorizerId(authorizer)
                .authorizationScopes("features"));

    assertThat(
            get("Authorization", issued(own, "{\"aud\":\"feast\",\"scope\":\"features\"}"))
                .statusCode())
        .isEqualTo(200);
    assertThat(authorizer(0).path("jwt").path("claims").path("iss").asText())
        .isEqualTo(own.toString());
    assertThat(get("Authorization", issued(own, "{\"aud\":\"feast\"}")).statusCode())
        .isEqualTo(403);
    assertThat(get("Authorization", issued(own, "{\"aud\":\"feast\",\"exp\":1}")).statusCode())
        .isEqualTo(401);
    assertThat(http.send(tokens(own, "[1"), BodyHandlers.ofString()).statusCode()).isEqualTo(400);
  }

  private static HttpRequest tokens(URI issuer, String claims) {
    return HttpRequest.newBuilder(URI.create(issuer + "/tokens"))
        .POST(BodyPublishers.ofString(claims))
        .build();
  }

  private String issued(URI issuer, String claims) throws Exception {
    return JSON.readTree(http.send(tokens(issuer, claims), BodyHandlers.ofString()).body())
        .path("token")
        .asText();
  }

  @Test
  void challengesWhoBringsNoToken() throws Exception {
    guardedByJwt();

    var refused = get();

    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(refused.body()).isEqualTo("{\"message\":\"Unauthorized\"}");
    assertThat(refused.headers().firstValue("www-authenticate")).contains("Bearer");
  }

  @Test
  void wantsOneOfTheRoutesScopes() throws Exception {
    guardedByJwt("feast:read", "feast:admin");

    var without =
        get(
            "Authorization",
            issuer.sign(issuer.claims().claim("scope", "email feast:rea").build()));
    var inText =
        get(
            "Authorization",
            issuer.sign(issuer.claims().claim("scope", "email feast:read").build()));
    var inList =
        get(
            "Authorization",
            issuer.sign(issuer.claims().claim("scp", List.of("feast:admin")).build()));

    assertThat(without.statusCode()).isEqualTo(403);
    assertThat(without.body()).isEqualTo("{\"message\":\"Forbidden\"}");
    assertThat(without.headers().firstValue("www-authenticate").orElse(""))
        .startsWith("Bearer scope=\"feast:read feast:admin\" error=\"insufficient_scope\"");
    assertThat(inText.statusCode()).isEqualTo(200);
    assertThat(inList.statusCode()).isEqualTo(200);
    assertThat(authorizer(0).path("jwt").path("scopes").toString()).isEqualTo("[\"feast:read\"]");
  }

  @Test
  void tellsTheFunctionWhoseTokenItWas() throws Exception {
    guardedByJwt();

    get(
        "Authorization",
        "Bearer "
            + issuer.sign(
                issuer.claims().claim("groups", List.of("a", "b")).claim("level", 3).build()));

    JsonNode jwt = authorizer(0).path("jwt");
    assertThat(jwt.path("claims").path("sub").asText()).isEqualTo("ml-team");
    assertThat(jwt.path("claims").path("groups").asText()).isEqualTo("[a b]");
    assertThat(jwt.path("claims").path("level").isTextual()).isTrue();
    assertThat(jwt.path("scopes").isNull()).isTrue();
    assertThat(events.getFirst().path("headers").has("authorization")).isTrue();
  }

  @Test
  void followsTheIssuersKeys() throws Exception {
    guardedByJwt();
    assertThat(get("Authorization", issuer.sign(issuer.claims().build())).statusCode())
        .isEqualTo(200);

    issuer.rotate("second");

    assertThat(get("Authorization", issuer.sign(issuer.claims().build())).statusCode())
        .isEqualTo(200);
  }

  @Test
  void findsTheTokenWhereTheAuthorizerSays() throws Exception {
    guardedByJwt();
    String id = gateway.getAuthorizers(r -> r.apiId(api)).items().getFirst().authorizerId();
    gateway.updateAuthorizer(
        r ->
            r.apiId(api)
                .authorizerId(id)
                .identitySource("$request.querystring.token")
                .jwtConfiguration(c -> c.issuer(issuer.url()).audience("feast")));

    String token = issuer.sign(issuer.claims().build());

    assertThat(get("Authorization", token).statusCode()).isEqualTo(401);
    assertThat(send("GET", "/health?token=" + token).statusCode()).isEqualTo(200);
  }

  private void guardedByIam() {
    gateway.updateRoute(
        r -> r.apiId(api).routeId(route).authorizationType(AuthorizationType.AWS_IAM));
  }

  @Test
  void asksForASignature() throws Exception {
    guardedByIam();

    for (var refused :
        List.of(
            get(),
            get("Authorization", "Bearer x"),
            get("Authorization", "AWS4-HMAC-SHA256 nonsense"),
            signed(ROOT, "lambda", "us-west-2"),
            signed(ROOT, "execute-api", "eu-west-1"))) {
      assertThat(refused.statusCode()).isEqualTo(403);
      assertThat(refused.body()).isEqualTo("{\"message\":\"Forbidden\"}");
    }
    assertThat(events).isEmpty();
    assertThat(signed(ROOT, "execute-api", "us-west-2").statusCode()).isEqualTo(200);
  }

  @Test
  void takesTheSignatureOfARoleOfTheAccountAndOfNoOther() throws Exception {
    guardedByIam();
    AwsSessionCredentials role = assume("arn:aws:iam::000000000000:role/caller");
    AwsSessionCredentials foreign = assume("arn:aws:iam::111111111111:role/caller");
    var forged =
        AwsSessionCredentials.create(
            role.accessKeyId(), "wrong" + role.secretAccessKey(), role.sessionToken());

    assertThat(signed(foreign, "execute-api", "us-west-2").statusCode()).isEqualTo(403);
    assertThat(signed(forged, "execute-api", "us-west-2").statusCode()).isEqualTo(403);
    assertThat(signed(role, "execute-api", "us-west-2").statusCode()).isEqualTo(200);

    JsonNode iam = authorizer(0).path("iam");
    assertThat(iam.path("accessKey").asText()).isEqualTo(role.accessKeyId());
    assertThat(iam.path("accountId").asText()).isEqualTo("000000000000");
    assertThat(iam.path("userArn").asText())
        .isEqualTo("arn:aws:sts::000000000000:assumed-role/caller/test");
    assertThat(iam.path("userId").asText()).startsWith("AROA").endsWith(":test");
    assertThat(iam.path("callerId")).isEqualTo(iam.path("userId"));
    assertThat(iam.path("cognitoIdentity").isNull()).isTrue();
  }

  @Test
  void asksNobodyOnAnOpenRoute() throws Exception {
    assertThat(get().statusCode()).isEqualTo(200);
    assertThat(events.getFirst().path("requestContext").has("authorizer")).isFalse();
  }

  private void cors() {
    gateway.updateApi(
        r ->
            r.apiId(api)
                .corsConfiguration(
                    c ->
                        c.allowOrigins("https://ml.example.com", "http://*")
                            .allowMethods("GET", "POST")
                            .allowHeaders("Content-Type", "authorization")
                            .exposeHeaders("X-Request")
                            .allowCredentials(true)
                            .maxAge(300)));
  }

  @Test
  void answersAPreflightRequestItselfWhoeverAsks() throws Exception {
    guardedByIam();
    cors();

    var preflight =
        send(
            "OPTIONS",
            "/health",
            "Origin",
            "https://ml.example.com",
            "Access-Control-Request-Method",
            "GET");

    assertThat(preflight.statusCode()).isEqualTo(204);
    Map<String, List<String>> headers = preflight.headers().map();
    assertThat(headers)
        .containsEntry("access-control-allow-origin", List.of("https://ml.example.com"))
        .containsEntry("access-control-allow-methods", List.of("GET,POST"))
        .containsEntry("access-control-allow-headers", List.of("content-type,authorization"))
        .containsEntry("access-control-allow-credentials", List.of("true"))
        .containsEntry("access-control-max-age", List.of("300"));
    assertThat(events).isEmpty();
    var elsewhere =
        send(
            "OPTIONS",
            "/health",
            "Origin",
            "https://evil.example.com",
            "Access-Control-Request-Method",
            "GET");
    assertThat(elsewhere.statusCode()).isEqualTo(204);
    assertThat(elsewhere.headers().map().keySet())
        .noneMatch(name -> name.startsWith("access-control"));
  }

  @Test
  void putsItsOwnWordsInPlaceOfTheFunctions() throws Exception {
    cors();
    answer =
        "{\"statusCode\":200,\"headers\":{\"Access-Control-Allow-Origin\":\"*\",\"X-Request\":\"1\"}}";

    var allowed = get("Origin", "http://localhost:3000");
    var other = get("Origin", "https://evil.example.com");

    assertThat(allowed.headers().allValues("access-control-allow-origin"))
        .containsExactly("http://localhost:3000");
    assertThat(allowed.headers().firstValue("access-control-expose-headers")).contains("x-request");
    assertThat(allowed.headers().firstValue("x-request")).contains("1");
    assertThat(other.statusCode()).isEqualTo(200);
    assertThat(other.headers().firstValue("access-control-allow-origin")).isEmpty();
    gateway.deleteCorsConfiguration(r -> r.apiId(api));
    assertThat(get("Origin", "https://evil.example.com").headers().map())
        .containsEntry("access-control-allow-origin", List.of("*"));
    assertThat(gateway.getApi(r -> r.apiId(api)).corsConfiguration()).isNull();
  }

  @Test
  void boundsTheRequestsOfARoute() throws Exception {
    gateway.updateStage(
        r ->
            r.apiId(api)
                .stageName("$default")
                .routeSettings(
                    Map.of(
                        "GET /health",
                        RouteSettings.builder()
                            .throttlingRateLimit(0.001)
                            .throttlingBurstLimit(2)
                            .build())));

    assertThat(get().statusCode()).isEqualTo(200);
    assertThat(get().statusCode()).isEqualTo(200);
    var refused = get();
    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.body()).isEqualTo("{\"message\":\"Too Many Requests\"}");

    gateway.deleteRouteSettings(r -> r.apiId(api).stageName("$default").routeKey("GET /health"));
    assertThat(get().statusCode()).isEqualTo(200);
    assertThat(gateway.getStage(r -> r.apiId(api).stageName("$default")).routeSettings()).isEmpty();
  }

  /** On AWS as well: zero is not how one says that there is none (terraform-provider-aws#14742). */
  @Test
  void takesALimitOfNoneAtItsWord() throws Exception {
    gateway.updateStage(
        r ->
            r.apiId(api)
                .stageName("$default")
                .defaultRouteSettings(s -> s.throttlingBurstLimit(0).throttlingRateLimit(0.0)));

    assertThat(get().statusCode()).isEqualTo(429);
  }

  @Test
  void writesALineForEachRequest() throws Exception {
    String group = logs.group("/feast/access");
    guardedByIam();
    gateway.updateStage(
        r ->
            r.apiId(api)
                .stageName("$default")
                .accessLogSettings(
                    s ->
                        s.destinationArn(group)
                            .format(
                                "$context.status $context.routeKey $context.identity.userArn"
                                    + " $context.error.message $context.authorizer.claims.sub"
                                    + " $context.responseLength $context.requestId")));

    get("User-Agent", "x");
    String requestId =
        signed(ROOT, "execute-api", "us-west-2").headers().firstValue("Apigw-Requestid").orElse("");
    send("GET", "/nowhere");

    List<String> lines = logs.lines("/feast/access");
    assertThat(lines).hasSize(3);
    assertThat(lines.get(0)).startsWith("403 GET /health - Forbidden - 23 ");
    assertThat(lines.get(1))
        .isEqualTo("200 GET /health arn:aws:iam::000000000000:root - - 2 " + requestId);
    assertThat(lines.get(2)).startsWith("404 - - Not Found - ");
    gateway.deleteAccessLogSettings(r -> r.apiId(api).stageName("$default"));
    get();
    assertThat(logs.lines("/feast/access")).hasSize(3);
  }

  private interface Use {
    void of(EndpointAccessTest test);
  }

  private static Arguments mistake(int status, String text, Use use) {
    return Arguments.of(status, text, use);
  }

  static Stream<Arguments> mistakes() {
    return Stream.of(
        mistake(
            400,
            "Caught exception when connecting to"
                + " http://127.0.0.1:1/.well-known/openid-configuration for issuer"
                + " http://127.0.0.1:1. Please try again later. Error: Invalid issuer:"
                + " http://127.0.0.1:1. Issuer must have a valid discovery endpoint ended with"
                + " '/.well-known/openid-configuration'",
            t ->
                t.gateway.createAuthorizer(
                    r ->
                        r.apiId(t.api)
                            .name("x")
                            .authorizerType(AuthorizerType.JWT)
                            .identitySource("$request.header.Authorization")
                            .jwtConfiguration(
                                c -> c.issuer("http://127.0.0.1:1").audience("feast")))),
        mistake(
            400,
            "local-aws has authorizers of type JWT only",
            t ->
                t.gateway.createAuthorizer(
                    r ->
                        r.apiId(t.api)
                            .name("x")
                            .authorizerType(AuthorizerType.REQUEST)
                            .identitySource("$request.header.Authorization"))),
        mistake(
            400,
            "Invalid authorizer identifier specified: nope",
            t ->
                t.gateway.updateRoute(
                    r ->
                        r.apiId(t.api)
                            .routeId(t.route)
                            .authorizationType(AuthorizationType.JWT)
                            .authorizerId("nope"))),
        mistake(
            404,
            "Invalid Authorizer identifier specified nope",
            t -> t.gateway.getAuthorizer(r -> r.apiId(t.api).authorizerId("nope"))),
        mistake(
            400,
            "Unable to find Route by key GET /other within the provided RouteSettings",
            t ->
                t.gateway.updateStage(
                    r ->
                        r.apiId(t.api)
                            .stageName("$default")
                            .routeSettings(
                                Map.of(
                                    "GET /other",
                                    RouteSettings.builder().throttlingBurstLimit(1).build())))),
        mistake(
            400,
            "Invalid access log destination: there is no log group"
                + " arn:aws:logs:us-west-2:000000000000:log-group:nope",
            t ->
                t.gateway.updateStage(
                    r ->
                        r.apiId(t.api)
                            .stageName("$default")
                            .accessLogSettings(
                                s ->
                                    s.destinationArn(
                                            "arn:aws:logs:us-west-2:000000000000:log-group:nope")
                                        .format("$context.requestId")))),
        mistake(
            400,
            "Invalid access log format: it has to hold $context.requestId or"
                + " $context.extendedRequestId",
            t ->
                t.gateway.updateStage(
                    r ->
                        r.apiId(t.api)
                            .stageName("$default")
                            .accessLogSettings(
                                s ->
                                    s.destinationArn(t.logs.group("there"))
                                        .format("$context.status")))),
        mistake(
            400,
            "allowCredentials cannot be true where allowOrigins has the wildcard *",
            t ->
                t.gateway.updateApi(
                    r ->
                        r.apiId(t.api)
                            .corsConfiguration(c -> c.allowOrigins("*").allowCredentials(true)))));
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("mistakes")
  void refusesMistakes(int status, String text, Use use) {
    assertError(() -> use.of(this), status, text);
  }

  @Test
  void keepsAnAuthorizerThatARouteNeeds() {
    guardedByJwt("feast:read");
    var found = gateway.getRoute(r -> r.apiId(api).routeId(route));
    assertThat(found.authorizationType()).isEqualTo(AuthorizationType.JWT);
    assertThat(found.authorizationScopes()).containsExactly("feast:read");
    String id = found.authorizerId();
    var authorizer = gateway.getAuthorizer(r -> r.apiId(api).authorizerId(id));
    assertThat(authorizer.name()).isEqualTo("feast-dev");
    assertThat(authorizer.identitySource()).containsExactly("$request.header.Authorization");
    assertThat(authorizer.jwtConfiguration().audience()).containsExactly("feast", "other");

    assertError(
        () -> gateway.deleteAuthorizer(r -> r.apiId(api).authorizerId(id)),
        409,
        "Cannot delete Authorizer '%s'. Route 'GET /health' is referencing this Authorizer."
            .formatted(id));
    gateway.updateRoute(r -> r.apiId(api).routeId(route).authorizationType(AuthorizationType.NONE));
    gateway.deleteAuthorizer(r -> r.apiId(api).authorizerId(id));

    assertThat(gateway.getAuthorizers(r -> r.apiId(api)).items()).isEmpty();
    var open = gateway.getRoute(r -> r.apiId(api).routeId(route));
    assertThat(open.authorizerId()).isNull();
    assertThat(open.hasAuthorizationScopes()).isFalse();
  }

  private JsonNode authorizer(int event) {
    return events.get(event).path("requestContext").path("authorizer");
  }

  private AwsSessionCredentials assume(String role) {
    var issued = sdk.sts().assumeRole(r -> r.roleArn(role).roleSessionName("test")).credentials();
    return AwsSessionCredentials.create(
        issued.accessKeyId(), issued.secretAccessKey(), issued.sessionToken());
  }

  /** A GET that the SDK's signer signed. */
  private HttpResponse<String> signed(AwsCredentials credentials, String service, String region)
      throws Exception {
    SdkHttpRequest request =
        SdkHttpRequest.builder().method(SdkHttpMethod.GET).uri(uri("/health")).build();
    var signed =
        AwsV4HttpSigner.create()
            .sign(
                r ->
                    r.identity(credentials)
                        .request(request)
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, service)
                        .putProperty(AwsV4HttpSigner.REGION_NAME, region));
    var http = HttpRequest.newBuilder(uri("/health"));
    signed
        .request()
        .forEachHeader(
            (name, values) -> {
              if (!SET_BY_THE_CLIENT.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> http.header(name, value));
              }
            });
    return this.http.send(http.build(), BodyHandlers.ofString());
  }

  private URI uri(String path) {
    return URI.create(aws.endpoint() + "/_apis/" + api + path);
  }

  private HttpResponse<String> get(String... headers) throws Exception {
    return send("GET", "/health", headers);
  }

  private HttpResponse<String> send(String method, String path, String... headers)
      throws Exception {
    var request = HttpRequest.newBuilder(uri(path)).method(method, BodyPublishers.noBody());
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return http.send(request.build(), BodyHandlers.ofString());
  }

  private static void assertError(ThrowingCallable call, int status, String text) {
    ApiGatewayV2Exception error = catchThrowableOfType(ApiGatewayV2Exception.class, call);
    assertThat(error.awsErrorDetails().errorMessage()).isEqualTo(text);
    assertThat(error.statusCode()).isEqualTo(status);
  }
}
