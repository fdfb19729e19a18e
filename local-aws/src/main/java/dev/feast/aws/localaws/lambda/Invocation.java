package dev.feast.aws.localaws.lambda;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * One invocation, as a function sees it.
 *
 * @param invokedArn the ARN that was invoked, with the qualifier that was used
 * @param environment the variables that the function's configuration sets
 * @param payload the event, JSON
 * @param clientContext the JSON that the caller sent beside the event
 * @param traceId in X-Ray's form
 */
@SuppressWarnings("ArrayRecordComponent") // handed on as it is; never compared
public record Invocation(
    String requestId,
    String functionName,
    String functionVersion,
    String invokedArn,
    Map<String, String> environment,
    byte[] payload,
    Optional<String> clientContext,
    String traceId) {
  /** The event's text. */
  public String event() {
    return new String(payload, StandardCharsets.UTF_8);
  }
}
