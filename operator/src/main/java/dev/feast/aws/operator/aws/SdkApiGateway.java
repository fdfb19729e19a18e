package dev.feast.aws.operator.aws;

import static dev.feast.aws.operator.aws.AwsErrors.ifFound;
import static dev.feast.aws.operator.aws.AwsErrors.translating;

import dev.feast.aws.operator.model.Access;
import dev.feast.aws.operator.model.AccessLog;
import dev.feast.aws.operator.model.Cors;
import dev.feast.aws.operator.model.ObservedStack.Api;
import dev.feast.aws.operator.model.ObservedStack.Authorizer;
import dev.feast.aws.operator.model.ObservedStack.Guard;
import dev.feast.aws.operator.model.ObservedStack.Integration;
import dev.feast.aws.operator.model.ObservedStack.Route;
import dev.feast.aws.operator.model.ObservedStack.Stage;
import dev.feast.aws.operator.model.Throttle;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.apigatewayv2.ApiGatewayV2Client;
import software.amazon.awssdk.services.apigatewayv2.model.AccessLogSettings;
import software.amazon.awssdk.services.apigatewayv2.model.AuthorizerType;
import software.amazon.awssdk.services.apigatewayv2.model.GetApisResponse;
import software.amazon.awssdk.services.apigatewayv2.model.GetAuthorizersResponse;
import software.amazon.awssdk.services.apigatewayv2.model.GetIntegrationsResponse;
import software.amazon.awssdk.services.apigatewayv2.model.GetRoutesResponse;
import software.amazon.awssdk.services.apigatewayv2.model.IntegrationType;
import software.amazon.awssdk.services.apigatewayv2.model.ProtocolType;
import software.amazon.awssdk.services.apigatewayv2.model.RouteSettings;

/** {@link ApiGateway} over the SDK, which has no paginators for it. */
final class SdkApiGateway implements ApiGateway {
  /** The most that API Gateway gives in one page; the SDK takes it as text. */
  private static final String PAGE = "500";

  /** Lambda proxy integrations are invoked by POST, whatever the route's method is. */
  private static final String INVOKE_METHOD = "POST";

  /** The one authorizer's; nothing is found by it. */
  private static final String AUTHORIZER = "feast-jwt";

  private final ApiGatewayV2Client read;
  private final ApiGatewayV2Client write;
  private final SharedListing<List<Api>> listing = new SharedListing<>(this::listAll);

  /**
   * @param read retries by itself
   * @param write does not: a CreateApi whose answer was lost made an API
   */
  SdkApiGateway(ApiGatewayV2Client read, ApiGatewayV2Client write) {
    this.read = read;
    this.write = write;
  }

  @Override
  public Optional<Api> find(String apiId) {
    return ifFound("apigateway:GET of API " + apiId, () -> read.getApi(r -> r.apiId(apiId)))
        .map(
            found ->
                api(
                    found.apiId(),
                    found.name(),
                    found.apiEndpoint(),
                    found.tags(),
                    found.disableExecuteApiEndpoint(),
                    found.corsConfiguration()));
  }

  @Override
  public List<Api> list() {
    return listing.get();
  }

  @Override
  public List<Integration> integrations(String apiId) {
    return pages(
        "apigateway:GET of the integrations of API " + apiId,
        token -> read.getIntegrations(r -> r.apiId(apiId).maxResults(PAGE).nextToken(token)),
        GetIntegrationsResponse::nextToken,
        page ->
            page.items().stream()
                .map(
                    found ->
                        new Integration(
                            found.integrationId(),
                            text(found.integrationTypeAsString()),
                            found.integrationUri(),
                            found.payloadFormatVersion()))
                .toList());
  }

  @Override
  public List<Route> routes(String apiId) {
    return pages(
        "apigateway:GET of the routes of API " + apiId,
        token -> read.getRoutes(r -> r.apiId(apiId).maxResults(PAGE).nextToken(token)),
        GetRoutesResponse::nextToken,
        page ->
            page.items().stream()
                .map(
                    found ->
                        new Route(found.routeId(), found.routeKey(), found.target(), guard(found)))
                .toList());
  }

  @Override
  public Optional<Stage> stage(String apiId, String stage) {
    return ifFound(
            "apigateway:GET of stage %s of API %s".formatted(stage, apiId),
            () -> read.getStage(r -> r.apiId(apiId).stageName(stage)))
        .map(
            found ->
                new Stage(
                    found.stageName(),
                    isTrue(found.autoDeploy()),
                    throttles(found.routeSettings()),
                    accessLog(found.accessLogSettings())));
  }

  @Override
  public Api create(String name, Map<String, String> tags) {
    var created =
        translating(
            "apigateway:POST of API " + name,
            () -> write.createApi(r -> r.name(name).protocolType(ProtocolType.HTTP).tags(tags)));
    return api(
        created.apiId(),
        created.name(),
        created.apiEndpoint(),
        tags,
        created.disableExecuteApiEndpoint(),
        created.corsConfiguration());
  }

  @Override
  public void update(String apiId, String name) {
    translating(
        "apigateway:PATCH of API " + apiId,
        () -> write.updateApi(r -> r.apiId(apiId).name(name).disableExecuteApiEndpoint(false)));
  }

  @Override
  public void setCors(String apiId, Cors cors) {
    translating(
        "apigateway:PATCH of API " + apiId,
        () ->
            write.updateApi(
                r ->
                    r.apiId(apiId)
                        .corsConfiguration(
                            c ->
                                c.allowOrigins(cors.allowOrigins())
                                    .allowMethods(cors.allowMethods())
                                    .allowHeaders(cors.allowHeaders())
                                    .exposeHeaders(cors.exposeHeaders())
                                    .maxAge(cors.maxAgeSeconds())
                                    .allowCredentials(cors.allowCredentials()))));
  }

  @Override
  public void deleteCors(String apiId) {
    ifFound(
        "apigateway:DELETE of CORS of API " + apiId,
        () -> write.deleteCorsConfiguration(r -> r.apiId(apiId)));
  }

  @Override
  public void tag(String apiArn, Map<String, String> tags) {
    translating(
        "apigateway:POST of tags of " + apiArn,
        () -> write.tagResource(r -> r.resourceArn(apiArn).tags(tags)));
  }

  @Override
  public void untag(String apiArn, Collection<String> keys) {
    translating(
        "apigateway:DELETE of tags of " + apiArn,
        () -> write.untagResource(r -> r.resourceArn(apiArn).tagKeys(keys)));
  }

  @Override
  public Integration createIntegration(String apiId, String uri, String payloadFormat) {
    var created =
        translating(
            "apigateway:POST of an integration of API " + apiId,
            () ->
                write.createIntegration(
                    r ->
                        r.apiId(apiId)
                            .integrationType(IntegrationType.AWS_PROXY)
                            .integrationMethod(INVOKE_METHOD)
                            .integrationUri(uri)
                            .payloadFormatVersion(payloadFormat)));
    return new Integration(created.integrationId(), Integration.LAMBDA_PROXY, uri, payloadFormat);
  }

  @Override
  public Integration updateIntegration(
      String apiId, String integrationId, String uri, String payloadFormat) {
    translating(
        "apigateway:PATCH of integration %s of API %s".formatted(integrationId, apiId),
        () ->
            write.updateIntegration(
                r ->
                    r.apiId(apiId)
                        .integrationId(integrationId)
                        .integrationType(IntegrationType.AWS_PROXY)
                        .integrationMethod(INVOKE_METHOD)
                        .integrationUri(uri)
                        .payloadFormatVersion(payloadFormat)));
    return new Integration(integrationId, Integration.LAMBDA_PROXY, uri, payloadFormat);
  }

  @Override
  public void deleteIntegration(String apiId, String integrationId) {
    ifFound(
        "apigateway:DELETE of integration %s of API %s".formatted(integrationId, apiId),
        () -> write.deleteIntegration(r -> r.apiId(apiId).integrationId(integrationId)));
  }

  @Override
  public List<Authorizer> authorizers(String apiId) {
    return pages(
        "apigateway:GET of the authorizers of API " + apiId,
        token -> read.getAuthorizers(r -> r.apiId(apiId).maxResults(PAGE).nextToken(token)),
        GetAuthorizersResponse::nextToken,
        page ->
            page.items().stream()
                .map(
                    found ->
                        new Authorizer(
                            found.authorizerId(),
                            text(found.authorizerTypeAsString()),
                            found.jwtConfiguration() == null
                                ? ""
                                : text(found.jwtConfiguration().issuer()),
                            found.jwtConfiguration() == null
                                ? Set.of()
                                : Set.copyOf(found.jwtConfiguration().audience()),
                            List.copyOf(found.identitySource())))
                .toList());
  }

  @Override
  public Authorizer createAuthorizer(String apiId, Access.ByJwt jwt) {
    var created =
        translating(
            "apigateway:POST of an authorizer of API " + apiId,
            () ->
                write.createAuthorizer(
                    r ->
                        r.apiId(apiId)
                            .name(AUTHORIZER)
                            .authorizerType(AuthorizerType.JWT)
                            .identitySource(jwt.identitySource())
                            .jwtConfiguration(
                                c -> c.issuer(jwt.issuer()).audience(jwt.audience()))));
    return authorizer(created.authorizerId(), jwt);
  }

  @Override
  public Authorizer updateAuthorizer(String apiId, String authorizerId, Access.ByJwt jwt) {
    translating(
        "apigateway:PATCH of authorizer %s of API %s".formatted(authorizerId, apiId),
        () ->
            write.updateAuthorizer(
                r ->
                    r.apiId(apiId)
                        .authorizerId(authorizerId)
                        .identitySource(jwt.identitySource())
                        .jwtConfiguration(c -> c.issuer(jwt.issuer()).audience(jwt.audience()))));
    return authorizer(authorizerId, jwt);
  }

  private static Authorizer authorizer(String id, Access.ByJwt jwt) {
    return new Authorizer(
        id, Authorizer.JWT, jwt.issuer(), jwt.audience(), List.of(jwt.identitySource()));
  }

  @Override
  public void deleteAuthorizer(String apiId, String authorizerId) {
    ifFound(
        "apigateway:DELETE of authorizer %s of API %s".formatted(authorizerId, apiId),
        () -> write.deleteAuthorizer(r -> r.apiId(apiId).authorizerId(authorizerId)));
  }

  @Override
  public Route createRoute(String apiId, String routeKey, String target, Guard guard) {
    var created =
        translating(
            "apigateway:POST of route %s of API %s".formatted(routeKey, apiId),
            () ->
                write.createRoute(
                    r ->
                        r.apiId(apiId)
                            .routeKey(routeKey)
                            .target(target)
                            .authorizationType(guard.type())
                            .authorizerId(guard.authorizerId())
                            .authorizationScopes(guard.scopes())));
    return new Route(created.routeId(), routeKey, target, guard);
  }

  @Override
  public void updateRoute(String apiId, String routeId, String routeKey, String target) {
    translating(
        "apigateway:PATCH of route %s of API %s".formatted(routeKey, apiId),
        () ->
            write.updateRoute(
                r -> r.apiId(apiId).routeId(routeId).routeKey(routeKey).target(target)));
  }

  @Override
  public void updateRoute(
      String apiId, String routeId, String routeKey, Guard before, Guard guard) {
    // What is not named stays: the empty text is what takes an authorizer away.
    String authorizer =
        guard.authorizerId() == null && before.authorizerId() != null ? "" : guard.authorizerId();
    translating(
        "apigateway:PATCH of route %s of API %s".formatted(routeKey, apiId),
        () ->
            write.updateRoute(
                r ->
                    r.apiId(apiId)
                        .routeId(routeId)
                        .authorizationType(guard.type())
                        .authorizerId(authorizer)
                        .authorizationScopes(guard.scopes())));
  }

  @Override
  public void deleteRoute(String apiId, String routeId) {
    ifFound(
        "apigateway:DELETE of route %s of API %s".formatted(routeId, apiId),
        () -> write.deleteRoute(r -> r.apiId(apiId).routeId(routeId)));
  }

  @Override
  public Stage createStage(String apiId, String stage) {
    translating(
        "apigateway:POST of stage %s of API %s".formatted(stage, apiId),
        () -> write.createStage(r -> r.apiId(apiId).stageName(stage).autoDeploy(true)));
    return Stage.deploying(stage);
  }

  @Override
  public void updateStage(String apiId, String stage) {
    translating(
        "apigateway:PATCH of stage %s of API %s".formatted(stage, apiId),
        () -> write.updateStage(r -> r.apiId(apiId).stageName(stage).autoDeploy(true)));
  }

  @Override
  public void throttle(String apiId, String stage, Map<String, Throttle> throttles) {
    var settings = new HashMap<String, RouteSettings>();
    throttles.forEach(
        (route, throttle) ->
            settings.put(
                route,
                RouteSettings.builder()
                    .throttlingRateLimit(throttle.rate())
                    .throttlingBurstLimit(throttle.burst())
                    .build()));
    translating(
        "apigateway:PATCH of stage %s of API %s".formatted(stage, apiId),
        () -> write.updateStage(r -> r.apiId(apiId).stageName(stage).routeSettings(settings)));
  }

  @Override
  public void unthrottle(String apiId, String stage, String routeKey) {
    ifFound(
        "apigateway:DELETE of the settings of route %s of API %s".formatted(routeKey, apiId),
        () -> write.deleteRouteSettings(r -> r.apiId(apiId).stageName(stage).routeKey(routeKey)));
  }

  @Override
  public void setAccessLog(String apiId, String stage, AccessLog log) {
    translating(
        "apigateway:PATCH of stage %s of API %s".formatted(stage, apiId),
        () ->
            write.updateStage(
                r ->
                    r.apiId(apiId)
                        .stageName(stage)
                        .accessLogSettings(
                            a -> a.destinationArn(log.destinationArn()).format(log.format()))));
  }

  @Override
  public void deleteAccessLog(String apiId, String stage) {
    ifFound(
        "apigateway:DELETE of the access log of API " + apiId,
        () -> write.deleteAccessLogSettings(r -> r.apiId(apiId).stageName(stage)));
  }

  @Override
  public void delete(String apiId) {
    ifFound("apigateway:DELETE of API " + apiId, () -> write.deleteApi(r -> r.apiId(apiId)));
  }

  private List<Api> listAll() {
    record Dated(Api api, @Nullable Instant created) {}
    return pages(
            "apigateway:GET of all APIs",
            token -> read.getApis(r -> r.maxResults(PAGE).nextToken(token)),
            GetApisResponse::nextToken,
            page ->
                page.items().stream()
                    .map(
                        found ->
                            new Dated(
                                api(
                                    found.apiId(),
                                    found.name(),
                                    found.apiEndpoint(),
                                    found.tags(),
                                    found.disableExecuteApiEndpoint(),
                                    found.corsConfiguration()),
                                found.createdDate()))
                    .toList())
        .stream()
        // The id decides between two of the same second, so that every operator takes the same one.
        .sorted(
            Comparator.comparing(Dated::created, Comparator.nullsLast(Comparator.naturalOrder()))
                .thenComparing(dated -> dated.api().id()))
        .map(Dated::api)
        .toList();
  }

  private static <P, T> List<T> pages(
      String what,
      Function<@Nullable String, P> page,
      Function<P, @Nullable String> nextToken,
      Function<P, List<T>> items) {
    return translating(
        what,
        () -> {
          var all = new ArrayList<T>();
          String token = null;
          do {
            P answer = page.apply(token);
            all.addAll(items.apply(answer));
            token = nextToken.apply(answer);
          } while (token != null && !token.isEmpty());
          return List.copyOf(all);
        });
  }

  private static Api api(
      String id,
      String name,
      @Nullable String endpoint,
      Map<String, String> tags,
      @Nullable Boolean disabled,
      software.amazon.awssdk.services.apigatewayv2.model.@Nullable Cors cors) {
    return new Api(
        id,
        name,
        text(endpoint),
        Map.copyOf(tags),
        isTrue(disabled),
        cors == null ? null : cors(cors));
  }

  private static Cors cors(software.amazon.awssdk.services.apigatewayv2.model.Cors found) {
    return Cors.of(
        found.allowOrigins(),
        found.allowMethods(),
        found.allowHeaders(),
        found.exposeHeaders(),
        found.maxAge() == null ? 0 : found.maxAge(),
        isTrue(found.allowCredentials()));
  }

  /** What an authorizer is for says nothing where none is asked. */
  private static Guard guard(software.amazon.awssdk.services.apigatewayv2.model.Route found) {
    return switch (found.authorizationType()) {
      case null -> Guard.OPEN;
      case NONE -> Guard.OPEN;
      case AWS_IAM -> Guard.IAM;
      case JWT, CUSTOM, UNKNOWN_TO_SDK_VERSION ->
          new Guard(
              found.authorizationTypeAsString(),
              found.authorizerId(),
              Set.copyOf(found.authorizationScopes()));
    };
  }

  /** Of those routes that have one of their own; what it does not say is nothing, which is 0. */
  private static Map<String, Throttle> throttles(Map<String, RouteSettings> found) {
    var throttles = new HashMap<String, Throttle>();
    found.forEach(
        (route, settings) -> {
          Double rate = settings.throttlingRateLimit();
          Integer burst = settings.throttlingBurstLimit();
          if (rate != null || burst != null) {
            throttles.put(route, new Throttle(rate == null ? 0 : rate, burst == null ? 0 : burst));
          }
        });
    return Map.copyOf(throttles);
  }

  private static @Nullable AccessLog accessLog(@Nullable AccessLogSettings found) {
    return found == null || found.destinationArn() == null
        ? null
        : new AccessLog(found.destinationArn(), text(found.format()));
  }

  private static boolean isTrue(@Nullable Boolean value) {
    return value != null && value;
  }

  private static String text(@Nullable String text) {
    return text == null ? "" : text;
  }
}
