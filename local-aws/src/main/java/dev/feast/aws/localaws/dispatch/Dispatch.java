package dev.feast.aws.localaws.dispatch;

import dev.feast.aws.localaws.control.Call;
import dev.feast.aws.localaws.control.Calls;
import dev.feast.aws.localaws.control.Fault;
import dev.feast.aws.localaws.control.Faults;
import dev.feast.aws.localaws.http.Body;
import dev.feast.aws.localaws.http.Handler;
import dev.feast.aws.localaws.http.Reply;
import dev.feast.aws.localaws.http.Request;
import dev.feast.aws.localaws.http.Response;
import dev.feast.aws.localaws.iam.Iam;
import dev.feast.aws.localaws.limits.CallLimits;
import dev.feast.aws.localaws.sigv4.Authorization;
import dev.feast.aws.localaws.sigv4.SignedRequests;
import dev.feast.aws.localaws.spi.AwsError;
import dev.feast.aws.localaws.spi.Caller;
import dev.feast.aws.localaws.spi.Operation;
import dev.feast.aws.localaws.spi.Service;
import dev.feast.aws.localaws.sts.IssuedKeys;
import dev.feast.aws.localaws.sts.SessionKeys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives each request to the service it is for, and does around it what all services have in common.
 */
public final class Dispatch implements Handler {
  private static final Logger LOG = LoggerFactory.getLogger(Dispatch.class);
  private static final String DEFAULT_REGION = "us-east-1";

  private final List<Route> routes;
  private final IssuedKeys keys;
  private final Iam iam;
  private final Calls calls;
  private final Faults faults;
  private final CallLimits limits;
  private final Clock clock;
  private final SignedRequests signatures;

  public Dispatch(
      List<Route> routes,
      IssuedKeys keys,
      Iam iam,
      Calls calls,
      Faults faults,
      CallLimits limits,
      Clock clock) {
    this.routes = List.copyOf(routes);
    this.keys = keys;
    this.iam = iam;
    this.calls = calls;
    this.faults = faults;
    this.limits = limits;
    this.clock = clock;
    this.signatures = new SignedRequests(clock);
  }

  @Override
  public Reply handle(Request request) throws IOException {
    Optional<Authorization> signed = Authorization.of(request);
    for (Route route : routes) {
      if (route.match().test(request, signed)) {
        return answer(request, signed, route.service());
      }
    }
    return UnknownService.answer(request, signed);
  }

  private static Caller caller(Optional<Authorization> signed, Optional<SessionKeys> issued) {
    String requestId = UUID.randomUUID().toString();
    String region = signed.map(Authorization::region).orElse(DEFAULT_REGION);
    String accessKeyId = signed.map(Authorization::accessKeyId).orElse("");
    return issued
        .map(k -> new Caller(k.accountId(), region, accessKeyId, k.assumedRoleArn(), requestId))
        .orElseGet(
            () ->
                new Caller(
                    Caller.ROOT_ACCOUNT,
                    region,
                    accessKeyId,
                    "arn:aws:iam::" + Caller.ROOT_ACCOUNT + ":root",
                    requestId));
  }

  private Reply answer(Request request, Optional<Authorization> signed, Service service)
      throws IOException {
    Optional<SessionKeys> issued = signed.flatMap(s -> keys.find(s.accessKeyId()));
    Caller caller = service.caller(request, caller(signed, issued));
    long id = calls.nextId();
    Instant arrived = clock.instant();
    String name = request.method() + " " + request.rawPath();
    boolean mutating = false;
    Outcome outcome;
    try {
      Request accepted =
          signed.isPresent() && issued.isPresent()
              ? signatures.checked(request, signed.get(), issued.get(), service.errors())
              : SignedRequests.decoded(request);
      Operation operation = service.operation(accepted, caller);
      name = operation.name();
      mutating = operation.mutating();
      outcome = run(operation, accepted, service, caller);
    } catch (AwsError e) {
      outcome = refused(e, request, service, caller);
    }
    int status = outcome.reply instanceof Response response ? response.status() : 0;
    calls.add(
        new Call(
            id,
            arrived,
            service.name(),
            name,
            caller.region(),
            caller.accountId(),
            caller.principalArn(),
            mutating,
            status,
            outcome.errorCode));
    return outcome.reply instanceof Response response
        ? response.with(service.errors().requestIdHeader(), caller.requestId())
        : outcome.reply;
  }

  /** A reply and, for the call log, the code of its error. */
  private record Outcome(Reply reply, String errorCode) {}

  private Outcome run(Operation operation, Request request, Service service, Caller caller)
      throws IOException {
    if (!limits.admits(service.name(), operation.name(), caller.accountId(), caller.region())) {
      return refused(service.errors().throttled(), request, service, caller);
    }
    Optional<Outcome> instead = fault(operation, Fault.When.BEFORE, request, service, caller);
    if (instead.isPresent()) {
      return instead.get();
    }
    Outcome outcome =
        operation.mutating()
            ? effect(operation, request, service, caller)
            : read(operation, request, service, caller);
    instead = fault(operation, Fault.When.AFTER, request, service, caller);
    if (instead.isPresent() && outcome.reply instanceof Response unsent) {
      unsent.body().close();
    }
    return instead.orElse(outcome);
  }

  /** A read, which a fault may hold to what the same one was answered before. */
  private Outcome read(Operation operation, Request request, Service service, Caller caller)
      throws IOException {
    if (!faults.areStale(service.name(), operation.name())) {
      return effect(operation, request, service, caller);
    }
    String same =
        String.join(
            "\n",
            caller.accountId(),
            caller.region(),
            request.method(),
            request.rawPath(),
            request.rawQuery(),
            new String(request.bytes(), StandardCharsets.UTF_8));
    Optional<Faults.Answered> earlier = faults.earlier(service.name(), operation.name(), same);
    if (earlier.isPresent()) {
      return new Outcome(earlier.get().response(), earlier.get().errorCode());
    }
    Outcome outcome = effect(operation, request, service, caller);
    // What is streamed to its client can be sent once only.
    if (outcome.reply instanceof Response response && response.body() instanceof Body.Bytes) {
      faults.answered(
          service.name(), operation.name(), same, new Faults.Answered(response, outcome.errorCode));
    }
    return outcome;
  }

  private Outcome effect(Operation operation, Request request, Service service, Caller caller) {
    try {
      iam.check(operation.permissions(), service.errors());
      Response response = operation.action().answer();
      return new Outcome(response, response.headers().first("x-amzn-ErrorType").orElse(""));
    } catch (AwsError e) {
      return refused(e, request, service, caller);
    } catch (IOException | RuntimeException e) {
      LOG.error("{} {} failed", service.name(), operation.name(), e);
      return refused(service.errors().failed(e), request, service, caller);
    }
  }

  private Optional<Outcome> fault(
      Operation operation, Fault.When when, Request request, Service service, Caller caller)
      throws IOException {
    for (Fault.Action action : faults.hit(service.name(), operation.name(), when)) {
      switch (action) {
        case Fault.Action.Delay(var time) -> pause(time);
        case Fault.Action.Cut() -> {
          return Optional.of(new Outcome(new Reply.Cut(), "Cut"));
        }
        case Fault.Action.Unprocessed(), Fault.Action.Stale() -> {
          // Faults hands the one out to DynamoDB alone, the other to reads.
        }
        case Fault.Action.Throttle() -> {
          return Optional.of(refused(service.errors().throttled(), request, service, caller));
        }
        case Fault.Action.Answer(int status, String code, String message) -> {
          return Optional.of(refused(AwsError.of(status, code, message), request, service, caller));
        }
      }
    }
    return Optional.empty();
  }

  private static void pause(java.time.Duration time) throws IOException {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("stopped while a call was being delayed", e);
    }
  }

  private static Outcome refused(AwsError e, Request request, Service service, Caller caller) {
    return new Outcome(service.errors().write(e, request, caller.requestId()), e.code());
  }
}
