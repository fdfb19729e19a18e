package dev.feast.aws.localaws.apigateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.feast.aws.localaws.LocalAws;
import dev.feast.aws.localaws.Sdk;
import dev.feast.aws.localaws.lambda.ExecutionEnvironment;
import dev.feast.aws.localaws.lambda.FunctionHandler;
import dev.feast.aws.localaws.lambda.FunctionImage;
import dev.feast.aws.localaws.lambda.FunctionLauncher;
import dev.feast.aws.localaws.lambda.LambdaLimits;
import dev.feast.aws.localaws.lambda.Launch;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.apigatewayv2.ApiGatewayV2Client;
import software.amazon.awssdk.services.apigatewayv2.model.ApiGatewayV2Exception;
import software.amazon.awssdk.services.apigatewayv2.model.IntegrationType;
import software.amazon.awssdk.services.apigatewayv2.model.ProtocolType;
import software.amazon.awssdk.services.lambda.LambdaClient;

class EndpointsTest {
  private static final JsonMapper JSON = new JsonMapper();

  private final HttpClient http = HttpClient.newHttpClient();
  private final List<JsonNode> events = new ArrayList<>();
  private volatile FunctionHandler handler = invocation -> "{\"statusCode\":200}";
  private volatile boolean unlaunchable;
  private LocalAws aws;
  private Sdk sdk;
  private ApiGatewayV2Client gateway;
  private LambdaClient lambda;
  private String api;
  private String integration;

  @BeforeEach
  void start(@TempDir Path data) throws Exception {
    aws =
        LocalAws.builder()
            .dataDir(data)
            .functions(launcher())
            .lambdaLimits(new LambdaLimits(20, Duration.ofMillis(1), Duration.ofMinutes(5)))
            .start();
    sdk = new Sdk(aws.endpoint());
    gateway = sdk.apiGateway();
    lambda = sdk.lambda();
    TestFunction.create(aws.endpoint(), sdk);
    api = gateway.createApi(r -> r.name("feast-dev").protocolType(ProtocolType.HTTP)).apiId();
    integration = integrate(api, TestFunction.ARN + ":live");
    gateway.createStage(r -> r.apiId(api).stageName("$default").autoDeploy(true));
  }

  private FunctionLauncher launcher() {
    FunctionLauncher inProcess =
        FunctionLauncher.inProcess(
            i -> {
              events.add(JSON.readTree(i.payload()));
              return handler.handle(i);
            });
    return new FunctionLauncher() {
      @Override
      public void prepare(FunctionImage image) {}

      @Override
      public ExecutionEnvironment launch(Launch launch) {
        if (unlaunchable) {
          throw new IllegalStateException("/secret/folder cannot be read");
        }
        return inProcess.launch(launch);
      }

      @Override
      public void close() {
        inProcess.close();
      }
    };
  }

  private String integrate(String apiId, String uri) {
    return gateway
        .createIntegration(
            r ->
                r.apiId(apiId)
                    .integrationType(IntegrationType.AWS_PROXY)
                    .integrationUri(uri)
                    .payloadFormatVersion("2.0"))
        .integrationId();
  }

  private void route(String key) {
    gateway.createRoute(r -> r.apiId(api).routeKey(key).target("integrations/" + integration));
  }

  private void permit(String source) {
    lambda.addPermission(
        r ->
            r.functionName("feast-dev")
                .qualifier("live")
                .statementId("s" + Math.abs(source.hashCode()))
                .action("lambda:InvokeFunction")
                .principal("apigateway.amazonaws.com")
                .sourceArn("arn:aws:execute-api:us-west-2:000000000000:" + api + source));
  }

  @AfterEach
  void stop() {
    http.close();
    sdk.close();
    aws.close();
  }

  @Test
  void sendsARequestAsAnEventOfPayloadFormatTwo() throws Exception {
    route("POST /get-online-features");
    permit("/$default/POST/get-online-features");

    var answer =
        send(
            "POST",
            "/get-online-features?a=1&b=x%20y&a=2",
            "{\"features\":[]}",
            "Content-Type",
            "application/json",
            "X-Double",
            "one",
            "X-Double",
            "two",
            "Cookie",
            "c1=v1; c2=v2",
            "User-Agent",
            "test");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Apigw-Requestid")).isPresent();
    JsonNode event = events.getFirst();
    assertThat(event.path("version").asText()).isEqualTo("2.0");
    assertThat(event.path("routeKey").asText()).isEqualTo("POST /get-online-features");
    assertThat(event.path("rawPath").asText()).isEqualTo("/get-online-features");
    assertThat(event.path("rawQueryString").asText()).isEqualTo("a=1&b=x%20y&a=2");
    assertThat(event.path("queryStringParameters").toString())
        .isEqualTo("{\"a\":\"1,2\",\"b\":\"x y\"}");
    assertThat(event.path("cookies").toString()).isEqualTo("[\"c1=v1\",\"c2=v2\"]");
    JsonNode headers = event.path("headers");
    assertThat(headers.path("x-double").asText()).isEqualTo("one,two");
    assertThat(headers.path("content-type").asText()).isEqualTo("application/json");
    assertThat(headers.has("cookie")).isFalse();
    assertThat(headers.path("x-forwarded-for").asText()).isEqualTo("127.0.0.1");
    assertThat(event.path("body").asText()).isEqualTo("{\"features\":[]}");
    assertThat(event.path("isBase64Encoded").asBoolean()).isFalse();
    JsonNode context = event.path("requestContext");
    assertThat(context.path("accountId").asText()).isEqualTo("000000000000");
    assertThat(context.path("apiId").asText()).isEqualTo(api);
    assertThat(context.path("stage").asText()).isEqualTo("$default");
    assertThat(context.path("routeKey").asText()).isEqualTo("POST /get-online-features");
    assertThat(context.path("time").asText())
        .matches("\\d\\d/[A-Z][a-z]{2}/\\d{4}:\\d\\d:\\d\\d:\\d\\d \\+0000");
    assertThat(context.path("timeEpoch").isNumber()).isTrue();
    assertThat(context.path("http").toString())
        .isEqualTo(
            "{\"method\":\"POST\",\"path\":\"/get-online-features\",\"protocol\":\"HTTP/1.1\",\"sourceIp\":\"127.0.0.1\",\"userAgent\":\"test\"}");
  }

  @ParameterizedTest(name = "\"{0}\"")
  @CsvSource({
    "application/json, false",
    "application/json; charset=utf-8, false",
    "text/csv, false",
    "application/xml, false",
    "application/javascript, false",
    "application/x-www-form-urlencoded, true",
    "application/octet-stream, true",
    "'', true",
  })
  void encodesBodiesThatAreNoText(String contentType, boolean base64) throws Exception {
    route("$default");
    permit("/*");

    if (contentType.isEmpty()) {
      send("POST", "/x", "höhe");
    } else {
      send("POST", "/x", "höhe", "Content-Type", contentType);
    }
    JsonNode event = events.getFirst();
    assertThat(event.path("isBase64Encoded").asBoolean()).isEqualTo(base64);
    String body = event.path("body").asText();
    assertThat(base64 ? new String(Base64.getDecoder().decode(body), StandardCharsets.UTF_8) : body)
        .isEqualTo("höhe");
  }

  @Test
  void leavesOutWhatARequestDoesNotHave() throws Exception {
    route("GET /views/{view}");
    permit("/*/*/views/{view}");

    send("GET", "/views/driver", "");
    JsonNode event = events.getFirst();
    assertThat(event.has("body")).isFalse();
    assertThat(event.has("cookies")).isFalse();
    assertThat(event.has("queryStringParameters")).isFalse();
    assertThat(event.path("pathParameters").toString()).isEqualTo("{\"view\":\"driver\"}");
    assertThat(event.path("isBase64Encoded").asBoolean()).isFalse();
  }

  static Stream<Arguments> answers() {
    return Stream.of(
        Arguments.of("{\"a\":1}", 200, "application/json", "{\"a\":1}"),
        Arguments.of("\"hello\"", 200, "application/json", "hello"),
        Arguments.of(
            "{\"statusCode\":404,\"body\":\"x\",\"headers\":{\"content-type\":\"text/csv\"}}",
            404,
            "text/csv",
            "x"),
        Arguments.of("{\"statusCode\":\"201\"}", 201, "text/plain; charset=utf-8", ""),
        Arguments.of(
            "{\"statusCode\":200,\"body\":\"aMO2aGU=\",\"isBase64Encoded\":true}",
            200,
            "text/plain; charset=utf-8",
            "höhe"),
        Arguments.of(
            "{\"statusCode\":200,\"body\":{\"a\":1}}",
            500,
            "application/json",
            "{\"message\":\"Internal Server Error\"}"),
        Arguments.of(
            "{\"statusCode\":\"many\"}",
            500,
            "application/json",
            "{\"message\":\"Internal Server Error\"}"),
        Arguments.of(
            "no JSON", 500, "application/json", "{\"message\":\"Internal Server Error\"}"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("answers")
  void readsWhatTheFunctionAnswers(String payload, int status, String type, String body)
      throws Exception {
    route("$default");
    permit("/*");
    handler = i -> payload;

    var answer = send("GET", "/", "");
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.headers().firstValue("Content-Type")).contains(type);
    assertThat(answer.body()).isEqualTo(body);
  }

  @Test
  void setsHeadersAndCookies() throws Exception {
    route("$default");
    permit("/*");
    handler =
        i ->
            "{\"statusCode\":200,\"headers\":{\"Retry-After\":1,\"Content-Length\":\"7\"},\"cookies\":[\"a=1\",\"b=2\"],\"body\":\"x\"}";

    var answer = send("GET", "/", "");
    assertThat(answer.headers().firstValue("Retry-After")).contains("1");
    assertThat(answer.headers().allValues("Set-Cookie")).containsExactly("a=1", "b=2");
    assertThat(answer.body()).isEqualTo("x");
  }

  @Test
  void knowsOnlyItsRoutes() throws Exception {
    route("GET /health");
    permit("/*");

    for (String path : List.of("/", "/healthy", "/health/x")) {
      var answer = send("GET", path, "");
      assertThat(answer.statusCode()).isEqualTo(404);
      assertThat(answer.body()).isEqualTo("{\"message\":\"Not Found\"}");
    }
    assertThat(send("POST", "/health", "x").statusCode()).isEqualTo(404);
    assertThat(send("GET", "/health", "").statusCode()).isEqualTo(200);
    gateway.updateApi(r -> r.apiId(api).disableExecuteApiEndpoint(true));
    assertThat(send("GET", "/health", "").statusCode()).isEqualTo(404);
    gateway.deleteApi(r -> r.apiId(api));
    assertThat(send("GET", "/health", "").statusCode()).isEqualTo(404);
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({
    "/$default/GET/health, 200",
    "/*/*/health, 200",
    "/*, 200",
    "/$default/POST/health, 500",
    "/$default/GET/other, 500",
    "/prod/GET/health, 500",
  })
  void callsOnlyWhatTheAliasPermits(String source, int status) throws Exception {
    route("GET /health");
    permit(source);

    var answer = send("GET", "/health", "");
    assertThat(answer.statusCode()).isEqualTo(status);
    if (status == 500) {
      assertThat(answer.body()).isEqualTo("{\"message\":\"Internal Server Error\"}");
      assertThat(events).isEmpty();
    }
  }

  @Test
  void doesNotTakeAPermissionOfTheFunctionForOneOfTheAlias() throws Exception {
    route("GET /health");
    lambda.addPermission(
        r ->
            r.functionName("feast-dev")
                .statementId("all")
                .action("lambda:InvokeFunction")
                .principal("apigateway.amazonaws.com"));

    assertThat(send("GET", "/health", "").statusCode()).isEqualTo(500);
  }

  @Test
  void servesANamedStageBelowItsName() throws Exception {
    route("GET /health");
    permit("/*");
    gateway.createStage(
        r -> r.apiId(api).stageName("prod").autoDeploy(true).stageVariables(Map.of("who", "prod")));

    assertThat(send("GET", "/prod/health", "").statusCode()).isEqualTo(200);
    JsonNode event = events.getFirst();
    assertThat(event.path("rawPath").asText()).isEqualTo("/prod/health");
    assertThat(event.path("requestContext").path("stage").asText()).isEqualTo("prod");
    assertThat(event.path("stageVariables").toString()).isEqualTo("{\"who\":\"prod\"}");
    gateway.updateStage(r -> r.apiId(api).stageName("prod").autoDeploy(false));
    assertThat(send("GET", "/prod/health", "").statusCode()).isEqualTo(404);
  }

  @Test
  void answersAFunctionsFailureWithAnErrorOfItsOwn() throws Exception {
    route("$default");
    permit("/*");
    handler =
        i -> {
          throw new IllegalStateException("secret");
        };
    var failed = send("GET", "/", "");
    assertThat(failed.statusCode()).isEqualTo(500);
    assertThat(failed.body()).isEqualTo("{\"message\":\"Internal Server Error\"}");

    lambda.putFunctionConcurrency(r -> r.functionName("feast-dev").reservedConcurrentExecutions(0));
    assertThat(send("GET", "/", "").statusCode()).isEqualTo(500);
  }

  @Test
  void tellsNothingOfAFailureOfItsOwn() throws Exception {
    route("$default");
    permit("/*");
    unlaunchable = true;

    var failed = send("GET", "/", "");
    assertThat(failed.statusCode()).isEqualTo(500);
    assertThat(failed.body()).isEqualTo("{\"message\":\"Internal Server Error\"}");
  }

  @Test
  void stopsWaitingAtTheIntegrationsTimeout() throws Exception {
    route("$default");
    permit("/*");
    gateway.updateIntegration(r -> r.apiId(api).integrationId(integration).timeoutInMillis(200));
    handler =
        i -> {
          new CountDownLatch(1).await();
          return "{}";
        };

    var answer = send("GET", "/", "");
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.body()).isEqualTo("{\"message\":\"Service Unavailable\"}");
  }

  @Test
  void refusesABodyOfMoreThanTenMegabytes() throws Exception {
    route("$default");
    permit("/*");

    var answer = send("POST", "/", "x".repeat((10 << 20) + 1), "Content-Type", "text/plain");
    assertThat(answer.statusCode()).isEqualTo(413);
    assertThat(answer.body()).isEqualTo("{\"message\":\"Request Entity Too Large\"}");
  }

  @Test
  void describesApisAsTheyWereMade() {
    var made =
        gateway.createApi(
            r ->
                r.name("feast-x")
                    .protocolType(ProtocolType.HTTP)
                    .tags(Map.of("feast-owned", "True")));
    assertThat(made.apiEndpoint()).isEqualTo(aws.endpoint() + "/_apis/" + made.apiId());
    assertThat(made.apiId()).matches("[a-z0-9]{10}");
    String arn = "arn:aws:apigateway:us-west-2::/apis/" + made.apiId();
    gateway.tagResource(r -> r.resourceArn(arn).tags(Map.of("a", "1")));
    gateway.untagResource(r -> r.resourceArn(arn).tagKeys("feast-owned"));

    assertThat(gateway.getTags(r -> r.resourceArn(arn)).tags())
        .containsExactly(Map.entry("a", "1"));
    assertThat(gateway.getApi(r -> r.apiId(made.apiId())).tags()).containsKey("a");
  }

  /** As Feast's alpha made its API: with the function as the target, in one call. */
  @Test
  void makesAnApiWithAFunctionAsItsTargetInOneCall() throws Exception {
    api =
        gateway
            .createApi(
                r ->
                    r.name("feast-python-server-dev-0_14_1")
                        .protocolType(ProtocolType.HTTP)
                        .target(TestFunction.ARN)
                        .routeKey("POST /get-online-features"))
            .apiId();
    lambda.addPermission(
        r ->
            r.functionName(TestFunction.ARN)
                .statementId("any")
                .action("lambda:InvokeFunction")
                .principal("apigateway.amazonaws.com")
                .sourceArn(
                    "arn:aws:execute-api:us-west-2:000000000000:%s/*/*/get-online-features"
                        .formatted(api)));

    assertThat(send("POST", "/get-online-features", "{}").statusCode()).isEqualTo(200);
    var made = gateway.getIntegrations(r -> r.apiId(api)).items().getFirst();
    assertThat(made.integrationUri()).isEqualTo(TestFunction.ARN);
    assertThat(made.payloadFormatVersion()).isEqualTo("2.0");
    assertThat(made.apiGatewayManaged()).isTrue();
    String route = gateway.getRoutes(r -> r.apiId(api)).items().getFirst().routeId();
    gateway.deleteRoute(r -> r.apiId(api).routeId(route));
    assertError(
        () -> gateway.deleteIntegration(r -> r.apiId(api).integrationId(made.integrationId())),
        409,
        "ConflictException",
        "Integration '"
            + made.integrationId()
            + "' is managed by API Gateway and cannot be deleted");
  }

  @Test
  void pagesThroughApis() {
    for (int i = 0; i < 4; i++) {
      gateway.createApi(r -> r.name("feast").protocolType(ProtocolType.HTTP));
    }
    var ids = new ArrayList<String>();
    String token = null;
    do {
      String next = token;
      var page = gateway.getApis(r -> r.maxResults("2").nextToken(next));
      page.items().forEach(item -> ids.add(item.apiId()));
      token = page.nextToken();
    } while (token != null);

    assertThat(ids).hasSize(5).doesNotHaveDuplicates();
  }

  @Test
  void keepsAnIntegrationThatARouteNeeds() {
    route("GET /health");
    assertThat(gateway.getRoutes(r -> r.apiId(api)).items().getFirst().target())
        .isEqualTo("integrations/" + integration);
    assertThat(
            gateway
                .getIntegration(r -> r.apiId(api).integrationId(integration))
                .payloadFormatVersion())
        .isEqualTo("2.0");
    assertThat(gateway.getStage(r -> r.apiId(api).stageName("$default")).autoDeploy()).isTrue();

    assertError(
        () -> gateway.deleteIntegration(r -> r.apiId(api).integrationId(integration)),
        409,
        "ConflictException",
        "Cannot delete Integration '"
            + integration
            + "'. Route 'GET /health' is referencing this Integration.");
    String routeId = gateway.getRoutes(r -> r.apiId(api)).items().getFirst().routeId();
    gateway.deleteRoute(r -> r.apiId(api).routeId(routeId));
    gateway.deleteIntegration(r -> r.apiId(api).integrationId(integration));
    gateway.deleteStage(r -> r.apiId(api).stageName("$default"));
    assertThat(gateway.getStages(r -> r.apiId(api)).items()).isEmpty();
  }

  private interface Use {
    void of(EndpointsTest test);
  }

  private static Arguments mistake(int status, String code, String text, Use use) {
    return Arguments.of(status, code, text, use);
  }

  static Stream<Arguments> mistakes() {
    return Stream.of(
        mistake(
            404,
            "NotFoundException",
            "Invalid API identifier specified 000000000000:nope",
            t -> t.gateway.getApi(r -> r.apiId("nope"))),
        mistake(
            400,
            "BadRequestException",
            "PayloadFormatVersion is a required parameter for integration type AWS_PROXY",
            t ->
                t.gateway.createIntegration(
                    r ->
                        r.apiId(t.api)
                            .integrationType(IntegrationType.AWS_PROXY)
                            .integrationUri(TestFunction.ARN))),
        mistake(
            400,
            "BadRequestException",
            "Invalid function ARN or invalid uri",
            t -> t.integrate(t.api, "https://example.com")),
        mistake(
            400,
            "BadRequestException",
            "The provided route key is not formatted properly for HTTP protocol. Format should be"
                + " \"<HTTP METHOD> /<RESOURCE PATH>\" or \"$default\"",
            t -> t.route("GET health")),
        mistake(
            409,
            "ConflictException",
            "Route with key GET /a already exists for this API",
            t -> {
              t.route("GET /a");
              t.route("GET /a");
            }),
        mistake(
            409,
            "ConflictException",
            "Stage already exists",
            t -> t.gateway.createStage(r -> r.apiId(t.api).stageName("$default"))),
        mistake(
            400,
            "BadRequestException",
            "The provided target is invalid: integrations/nope",
            t ->
                t.gateway.createRoute(
                    r -> r.apiId(t.api).routeKey("GET /b").target("integrations/nope"))));
  }

  @ParameterizedTest(name = "{1}: {2}")
  @MethodSource("mistakes")
  void answersMistakesAsApiGatewayDoes(int status, String code, String text, Use use) {
    assertError(() -> use.of(this), status, code, text);
  }

  @Test
  void hasNoOperationsButItsOwn() {
    assertError(
        () -> gateway.getVpcLinks(r -> {}),
        404,
        "UnknownOperationException",
        "local-aws has no operation for GET /v2/vpclinks");
  }

  @Test
  void takesTheApigatewayFormOfAFunctionsArn() throws Exception {
    gateway.updateIntegration(
        r ->
            r.apiId(api)
                .integrationId(integration)
                .integrationUri(
                    "arn:aws:apigateway:us-west-2:lambda:path/2015-03-31/functions/"
                        + TestFunction.ARN
                        + ":live/invocations"));
    route("GET /health");
    permit("/*");

    assertThat(send("GET", "/health", "").statusCode()).isEqualTo(200);
  }

  private HttpResponse<String> send(String method, String path, String body, String... headers)
      throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create(aws.endpoint() + "/_apis/" + api + path))
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return http.send(request.build(), BodyHandlers.ofString());
  }

  private static void assertError(ThrowingCallable call, int status, String code, String text) {
    ApiGatewayV2Exception error = catchThrowableOfType(ApiGatewayV2Exception.class, call);
    assertThat(error.awsErrorDetails().errorMessage()).isEqualTo(text);
    assertThat(error.awsErrorDetails().errorCode()).isEqualTo(code);
    assertThat(error.statusCode()).isEqualTo(status);
  }
}
