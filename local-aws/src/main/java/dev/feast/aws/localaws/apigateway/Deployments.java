package dev.feast.aws.localaws.apigateway;

import dev.feast.aws.localaws.rest.RestOperation;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What callers meet of an API: what was changed of it reaches them a moment after the call, as in
 * stages that deploy by themselves; each change in its order.
 */
final class Deployments {
  /** An API as it was from then on. */
  private record Deployment(Instant at, Api api) {}

  private final Apis apis;
  private final Duration time;
  private final Clock clock;
  private final Map<String, Deque<Deployment>> byApi = new ConcurrentHashMap<>();

  /**
   * @param time that a deployment takes
   */
  Deployments(Apis apis, Duration time, Clock clock) {
    this.apis = apis;
    this.time = time;
    this.clock = clock;
  }

  /** The operation, deploying what it changes. */
  RestOperation deploying(RestOperation operation) {
    if (time.isZero() || !operation.mutating() || !operation.template().contains("{api}")) {
      return operation;
    }
    return RestOperation.mutates(
        operation.name(),
        operation.method(),
        operation.template(),
        call -> {
          Optional<Api> api = apis.find(call.variable("api"));
          // As it was until now, where this is the first change of it.
          api.ifPresent(found -> deploy(found, Instant.EPOCH));
          try {
            return operation.action().answer(call);
          } finally {
            api.ifPresent(found -> deploy(found, clock.instant().plus(time)));
          }
        });
  }

  private void deploy(Api api, Instant at) {
    byApi.compute(
        api.id(),
        (_, before) -> {
          Deque<Deployment> all = before == null ? new ArrayDeque<>() : before;
          if (all.isEmpty() || at.isAfter(all.getLast().at())) {
            all.add(new Deployment(at, api.copy()));
          }
          return all;
        });
  }

  /** As callers meet it now. */
  Api deployed(Api api) {
    Instant now = clock.instant();
    Deque<Deployment> all =
        byApi.computeIfPresent(
            api.id(),
            (_, deployments) -> {
              Deployment current = deployments.peekFirst();
              while (!deployments.isEmpty() && !deployments.peekFirst().at().isAfter(now)) {
                current = deployments.removeFirst();
              }
              deployments.addFirst(current);
              return deployments;
            });
    return all == null ? api : all.getFirst().api();
  }
}
