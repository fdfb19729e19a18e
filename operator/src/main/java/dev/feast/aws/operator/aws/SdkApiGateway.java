package dev.feast.aws.operator.aws;

import static dev.feast.aws.operator.aws.AwsErrors.ifFound;
import static dev.feast.aws.operator.aws.AwsErrors.translating;

import dev.feast.aws.operator.model.ObservedStack.Api;
import dev.feast.aws.operator.model.ObservedStack.Integration;
import dev.feast.aws.operator.model.ObservedStack.Route;
import dev.feast.aws.operator.model.ObservedStack.Stage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.apigatewayv2.ApiGatewayV2Client;
import software.amazon.awssdk.services.apigatewayv2.model.AuthorizationType;
import software.amazon.awssdk.services.apigatewayv2.model.GetApisResponse;
import software.amazon.awssdk.services.apigatewayv2.model.GetIntegrationsResponse;
import software.amazon.awssdk.services.apigatewayv2.model.GetRoutesResponse;
import software.amazon.awssdk.services.apigatewayv2.model.IntegrationType;
import software.amazon.awssdk.services.apigatewayv2.model.ProtocolType;

/** {@link ApiGateway} over the SDK, which has no paginators for it. */
final class SdkApiGateway implements ApiGateway {
  /** The most that API Gateway gives in one page; the SDK takes it as text. */
  private static final String PAGE = "500";

  /** Lambda proxy integrations are invoked by POST, whatever the route's method is. */
  private static final String INVOKE_METHOD = "POST";

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
                    found.disableExecuteApiEndpoint()));
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
                        new Route(
                            found.routeId(),
                            found.routeKey(),
                            found.target(),
                            found.authorizationTypeAsString() == null
                                ? Route.OPEN
                                : found.authorizationTypeAsString()))
                .toList());
  }

  @Override
  public Optional<Stage> stage(String apiId, String stage) {
    return ifFound(
            "apigateway:GET of stage %s of API %s".formatted(stage, apiId),
            () -> read.getStage(r -> r.apiId(apiId).stageName(stage)))
        .map(found -> new Stage(found.stageName(), isTrue(found.autoDeploy())));
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
        created.disableExecuteApiEndpoint());
  }

  @Override
  public void update(String apiId, String name) {
    translating(
        "apigateway:PATCH of API " + apiId,
        () -> write.updateApi(r -> r.apiId(apiId).name(name).disableExecuteApiEndpoint(false)));
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
  public Route createRoute(String apiId, String routeKey, String target) {
    var created =
        translating(
            "apigateway:POST of route %s of API %s".formatted(routeKey, apiId),
            () ->
                write.createRoute(
                    r ->
                        r.apiId(apiId)
                            .routeKey(routeKey)
                            .target(target)
                            .authorizationType(AuthorizationType.NONE)));
    return new Route(created.routeId(), routeKey, target, Route.OPEN);
  }

  @Override
  public Route updateRoute(String apiId, String routeId, String routeKey, String target) {
    translating(
        "apigateway:PATCH of route %s of API %s".formatted(routeKey, apiId),
        () ->
            write.updateRoute(
                r ->
                    r.apiId(apiId)
                        .routeId(routeId)
                        .routeKey(routeKey)
                        .target(target)
                        .authorizationType(AuthorizationType.NONE)));
    return new Route(routeId, routeKey, target, Route.OPEN);
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
    return new Stage(stage, true);
  }

  @Override
  public Stage updateStage(String apiId, String stage) {
    translating(
        "apigateway:PATCH of stage %s of API %s".formatted(stage, apiId),
        () -> write.updateStage(r -> r.apiId(apiId).stageName(stage).autoDeploy(true)));
    return new Stage(stage, true);
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
                                    found.disableExecuteApiEndpoint()),
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
      @Nullable Boolean disabled) {
    return new Api(
        id, name, text(endpoint), Map.copyOf(tags), isTrue(disabled), List.of(), List.of(), null);
  }

  private static boolean isTrue(@Nullable Boolean value) {
    return value != null && value;
  }

  private static String text(@Nullable String text) {
    return text == null ? "" : text;
  }
}
