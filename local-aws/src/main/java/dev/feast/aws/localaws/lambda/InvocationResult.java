package dev.feast.aws.localaws.lambda;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What came of an invocation.
 *
 * @param payload the function's answer, or the error as JSON
 * @param functionError {@code Unhandled} where the function failed; empty where it answered
 */
@SuppressWarnings("ArrayRecordComponent") // handed on as it is; never compared
public record InvocationResult(byte[] payload, Optional<String> functionError) {
  /** "Maximum allowed payload size", of an answer as of a request, in bytes. */
  public static final int MAX_ANSWER_BYTES = 6_291_556;

  public static InvocationResult answer(byte[] payload) {
    return new InvocationResult(payload, Optional.empty());
  }

  /** A failure that the function itself reported. */
  public static InvocationResult failure(byte[] payload) {
    return new InvocationResult(payload, Optional.of("Unhandled"));
  }

  /** A failure that Lambda reports on the function's behalf, e.g. {@code Runtime.ExitError}. */
  public static InvocationResult failure(String requestId, String errorType, String what) {
    return failure(errorType, "RequestId: " + requestId + " Error: " + what);
  }

  static InvocationResult failure(String errorType, String errorMessage) {
    return failure(
        JsonNodeFactory.instance
            .objectNode()
            .put("errorType", errorType)
            .put("errorMessage", errorMessage)
            .toString()
            .getBytes(StandardCharsets.UTF_8));
  }

  public static InvocationResult timedOut(String requestId, int timeoutSeconds) {
    return failure(
        requestId,
        "Sandbox.Timedout",
        "Task timed out after %d.00 seconds".formatted(timeoutSeconds));
  }

  public static InvocationResult tooLarge() {
    return failure(
        "Function.ResponseSizeTooLarge",
        "Response payload size exceeded maximum allowed payload size (%d bytes)."
            .formatted(MAX_ANSWER_BYTES));
  }
}
