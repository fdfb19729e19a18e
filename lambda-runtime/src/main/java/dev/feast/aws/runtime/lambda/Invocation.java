package dev.feast.aws.runtime.lambda;

import dev.feast.aws.runtime.http.Deadline;
import org.jspecify.annotations.Nullable;

/**
 * One event that Lambda handed out.
 *
 * @param requestId names it in the answer's path
 * @param invocationId what newer Runtime APIs want to see again beside the answer
 * @param event the payload, JSON in UTF-8
 */
record Invocation(
    String requestId, @Nullable String invocationId, Deadline deadline, byte[] event) {}
