package dev.feast.aws.operator.controller;

import static dev.feast.aws.operator.controller.TestWorld.NAMESPACE;
import static dev.feast.aws.operator.controller.TestWorld.api;
import static dev.feast.aws.operator.controller.TestWorld.function;
import static dev.feast.aws.operator.controller.TestWorld.repository;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.feast.aws.api.v1alpha1.ConditionStatus;
import dev.feast.aws.api.v1alpha1.ConditionType;
import dev.feast.aws.api.v1alpha1.FeatureServer;
import dev.feast.aws.operator.model.DesiredStack;
import dev.feast.aws.operator.model.ObservedStack;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.apigatewayv2.model.AuthorizationType;
import software.amazon.awssdk.services.apigatewayv2.model.AuthorizerType;
import software.amazon.awssdk.services.apigatewayv2.model.Cors;
import software.amazon.awssdk.services.apigatewayv2.model.Route;
import software.amazon.awssdk.services.apigatewayv2.model.RouteSettings;
import software.amazon.awssdk.services.apigatewayv2.model.UpdateAuthorizerRequest;
import software.amazon.awssdk.services.apigatewayv2.model.UpdateRouteRequest;
import software.amazon.awssdk.services.apigatewayv2.model.UpdateStageRequest;
import software.amazon.awssdk.services.ecr.model.ImageIdentifier;
import software.amazon.awssdk.services.lambda.model.Architecture;
import software.amazon.awssdk.services.lambda.model.SnapStartApplyOn;
import software.amazon.awssdk.services.lambda.model.TracingMode;
import software.amazon.awssdk.services.lambda.model.UpdateFunctionConfigurationRequest;

/** Whatever is changed in AWS behind the operator's back is put back, and an Event names it. */
class DriftTest {
  private static final String LOOKUP = "POST /get-online-features";
  private static final String STATEMENT = "feast-post-get-online-features";
  private static final Set<String> DRIFT = Set.of("DriftRepaired", "DriftFound");

  @RegisterExtension static final TestWorld world = TestWorld.started();
  private static AwsByHand byHand;
  private static Callers callers;

  @BeforeAll
  static void start() {
    byHand = new AwsByHand(world.aws);
    callers = new Callers(world.aws);
    byHand.logs.createLogGroup(r -> r.logGroupName(EndpointTest.LOG_GROUP));
    byHand.logs.createLogGroup(r -> r.logGroupName("/by/hand"));
    world.apply(
        "drift",
        """
          function:
            environment: {SECRET_NAME: secret-value}
            reservedConcurrency: 10
            provisionedConcurrency: 1
            logRetentionDays: 30
          aws: {tags: {team: ml}}
        """
            + EndpointTest.all(world.aws));
    world.awaitReady("drift");
  }

  @AfterAll
  static void close() {
    callers.close();
    byHand.close();
  }

  /** Of which FeatureServer, by the names and ids that its status has. */
  private record Target(
      String function, String repository, String repositoryArn, String api, long version) {
    String functionArn() {
      return "arn:aws:lambda:us-west-2:000000000000:function:" + function;
    }

    String logGroup() {
      return "/aws/lambda/" + function;
    }

    String apiArn() {
      return "arn:aws:apigateway:us-west-2::/apis/" + api;
    }

    Route route(String key) {
      return byHand.apis.getRoutes(r -> r.apiId(api)).items().stream()
          .filter(route -> route.routeKey().equals(key))
          .findFirst()
          .orElseThrow();
    }

    String authorizer() {
      return byHand.apis.getAuthorizers(r -> r.apiId(api)).items().getFirst().authorizerId();
    }

    void changeRoute(String key, Consumer<UpdateRouteRequest.Builder> change) {
      String id = route(key).routeId();
      byHand.apis.updateRoute(
          r -> {
            change.accept(r.apiId(api).routeId(id));
          });
    }

    void changeStage(Consumer<UpdateStageRequest.Builder> change) {
      byHand.apis.updateStage(r -> change.accept(r.apiId(api).stageName(DesiredStack.STAGE)));
    }

    /** One more, that takes other tokens. */
    String anotherAuthorizer() {
      return byHand
          .apis
          .createAuthorizer(
              r ->
                  r.apiId(api)
                      .name("by-hand")
                      .authorizerType(AuthorizerType.JWT)
                      .identitySource("$request.header.by-hand")
                      .jwtConfiguration(c -> c.issuer(callers.issuer().toString()).audience("x")))
          .authorizerId();
    }

    void changeAuthorizer(Consumer<UpdateAuthorizerRequest.Builder> change) {
      String id = authorizer();
      byHand.apis.updateAuthorizer(r -> change.accept(r.apiId(api).authorizerId(id)));
    }

    void changeCors(Consumer<Cors.Builder> change) {
      Cors cors = byHand.apis.getApi(r -> r.apiId(api)).corsConfiguration();
      byHand.apis.updateApi(r -> r.apiId(api).corsConfiguration(cors.copy(change)));
    }

    String integration() {
      return byHand.apis.getIntegrations(r -> r.apiId(api)).items().getFirst().integrationId();
    }
  }

  private interface Change {
    void make(Target target) throws Exception;
  }

  /**
   * One way to change something that is the operator's.
   *
   * @param covers the components of the model's records whose value this changes
   * @param event what the Event says of it
   */
  private record Row(String name, List<String> covers, String event, Change change) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Row row(String name, String covers, String event, Change change) {
    return new Row(name, List.of(covers.split(", ")), event, change);
  }

  static List<Row> rows() {
    var rows = new ArrayList<Row>();
    rows.addAll(functionRows());
    rows.addAll(logRows());
    rows.addAll(aliasRows());
    rows.addAll(repositoryRows());
    rows.addAll(apiRows());
    rows.addAll(accessRows());
    return rows;
  }

  /** A row whose change is one of the function's configuration. */
  private static Row configured(
      String name,
      String fields,
      String clause,
      Consumer<UpdateFunctionConfigurationRequest.Builder> change) {
    return row(
        name,
        fields,
        clause,
        target ->
            byHand.lambda.updateFunctionConfiguration(
                r -> change.accept(r.functionName(target.function()))));
  }

  private static List<Row> functionRows() {
    return List.of(
        configured(
            "memory",
            "FunctionSettings.memoryMiB, Function.configuration, FunctionConfiguration.settings",
            "it differs in memory",
            r -> r.memorySize(256)),
        configured(
            "timeout",
            "FunctionSettings.timeoutSeconds",
            "it differs in timeout",
            r -> r.timeout(3)),
        configured(
            "role",
            "FunctionSettings.role",
            "it differs in role",
            r -> r.role("arn:aws:iam::000000000000:role/another")),
        configured(
            "KMS key",
            "FunctionSettings.kmsKeyArn",
            "it differs in KMS key",
            r -> r.kmsKeyArn("arn:aws:kms:us-west-2:000000000000:key/by-hand")),
        configured(
            "ephemeral storage",
            "FunctionSettings.ephemeralStorageMiB",
            "it differs in ephemeral storage",
            r -> r.ephemeralStorage(e -> e.size(1024))),
        configured(
            "tracing",
            "FunctionSettings.traced",
            "it differs in tracing",
            r -> r.tracingConfig(t -> t.mode(TracingMode.ACTIVE))),
        configured(
            "VPC",
            "FunctionSettings.vpc, VpcAttachment.subnetIds, VpcAttachment.securityGroupIds",
            "it differs in VPC",
            r -> r.vpcConfig(v -> v.subnetIds("subnet-1").securityGroupIds("sg-1"))),
        configured(
            "SnapStart",
            "FunctionSettings.snapStart",
            "it differs in SnapStart",
            r -> r.snapStart(s -> s.applyOn(SnapStartApplyOn.PUBLISHED_VERSIONS))),
        configured(
            "environment",
            "FunctionSettings.environment, Environment.variables",
            "it differs in environment",
            r -> r.environment(e -> e.variables(Map.of("BY_HAND", "hidden-value")))),
        row(
            "reserved concurrency",
            "Function.concurrency, Concurrency.reserved",
            "its reserved concurrency is 5 instead of 10",
            target ->
                byHand.lambda.putFunctionConcurrency(
                    r -> r.functionName(target.function()).reservedConcurrentExecutions(5))),
        row(
            "provisioned concurrency",
            "Concurrency.provisioned",
            "has 0 provisioned environments instead of 1",
            target ->
                byHand.lambda.deleteProvisionedConcurrencyConfig(
                    r ->
                        r.functionName(target.function())
                            .qualifier(Long.toString(target.version())))),
        row(
            "more provisioned concurrency",
            "Provisioned.requested",
            "has 2 provisioned environments instead of 1",
            target -> provision(target, Long.toString(target.version()), 2)),
        row(
            "provisioned concurrency of another version",
            "Provisioned.qualifier",
            "serve nobody",
            target -> provision(target, publishedByHand(target, 320), 1)),
        row(
            "code",
            "FunctionConfiguration.image",
            "its image is ",
            target -> {
              String image = world.push("by-hand", "1", "amd64", "by hand");
              byHand.lambda.updateFunctionCode(
                  r -> r.functionName(target.function()).imageUri(image));
            }),
        row(
            "architecture",
            "FunctionConfiguration.architecture",
            "its architecture is arm64 instead of x86_64",
            target -> {
              String image = world.push("by-hand", "2", "arm64", "by hand, for arm64");
              byHand.lambda.updateFunctionCode(
                  r ->
                      r.functionName(target.function())
                          .imageUri(image)
                          .architectures(Architecture.ARM64));
            }),
        row(
            "function tags",
            "Function.tags",
            "its tags differ in project, team",
            target -> {
              byHand.lambda.tagResource(
                  r -> r.resource(target.functionArn()).tags(Map.of("team", "other")));
              byHand.lambda.untagResource(r -> r.resource(target.functionArn()).tagKeys("project"));
            }),
        row(
            "a version of somebody else's",
            "Function.versions, Version.number, Version.settings, Version.digest, Version.image",
            "is out of use",
            target -> publishedByHand(target, 300)),
        row(
            "function",
            "ObservedStack.function",
            "there is no function",
            target -> byHand.lambda.deleteFunction(r -> r.functionName(target.function()))));
  }

  private static List<Row> logRows() {
    return List.of(
        row(
            "log retention",
            "LogGroup.retentionDays",
            "it keeps what is logged for 1 day instead of for 30 days",
            target ->
                byHand.logs.putRetentionPolicy(
                    r -> r.logGroupName(target.logGroup()).retentionInDays(1))),
        row(
            "tags of the log group",
            "LogGroup.tags",
            "its tags differ in team",
            target ->
                byHand.logs.untagResource(
                    r ->
                        r.resourceArn(
                                "arn:aws:logs:us-west-2:000000000000:log-group:"
                                    + target.logGroup())
                            .tagKeys("team"))),
        row(
            "log group",
            "ObservedStack.logGroup, LogGroup.isOurs",
            "log group /aws/lambda/feast-team-drift-",
            target -> byHand.logs.deleteLogGroup(r -> r.logGroupName(target.logGroup()))));
  }

  private static List<Row> aliasRows() {
    return List.of(
        row(
            "alias moved on",
            "Alias.version",
            "alias live of Lambda function",
            target -> {
              String version = publishedByHand(target, 310);
              byHand.lambda.updateAlias(
                  r -> r.functionName(target.function()).name("live").functionVersion(version));
            }),
        row(
            "alias moved back",
            "Alias.version",
            "the alias points to version ",
            target ->
                byHand.lambda.updateAlias(
                    r ->
                        r.functionName(target.function())
                            .name("live")
                            .functionVersion(former(target)))),
        row(
            "split traffic",
            "Alias.splitsTraffic",
            "the alias sends part of the traffic to another version",
            target ->
                byHand.lambda.updateAlias(
                    r ->
                        r.functionName(target.function())
                            .name("live")
                            .routingConfig(
                                c -> c.additionalVersionWeights(Map.of(former(target), 0.5))))),
        row(
            "alias",
            "Function.alias",
            "there is no alias live",
            target ->
                byHand.lambda.deleteAlias(r -> r.functionName(target.function()).name("live"))),
        row(
            "permission",
            "Function.permissions",
            "the API may not invoke the alias for " + LOOKUP,
            DriftTest::withoutPermission),
        row(
            "permission for another API",
            "Permission.sourceArn",
            "statement " + STATEMENT + " is not for a route of this API",
            target ->
                permission(
                    target,
                    STATEMENT,
                    "lambda:InvokeFunction",
                    "apigateway.amazonaws.com",
                    "arn:aws:execute-api:us-west-2:000000000000:other/*")),
        row(
            "permission for another service",
            "Permission.principal",
            "statement " + STATEMENT + " is not for a route of this API",
            target ->
                permission(
                    target,
                    STATEMENT,
                    "lambda:InvokeFunction",
                    "events.amazonaws.com",
                    source(target))),
        row(
            "permission to do another thing",
            "Permission.action",
            "statement " + STATEMENT + " is not for a route of this API",
            target ->
                permission(
                    target,
                    STATEMENT,
                    "lambda:GetFunction",
                    "apigateway.amazonaws.com",
                    source(target))),
        row(
            "a permission more",
            "Permission.statementId",
            "statement feast-more is not for a route of this API",
            target ->
                byHand.lambda.addPermission(
                    r ->
                        r.functionName(target.function())
                            .qualifier("live")
                            .statementId("feast-more")
                            .action("lambda:InvokeFunction")
                            .principal("apigateway.amazonaws.com"))));
  }

  private static List<Row> repositoryRows() {
    return List.of(
        row(
            "repository tags",
            "Repository.tags",
            "its tags differ in project",
            target ->
                byHand.ecr.untagResource(
                    r -> r.resourceArn(target.repositoryArn()).tagKeys("project"))),
        row(
            "repository policy",
            "Repository.statements",
            "its policy does not let Lambda pull from it",
            target ->
                byHand.ecr.deleteRepositoryPolicy(r -> r.repositoryName(target.repository()))),
        row(
            "statement of the repository policy",
            "PolicyStatement.json",
            "its policy does not let Lambda pull from it",
            target -> {
              String policy =
                  byHand
                      .ecr
                      .getRepositoryPolicy(r -> r.repositoryName(target.repository()))
                      .policyText();
              byHand.ecr.setRepositoryPolicy(
                  r ->
                      r.repositoryName(target.repository())
                          .policyText(policy.replace("Allow", "Deny")));
            }),
        row(
            "image",
            "Repository.images, StoredImage.digest",
            "the repository does not hold sha256:",
            target ->
                byHand.ecr.batchDeleteImage(
                    r ->
                        r.repositoryName(target.repository())
                            .imageIds(images(target.repository())))),
        row(
            "repository",
            "ObservedStack.repository",
            "there is no repository",
            target ->
                byHand.ecr.deleteRepository(
                    r -> r.repositoryName(target.repository()).force(true))));
  }

  private static List<Row> apiRows() {
    return List.of(
        row(
            "API name",
            "Api.name",
            "its name is by-hand",
            target -> byHand.apis.updateApi(r -> r.apiId(target.api()).name("by-hand"))),
        row(
            "API switched off",
            "Api.endpointDisabled",
            "its endpoint is disabled",
            target ->
                byHand.apis.updateApi(r -> r.apiId(target.api()).disableExecuteApiEndpoint(true))),
        row(
            "API tags",
            "Api.tags",
            "its tags differ in aws.feast.dev/uid",
            target ->
                byHand.apis.untagResource(
                    r -> r.resourceArn(target.apiArn()).tagKeys("aws.feast.dev/uid"))),
        row(
            "integration",
            "Integration.uri",
            "the integration does not invoke arn:aws:lambda:",
            target ->
                byHand.apis.updateIntegration(
                    r ->
                        r.apiId(target.api())
                            .integrationId(target.integration())
                            .integrationUri(target.functionArn()))),
        row(
            "an integration more",
            "Api.integrations",
            "no route needs integration ",
            DriftTest::anotherIntegration),
        row(
            "integration gone",
            "Api.integrations",
            "the API has no integration",
            target -> {
              for (Route route : byHand.apis.getRoutes(r -> r.apiId(target.api())).items()) {
                byHand.apis.deleteRoute(r -> r.apiId(target.api()).routeId(route.routeId()));
              }
              String integration = target.integration();
              byHand.apis.deleteIntegration(r -> r.apiId(target.api()).integrationId(integration));
            }),
        row(
            "route",
            "Api.routes",
            "the API has no route GET /health",
            target ->
                byHand.apis.deleteRoute(
                    r -> r.apiId(target.api()).routeId(target.route("GET /health").routeId()))),
        row(
            "route elsewhere",
            "Route.target",
            "route " + LOOKUP + " does not lead to the integration",
            target -> {
              String route = target.route(LOOKUP).routeId();
              String integration = anotherIntegration(target);
              byHand.apis.updateRoute(
                  r -> r.apiId(target.api()).routeId(route).target("integrations/" + integration));
            }),
        row(
            "a route more",
            "Route.key",
            "route GET /by-hand is not the runtime's",
            target -> {
              String integration = target.integration();
              byHand.apis.createRoute(
                  r ->
                      r.apiId(target.api())
                          .routeKey("GET /by-hand")
                          .target("integrations/" + integration));
            }),
        row(
            "stage",
            "Api.stage",
            "the API has no stage $default",
            target ->
                byHand.apis.deleteStage(r -> r.apiId(target.api()).stageName(DesiredStack.STAGE))),
        row(
            "stage without deployments",
            "Stage.autoDeploy",
            "changes to the API do not reach its stage by themselves",
            target ->
                byHand.apis.updateStage(
                    r -> r.apiId(target.api()).stageName(DesiredStack.STAGE).autoDeploy(false))),
        row(
            "API",
            "ObservedStack.api",
            "there is no API",
            target -> byHand.apis.deleteApi(r -> r.apiId(target.api()))));
  }

  private static List<Row> accessRows() {
    String cors = "pages of other origins may read other answers";
    return List.of(
        row(
            "route opened",
            "Guard.type, Route.guard",
            "route " + LOOKUP + " has authorization NONE",
            target ->
                target.changeRoute(
                    LOOKUP, r -> r.authorizationType(AuthorizationType.NONE).authorizerId(""))),
        row(
            "another authorizer",
            "Guard.authorizerId, Api.authorizers",
            "with another authorizer or other scopes",
            target -> {
              String other = target.anotherAuthorizer();
              target.changeRoute(LOOKUP, r -> r.authorizerId(other));
            }),
        row(
            "scopes",
            "Guard.scopes",
            "with another authorizer or other scopes",
            target -> target.changeRoute(LOOKUP, r -> r.authorizationScopes(List.of()))),
        row(
            "authorizer gone",
            "Api.authorizers",
            "the API has no authorizer",
            target -> {
              for (String key : List.of(LOOKUP, "POST /v2/get-online-features", "GET /health")) {
                target.changeRoute(
                    key, r -> r.authorizationType(AuthorizationType.AWS_IAM).authorizerId(""));
              }
              String id = target.authorizer();
              byHand.apis.deleteAuthorizer(r -> r.apiId(target.api()).authorizerId(id));
            }),
        row(
            "issuer",
            "Authorizer.issuer",
            "the authorizer takes other tokens than are wanted",
            target ->
                target.changeAuthorizer(
                    r ->
                        r.jwtConfiguration(
                            c -> c.issuer(callers.issuer() + "/").audience("feast", "ml")))),
        row(
            "audience",
            "Authorizer.audience",
            "the authorizer takes other tokens than are wanted",
            target ->
                target.changeAuthorizer(
                    r ->
                        r.jwtConfiguration(
                            c -> c.issuer(callers.issuer().toString()).audience("everybody")))),
        row(
            "where the token is",
            "Authorizer.identitySources",
            "the authorizer takes other tokens than are wanted",
            target -> target.changeAuthorizer(r -> r.identitySource("$request.header.by-hand"))),
        row(
            "CORS gone",
            "Api.cors",
            "no page of another origin may read its answers",
            target -> byHand.apis.deleteCorsConfiguration(r -> r.apiId(target.api()))),
        row(
            "origins",
            "Cors.allowOrigins",
            cors,
            target -> target.changeCors(c -> c.allowOrigins("*"))),
        row(
            "methods",
            "Cors.allowMethods",
            cors,
            target -> target.changeCors(c -> c.allowMethods("*"))),
        row(
            "headers",
            "Cors.allowHeaders",
            cors,
            target -> target.changeCors(c -> c.allowHeaders("*"))),
        row(
            "exposed headers",
            "Cors.exposeHeaders",
            cors,
            target -> target.changeCors(c -> c.exposeHeaders("x-by-hand"))),
        row("age", "Cors.maxAgeSeconds", cors, target -> target.changeCors(c -> c.maxAge(60))),
        row(
            "credentials",
            "Cors.allowCredentials",
            cors,
            target -> target.changeCors(c -> c.allowCredentials(true))),
        row(
            "throttle gone",
            "Stage.throttles",
            "not throttled as wanted: " + LOOKUP,
            target ->
                byHand.apis.deleteRouteSettings(
                    r -> r.apiId(target.api()).stageName(DesiredStack.STAGE).routeKey(LOOKUP))),
        row(
            "rate",
            "Throttle.rate",
            "not throttled as wanted: " + LOOKUP,
            target -> target.changeStage(r -> r.routeSettings(throttled(1.0, 200)))),
        row(
            "burst",
            "Throttle.burst",
            "not throttled as wanted: " + LOOKUP,
            target -> target.changeStage(r -> r.routeSettings(throttled(100.0, 1)))),
        row(
            "access log gone",
            "Stage.accessLog",
            "no access log is written",
            target ->
                byHand.apis.deleteAccessLogSettings(
                    r -> r.apiId(target.api()).stageName(DesiredStack.STAGE))),
        row(
            "access log elsewhere",
            "AccessLog.destinationArn",
            "the access log goes to arn:aws:logs:us-west-2:000000000000:log-group:/by/hand",
            target ->
                target.changeStage(
                    r ->
                        r.accessLogSettings(
                            a ->
                                a.destinationArn(logGroup("/by/hand"))
                                    .format("$context.requestId")))),
        row(
            "access log's format",
            "AccessLog.format",
            "the access log has another format",
            target ->
                target.changeStage(
                    r ->
                        r.accessLogSettings(
                            a ->
                                a.destinationArn(logGroup(EndpointTest.LOG_GROUP))
                                    .format("$context.requestId")))));
  }

  private static Map<String, RouteSettings> throttled(double rate, int burst) {
    return Map.of(
        LOOKUP,
        RouteSettings.builder().throttlingRateLimit(rate).throttlingBurstLimit(burst).build());
  }

  private static String logGroup(String name) {
    return "arn:aws:logs:us-west-2:000000000000:log-group:" + name;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rows")
  void putsBackWhatSomebodyElseChanged(Row row) throws Exception {
    Target target = target(world.get("drift"));
    world.client.events().v1().events().inNamespace(NAMESPACE).delete();

    row.change().make(target);
    world.pass("drift");

    await()
        .untilAsserted(
            () ->
                assertThat(driftEvents("drift"))
                    .singleElement()
                    .satisfies(
                        event ->
                            assertThat(event.getNote())
                                .contains(row.event())
                                .doesNotContain("hidden", "BY_HAND", "SECRET_NAME", "secret")));
    FeatureServer after = world.awaitReady("drift");
    assertServes(after);
    world.aws.calls().clear();
    world.awaitPass("drift");
    world.awaitPass("drift"); // Begins when the one before it is over.
    assertThat(world.mutatingCalls()).isEmpty();
    assertThat(driftEvents("drift")).hasSize(1);
  }

  /** Every record below ObservedStack, and of each what somebody could change in AWS. */
  @Test
  void hasARowForEveryOwnedField() {
    Set<String> covered =
        rows().stream().flatMap(row -> row.covers().stream()).collect(Collectors.toSet());
    Set<String> owned = new TreeSet<>(components(ObservedStack.class, new HashSet<>()));

    assertThat(NOT_SET_BY_US.keySet()).as("still there").isSubsetOf(owned);
    assertThat(covered).as("still there").isSubsetOf(owned);
    owned.removeAll(covered);
    assertThat(owned)
        .as("add a row that changes the field, or a line below that says why nobody can")
        .isEqualTo(new TreeSet<>(NOT_SET_BY_US.keySet()));
  }

  private static final Map<String, String> NOT_SET_BY_US = notSetByUs();

  private static Map<String, String> notSetByUs() {
    var reasons = new LinkedHashMap<String, String>();
    for (String id :
        List.of(
            "Repository.name",
            "Repository.arn",
            "Repository.uri",
            "Api.id",
            "Api.endpoint",
            "LogGroup.name")) {
      reasons.put(id, "AWS gives it, and it never changes");
    }
    for (String id : List.of("Integration.id", "Authorizer.id", "Route.id", "Stage.name")) {
      reasons.put(id, "what it is found by: another one is another object");
    }
    for (String state :
        List.of("state", "stateReason", "lastUpdate", "lastUpdateReason", "modified")) {
      reasons.put("FunctionConfiguration." + state, "Lambda's own");
    }
    for (String state : List.of("state", "reason", "modified")) {
      reasons.put("Provisioned." + state, "Lambda's own");
    }
    reasons.put("Environment.unreadable", "Lambda's own: it may not use the KMS key");
    reasons.put("Function.verified", "not in AWS");
    reasons.put("Function.served", "not in AWS");
    reasons.put("Route.guardIsNew", "not in AWS");
    reasons.put("StoredImage.tagged", "tags of images are other people's");
    reasons.put("ObservedStack.surplusApis", "ours by their tags: InterruptionsTest makes one");
    reasons.put("ObservedStack.foreign", "not ours: OwnershipTest");
    reasons.put("ForeignObject.object", "not ours: OwnershipTest");
    reasons.put("ForeignObject.whose", "not ours: OwnershipTest");
    for (String another :
        List.of(
            "ObservedStack.claim",
            "ObservedStack.former",
            "Claim.api",
            "Claim.former",
            "Claim.tags",
            "Claim.whose",
            "Former.function",
            "Former.repository",
            "Former.permitted",
            "Former.replaced",
            "Remains.name",
            "Remains.isThere",
            "Remains.kept")) {
      reasons.put(another, "another's, to be adopted: AdoptionTest");
    }
    reasons.put("Integration.type", "local-aws has no other one: PlannerTest");
    reasons.put("Integration.payloadFormat", "local-aws has no other one: PlannerTest");
    reasons.put("Authorizer.type", "local-aws has no other one");
    return reasons;
  }

  private static List<String> components(Type type, Set<Class<?>> seen) {
    if (type instanceof ParameterizedType generic) {
      return Stream.of(generic.getActualTypeArguments())
          .flatMap(argument -> components(argument, seen).stream())
          .toList();
    }
    if (!(type instanceof Class<?> record) || !record.isRecord() || !seen.add(record)) {
      return List.of();
    }
    var found = new ArrayList<String>();
    for (RecordComponent component : record.getRecordComponents()) {
      found.add(record.getSimpleName() + "." + component.getName());
      found.addAll(components(component.getGenericType(), seen));
    }
    return found;
  }

  /** Neither a first deployment nor a changed spec is drift, whatever was changed besides. */
  @Test
  void tellsOfNoDriftWhereTheSpecAsksForTheChange() {
    world.apply("wanted", "  aws: {tags: {team: ml}}\n");
    world.awaitReady("wanted");
    world.edit("wanted", TestWorld.storedAt("s3://feast/registries/other"));
    world.awaitReady("wanted");
    world.edit("wanted", TestWorld.tagged(Map.of("team", "platform")));
    world.awaitReady("wanted");
    world.edit("wanted", TestWorld.spec("timeoutSeconds: 30", "timeoutSeconds: 20"));
    world.awaitReady("wanted");
    world.awaitPass("wanted");
    world.awaitPass("wanted");

    assertThat(world.eventReasons("wanted")).doesNotContainAnyElementsOf(DRIFT);
  }

  /** A version that failed its probe is taken away again when the spec is set back. */
  @Test
  void tellsOfNoDriftWhereTheSpecIsSetBack() {
    world.apply("back", "");
    world.awaitReady("back");
    world.answering(
        invocation ->
            invocation.functionVersion().equals("1")
                ? TestWorld.healthy()
                : TestWorld.unavailable());
    world.edit("back", TestWorld.storedAt("s3://feast/registries/bad"));
    world.awaitCondition(
        "back", ConditionType.FUNCTION_READY, ConditionStatus.False, "ProbeFailed");
    world.edit("back", TestWorld.storedAt("s3://feast/registries/dev"));
    world.awaitReady("back");
    world.answering(invocation -> TestWorld.healthy());

    assertThat(world.eventReasons("back")).doesNotContainAnyElementsOf(DRIFT);
  }

  private static List<Event> driftEvents(String name) {
    return world.events(name).stream().filter(event -> DRIFT.contains(event.getReason())).toList();
  }

  private static void assertServes(FeatureServer resource) {
    Target target = target(resource);
    var routes = byHand.apis.getRoutes(r -> r.apiId(target.api())).items();
    assertThat(routes).hasSize(3);
    assertThat(byHand.apis.getIntegrations(r -> r.apiId(target.api())).items())
        .singleElement()
        .satisfies(
            integration ->
                assertThat(integration.integrationUri()).endsWith(target.function() + ":live"));
    assertThat(world.region().lambda().permissions(target.function(), "live")).hasSize(3);
    var configuration =
        byHand.lambda.getFunctionConfiguration(r -> r.functionName(target.function()));
    assertThat(configuration.memorySize()).isEqualTo(1769);
    assertThat(configuration.environment().variables()).containsKey("SECRET_NAME");
    assertThat(images(target.repository())).hasSize(1);
  }

  private static Target target(FeatureServer resource) {
    return new Target(
        function(resource).name(),
        repository(resource).name(),
        requireNonNull(repository(resource).arn()),
        api(resource).id(),
        Long.parseLong(requireNonNull(function(resource).version())));
  }

  private static List<ImageIdentifier> images(String repository) {
    return byHand.ecr.listImages(r -> r.repositoryName(repository)).imageIds();
  }

  /** Returns its number. */
  private static String publishedByHand(Target target, int memory) {
    byHand.lambda.updateFunctionConfiguration(
        r -> r.functionName(target.function()).memorySize(memory));
    byHand.lambda.waiter().waitUntilFunctionUpdatedV2(r -> r.functionName(target.function()));
    return byHand.lambda.publishVersion(r -> r.functionName(target.function())).version();
  }

  private static void provision(Target target, String version, int environments) {
    byHand.lambda.putProvisionedConcurrencyConfig(
        r ->
            r.functionName(target.function())
                .qualifier(version)
                .provisionedConcurrentExecutions(environments));
  }

  /** A version below the live one. */
  private static String former(Target target) {
    return byHand
        .lambda
        .listVersionsByFunction(r -> r.functionName(target.function()))
        .versions()
        .stream()
        .map(version -> version.version())
        .filter(version -> !version.equals("$LATEST"))
        .filter(version -> Long.parseLong(version) < target.version())
        .findFirst()
        .orElseThrow();
  }

  private static void withoutPermission(Target target) {
    byHand.lambda.removePermission(
        r -> r.functionName(target.function()).qualifier("live").statementId(STATEMENT));
  }

  private static void permission(
      Target target, String statement, String action, String principal, String source) {
    withoutPermission(target);
    byHand.lambda.addPermission(
        r ->
            r.functionName(target.function())
                .qualifier("live")
                .statementId(statement)
                .action(action)
                .principal(principal)
                .sourceArn(source));
  }

  private static String source(Target target) {
    return "arn:aws:execute-api:us-west-2:000000000000:%s/$default/POST/get-online-features"
        .formatted(target.api());
  }

  private static String anotherIntegration(Target target) {
    return byHand
        .apis
        .createIntegration(
            r ->
                r.apiId(target.api())
                    .integrationType("AWS_PROXY")
                    .integrationUri(target.functionArn())
                    .payloadFormatVersion("2.0"))
        .integrationId();
  }
}
