package dev.feast.aws.localaws.apigateway;

import dev.feast.aws.localaws.http.Request;
import dev.feast.aws.localaws.http.Response;
import dev.feast.aws.localaws.lambda.InvocationResult;
import dev.feast.aws.localaws.lambda.Invoker;
import dev.feast.aws.localaws.spi.AwsError;
import dev.feast.aws.localaws.spi.Caller;
import dev.feast.aws.localaws.spi.Operation;
import dev.feast.aws.localaws.spi.Service;
import dev.feast.aws.localaws.spi.TraceId;
import dev.feast.aws.localaws.spi.WireErrors;
import java.io.IOException;
import java.time.Clock;
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
 * What answers under {@code /_apis/<id>}: finds stage and route, checks the permission, calls the
 * function.
 */
public final class Endpoints implements Service, AutoCloseable {
  static final String PREFIX = "/_apis/";
  private static final String PRINCIPAL = "apigateway.amazonaws.com";

  /** "Payload size: 10 MB", of HTTP APIs. */
  private static final int MAX_BODY_BYTES = 10 << 20;

  private final Apis apis;
  private final Invoker functions;
  private final Clock clock;
  private final EndpointErrors errors = new EndpointErrors();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  Endpoints(Apis apis, Invoker functions, Clock clock) {
    this.apis = apis;
    this.functions = functions;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "execute-api";
  }

  @Override
  public WireErrors errors() {
    return errors;
  }

  @Override
  public Operation operation(Request request, Caller caller) {
    return Operation.reads("Invoke", () -> answer(request, caller.requestId()));
  }

  /** A request on its way to its integration. */
  record Routed(
      Api api, Stage stage, Route route, Map<String, String> pathParameters, Request request) {}

  private Response answer(Request request, String requestId) throws IOException {
    Routed routed = route(request);
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
    byte[] body = request.body().readNBytes(MAX_BODY_BYTES + 1);
    if (body.length > MAX_BODY_BYTES) {
      throw EndpointErrors.tooLarge();
    }
    String traceId = TraceId.of(request, clock.instant(), "");
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

  private Routed route(Request request) {
    String below = request.rawPath().substring(PREFIX.length());
    int slash = below.indexOf('/');
    String id = slash < 0 ? below : below.substring(0, slash);
    String path = slash < 0 ? "/" : below.substring(slash);
    Api api =
        apis.find(id).filter(a -> !a.endpointDisabled()).orElseThrow(EndpointErrors::notFound);
    String first = path.split("/", 3)[1];
    Optional<Stage> named = api.stage(first);
    Stage stage =
        named
            .or(() -> api.stage(Stage.DEFAULT))
            .filter(Stage::autoDeploy)
            .orElseThrow(EndpointErrors::notFound);
    String routed = named.isPresent() ? path.substring(first.length() + 1) : path;
    String matched = routed.isEmpty() ? "/" : routed;
    Route route =
        api.routes().stream()
            .filter(r -> r.key().match(request.method(), matched).isPresent())
            .min(Comparator.comparing(Route::key, RouteKey.bySpecificity()))
            .orElseThrow(EndpointErrors::notFound);
    return new Routed(
        api,
        stage,
        route,
        route.key().match(request.method(), matched).orElse(Map.of()),
        request.withRawPath(path));
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
  }
}
