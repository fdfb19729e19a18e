package dev.feast.aws.localaws.lambda;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.feast.aws.localaws.http.Body;
import dev.feast.aws.localaws.http.Headers;
import dev.feast.aws.localaws.http.Request;
import dev.feast.aws.localaws.http.Response;
import dev.feast.aws.localaws.rest.RestCall;
import dev.feast.aws.localaws.rest.RestOperation;
import dev.feast.aws.localaws.spi.AwsError;
import dev.feast.aws.localaws.spi.TraceId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Invoke: wait for the answer, start and not wait, or only check. */
final class InvokeOperation implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(InvokeOperation.class);
  private static final int MAX_REQUEST_BYTES = 6_291_456;
  private static final int MAX_EVENT_BYTES = 1_048_576;
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private final Invoker invoker;
  private final ExecutorService events = Executors.newVirtualThreadPerTaskExecutor();

  InvokeOperation(Invoker invoker) {
    this.invoker = invoker;
  }

  List<RestOperation> operations() {
    return List.of(
        // An invocation may change anything, but nothing of Lambda's: it is logged as a read.
        RestOperation.reads(
            "Invoke", "POST", "/2015-03-31/functions/{name}/invocations", this::invoke));
  }

  private Response invoke(RestCall call) throws IOException {
    FunctionReference reference = FunctionReference.of(call);
    String type = call.request().header("X-Amz-Invocation-Type").orElse("RequestResponse");
    new Constraints()
        .oneOf("invocationType", type, List.of("Event", "RequestResponse", "DryRun"))
        .check();
    Invoker.Target target = invoker.target(reference.key(), reference.qualifier());
    if (type.equals("DryRun")) {
      return Response.of(204, "X-Amz-Executed-Version", target.version());
    }
    var request =
        new Invoker.Request(
            reference.key(),
            reference.qualifier(),
            payload(call.request(), type.equals("Event") ? MAX_EVENT_BYTES : MAX_REQUEST_BYTES),
            clientContext(call.request()),
            call.caller().requestId(),
            TraceId.of(call.request(), Instant.now()));
    if (type.equals("Event")) {
      events.execute(() -> runEvent(request));
      return Response.of(202);
    }
    return answer(invoker.invoke(request), call.request());
  }

  private static byte[] payload(Request request, int max) throws IOException {
    byte[] payload = request.body().readNBytes(max + 1);
    if (payload.length > max) {
      throw AwsError.of(
          413,
          "RequestTooLargeException",
          "Request must be smaller than " + max + " bytes for the InvokeFunction operation");
    }
    if (payload.length == 0) {
      return "{}".getBytes(StandardCharsets.UTF_8);
    }
    try {
      JSON.readTree(payload);
      return payload;
    } catch (JsonProcessingException e) {
      throw AwsError.of(
          400,
          "InvalidRequestContentException",
          "Could not parse request body into json: Could not parse payload into json: "
              + e.getOriginalMessage());
    }
  }

  private static Optional<String> clientContext(Request request) {
    try {
      return request
          .header("X-Amz-Client-Context")
          .map(text -> new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      throw AwsError.of(
          400,
          "InvalidRequestContentException",
          "Client context must be a valid Base64-encoded JSON object.");
    }
  }

  /** Runs once: Lambda's retries of asynchronous invocations are minutes apart and are left out. */
  private void runEvent(Invoker.Request request) {
    try {
      invoker.invoke(request);
    } catch (AwsError e) {
      LOG.warn("The event for {} was dropped: {}", request.function().name(), e.getMessage());
    }
  }

  private static Response answer(Invoker.Invoked invoked, Request request) {
    Headers headers =
        Headers.of(
            "Content-Type",
            "application/json",
            "X-Amz-Executed-Version",
            invoked.executedVersion());
    Optional<String> error = invoked.result().functionError();
    if (error.isPresent()) {
      headers = headers.plus("X-Amz-Function-Error", error.get());
    }
    if (request.header("X-Amz-Log-Type").orElse("None").equals("Tail")) {
      headers =
          headers.plus("X-Amz-Log-Result", Base64.getEncoder().encodeToString(invoked.logTail()));
    }
    return new Response(200, headers, new Body.Bytes(invoked.result().payload()));
  }

  @Override
  public void close() {
    events.shutdownNow();
  }
}
