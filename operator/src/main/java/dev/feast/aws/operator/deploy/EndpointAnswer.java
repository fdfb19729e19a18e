package dev.feast.aws.operator.deploy;

import dev.feast.aws.operator.model.Health;
import org.jspecify.annotations.Nullable;

/** What an endpoint answered to {@link EndpointProbe}; messages are sentences for people. */
public sealed interface EndpointAnswer {

  /**
   * Callers reach the function.
   *
   * @param health what the version that serves says of the registry; null where it did not
   * @param byTheFunction whether that answer is its own: API Gateway speaks for itself to who may
   *     not ask, or asks too often
   */
  record Available(String message, @Nullable Health health, boolean byTheFunction)
      implements EndpointAnswer {}

  /** It answers, but not as the function would. */
  record Wrong(String message) implements EndpointAnswer {}

  /** No answer came: it may be the endpoint's fault, or the operator's way to it. */
  record Unreachable(String message) implements EndpointAnswer {}

  /** The operator does not ask. */
  record NotAsked() implements EndpointAnswer {}
}
