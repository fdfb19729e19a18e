package dev.feast.aws.localaws.apigateway;

import dev.feast.aws.localaws.http.Request;
import dev.feast.aws.localaws.http.Response;
import dev.feast.aws.localaws.lambda.InvocationResult;
import dev.feast.aws.localaws.lambda.Invoker;
import dev.feast.aws.localaws.spi.AwsError;
import dev.feast.aws.localaws.spi.Caller;
import dev.feast.aws.localaws.spi.Operation;
import dev.feast.aws.localaws.spi.Permissions;
import dev.feast.aws.localaws.spi.Service;
import dev.feast.aws.localaws.spi.TraceId;
import dev.feast.aws.localaws.spi.WireErrors;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What answers under {@code /_apis/<id>}: finds stage and route, asks who asks, checks the
 * permission, calls the function.
 */
public final class Endpoints implements Service, AutoCloseable {
  static final String PREFIX = "/_apis/";

  /** In SigV4's credential scope. */
  static final String SERVICE = "execute-api";

  private static final String PRINCIPAL = "apigateway.amazonaws.com";

  /** "Payload size: 10 MB", of HTTP APIs. */
  private static final int MAX_BODY_BYTES = 10 << 20;

  private final Apis apis;
  private final Deployments deployments;
  private final Invoker functions;
  private final Gatekeeper gatekeeper;
  private final AccessLogs accessLogs;
  private final Clock clock;
  private final EndpointErrors errors = new EndpointErrors();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  Endpoints(
      Apis apis,
      Deployments deployments,
      Invoker functions,
      Gatekeeper gatekeeper,
      AccessLogs accessLogs,
      Clock clock) {
    this.apis = apis;
    this.deployments = deployments;
    this.functions = functions;
    this.gatekeeper = gatekeeper;
    this.accessLogs = accessLogs;
    this.clock = clock;
  }

  @Override
  public String name() {
    return SERVICE;
  }

  @Override
  public WireErrors errors() {
    return errors;
  }

  @Override
  public Operation operation(Request request, Caller caller) {
    // Who may call is up to the route's authorizer.
    return Operation.reads("Invoke", () -> Permissions.of(caller), () -> answer(request, caller));
  }

  /** Where a request is to be routed: an API's stage, and the path below it. */
  private record Place(Api api, Stage stage, Request request, String path) {}

  /**
   * A request on its way to its integration.
   *
   * @param request its path without the prefix that local-aws mounts an API under
   */
  record Routed(
      Api api,
      Stage stage,
      Route route,
      Map<String, String> pathParameters,
      Request request,
      Authorized authorized) {}

  private Response answer(Request request, Caller caller) throws IOException {
    Instant arrived = clock.instant();
    Place place = place(request);
    Optional<Cors> cors = place.api.cors();
    String routeKey = "";
    Map<String, String> who = Map.of();
    Response answer;
    AwsError error = null;
    try {
      if (cors.isPresent() && Cors.isPreflight(request)) {
        answer = cors.get().preflight(request);
      } else {
        Route route = route(place);
        routeKey = route.key().text();
        Authorized authorized =
            gatekeeper.admit(request, caller, place.api, place.stage, route, place.path);
        who = authorized.variables();
        Response answered = integrate(routed(place, route, authorized), caller.requestId());
        answer = cors.map(words -> words.on(answered, request)).orElse(answered);
      }
    } catch (AwsError e) {
      error = e;
      answer = errors.write(e, request, caller.requestId());
    }
    accessLogs.write(
        new AccessLogs.Entry(
            place.api,
            place.stage,
            routeKey,
            place.request,
            who,
            caller.requestId(),
            arrived,
            clock.instant(),
            answer,
            error == null ? "" : error.text()));
    if (error != null) {
      throw error;
    }
    return answer;
  }

  private Response integrate(Routed routed, String requestId) throws IOException {
    Integration integration =
        routed
            .route
            .integrationId()
            .flatMap(routed.api::integration)
            .orElseThrow(EndpointErrors::internal);
    Integration.Target target = integration.target();
    if (!functions.permits(
        target.function(),
        target.qualifier(),
        PRINCIPAL,
        sourceArn(routed),
        routed.api.account())) {
      throw EndpointErrors.internal();
    }
    byte[] body = routed.request.body().readNBytes(MAX_BODY_BYTES + 1);
    if (body.length > MAX_BODY_BYTES) {
      throw EndpointErrors.tooLarge();
    }
    String traceId = TraceId.of(routed.request, clock.instant());
    byte[] event = ProxyEvent.of(routed, body, requestId, traceId, clock.instant());
    if (event.length > InvocationResult.MAX_ANSWER_BYTES) {
      throw EndpointErrors.tooLarge();
    }
    InvocationResult result =
        invoke(
            new Invoker.Request(
                target.function(),
                target.qualifier(),
                event,
                Optional.empty(),
                UUID.randomUUID().toString(),
                traceId),
            integration.timeoutMillis());
    if (result.functionError().isPresent()) {
      throw EndpointErrors.internal();
    }
    return ProxyResponse.of(result.payload());
  }

  private Place place(Request request) {
    String below = request.rawPath().substring(PREFIX.length());
    int slash = below.indexOf('/');
    String id = slash < 0 ? below : below.substring(0, slash);
    String path = slash < 0 ? "/" : below.substring(slash);
    Api api =
        apis.find(id)
            .map(deployments::deployed)
            .filter(a -> !a.endpointDisabled())
            .orElseThrow(EndpointErrors::notFound);
    String first = path.split("/", 3)[1];
    Optional<Stage> named = api.stage(first);
    Stage stage =
        named
            .or(() -> api.stage(Stage.DEFAULT))
            .filter(Stage::autoDeploy)
            .orElseThrow(EndpointErrors::notFound);
    String routed = named.isPresent() ? path.substring(first.length() + 1) : path;
    return new Place(api, stage, request.withRawPath(path), routed.isEmpty() ? "/" : routed);
  }

  private static Route route(Place place) {
    return place.api.routes().stream()
        .filter(r -> r.key().match(place.request.method(), place.path).isPresent())
        .min(Comparator.comparing(Route::key, RouteKey.bySpecificity()))
        .orElseThrow(EndpointErrors::notFound);
  }

  private static Routed routed(Place place, Route route, Authorized authorized) {
    return new Routed(
        place.api,
        place.stage,
        route,
        route.key().match(place.request.method(), place.path).orElse(Map.of()),
        place.request,
        authorized);
  }

  /**
   * What stands for this route in a permission: {@code
   * arn:aws:execute-api:…:<api>/<stage>/<METHOD>/<path>}.
   */
  private static String sourceArn(Routed routed) {
    RouteKey key = routed.route.key();
    String resource =
        key.isDefault() ? "/" + RouteKey.DEFAULT : "/" + routed.request.method() + key.path();
    return "arn:aws:execute-api:%s:%s:%s/%s%s"
        .formatted(
            routed.api.region(),
            routed.api.account(),
            routed.api.id(),
            routed.stage.name(),
            resource);
  }

  private InvocationResult invoke(Invoker.Request request, int timeoutMillis) {
    Future<Invoker.Invoked> answer = threads.submit(() -> functions.invoke(request));
    try {
      return answer.get(timeoutMillis, TimeUnit.MILLISECONDS).result();
    } catch (TimeoutException e) {
      // The function runs on, as it does on AWS; nobody waits for it.
      throw EndpointErrors.unavailable();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof AwsError) {
        throw EndpointErrors.internal();
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw EndpointErrors.unavailable();
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
    gatekeeper.close();
  }
}
