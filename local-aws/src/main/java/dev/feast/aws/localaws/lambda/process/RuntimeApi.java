package dev.feast.aws.localaws.lambda.process;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.feast.aws.localaws.http.Body;
import dev.feast.aws.localaws.http.Headers;
import dev.feast.aws.localaws.http.HttpServer;
import dev.feast.aws.localaws.http.Reply;
import dev.feast.aws.localaws.http.Request;
import dev.feast.aws.localaws.http.Response;
import dev.feast.aws.localaws.lambda.Invocation;
import dev.feast.aws.localaws.lambda.InvocationResult;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The Runtime API of one process: hands it invocations, takes what becomes of them. */
final class RuntimeApi implements AutoCloseable {
  private static final String PREFIX = "/2018-06-01/runtime/";
  private static final Pattern INVOCATION = Pattern.compile("invocation/([^/]+)/(response|error)");

  private final HttpServer server;
  private final Optional<KeyServer> keys;
  private final CompletableFuture<Void> ready = new CompletableFuture<>();
  private final CompletableFuture<Void> restored = new CompletableFuture<>();
  private final CompletableFuture<Void> initialized = new CompletableFuture<>();
  private final CompletableFuture<InvocationResult> initError = new CompletableFuture<>();
  private final Deque<Running> offered = new ArrayDeque<>();
  private @Nullable Running running;
  private int asking;
  private boolean closed;

  /**
   * @param keys what gives the process its role's keys; empty where its environment has them
   */
  RuntimeApi(Optional<KeyServer> keys) throws IOException {
    this.keys = keys;
    server = HttpServer.start(0, this::handle);
  }

  /** An invocation that the runtime has or is to get, and what is waited for. */
  private record Running(
      Invocation invocation, Instant deadline, CompletableFuture<InvocationResult> result) {}

  /** What AWS_LAMBDA_RUNTIME_API is to be. */
  String authority() {
    return "127.0.0.1:" + server.port();
  }

  /**
   * Completes when the runtime is initialized: it asks for its first invocation, or to be put into
   * a snapshot.
   */
  CompletableFuture<Void> initialized() {
    return initialized;
  }

  /** Completes when the runtime asks for its first invocation. */
  CompletableFuture<Void> ready() {
    return ready;
  }

  /** Lets a runtime that waits for it go on as if it were restored from a snapshot. */
  void restore() {
    restored.complete(null);
  }

  /** Completes when the runtime reports that it cannot be initialized, or not be restored. */
  CompletableFuture<InvocationResult> initError() {
    return initError;
  }

  /**
   * Gives the runtime an invocation when it asks for the next one; completes with what it answers.
   *
   * @param deadline when it will be stopped, by the clock that the runtime sees
   */
  synchronized CompletableFuture<InvocationResult> run(Invocation invocation, Instant deadline) {
    var next = new Running(invocation, deadline, new CompletableFuture<>());
    offered.addLast(next);
    notifyAll();
    return next.result;
  }

  private Reply handle(Request request) throws IOException {
    String path =
        request.rawPath().startsWith(PREFIX) ? request.rawPath().substring(PREFIX.length()) : "";
    Matcher invocation = INVOCATION.matcher(path);
    boolean post = request.method().equals("POST");
    if (path.equals("invocation/next") && request.method().equals("GET")) {
      return next();
    }
    if (path.equals("restore/next") && request.method().equals("GET")) {
      return restoreNext();
    }
    if (request.rawPath().equals(KeyServer.PATH) && keys.isPresent()) {
      return keys.get().answer(request);
    }
    if ((path.equals("init/error") || path.equals("restore/error")) && post) {
      initError.complete(InvocationResult.failure(request.bytes()));
      return accepted();
    }
    if (invocation.matches() && post) {
      return invocation.group(2).equals("response")
          ? answered(request, invocation.group(1))
          : failed(request, invocation.group(1));
    }
    return error(404, "UnknownPath", "There is no " + request.method() + " " + request.rawPath());
  }

  private Reply restoreNext() {
    initialized.complete(null);
    try {
      restored.get();
      return new Response(200, Headers.of("Content-Type", "application/json"), Body.NONE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Reply.Cut();
    } catch (CancellationException | ExecutionException e) {
      return new Reply.Cut();
    }
  }

  private Reply next() {
    ready.complete(null);
    initialized.complete(null); // Whoever waited for this finds the other.
    return take().map(RuntimeApi::event).orElseGet(Reply.Cut::new);
  }

  /**
   * Waits until the runtime asks for its next invocation, which is when Lambda takes the one before
   * for ended; no longer than that.
   */
  synchronized void awaitNext(Duration limit) throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    for (long left = limit.toNanos(); asking == 0 && !closed && left > 0; ) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
      left = end - System.nanoTime();
    }
  }

  /** Waits for the next invocation; empty when the environment is being ended. */
  private synchronized Optional<Running> take() {
    asking++;
    notifyAll();
    try {
      while (offered.isEmpty() && !closed) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } finally {
      asking--;
    }
    running = closed ? null : offered.removeFirst();
    return Optional.ofNullable(running);
  }

  private static Reply event(Running next) {
    Invocation invocation = next.invocation;
    Headers headers =
        Headers.of(
            "Content-Type", "application/json",
            "Lambda-Runtime-Aws-Request-Id", invocation.requestId(),
            "Lambda-Runtime-Invocation-Id", invocation.requestId(),
            "Lambda-Runtime-Deadline-Ms", String.valueOf(next.deadline.toEpochMilli()),
            "Lambda-Runtime-Invoked-Function-Arn", invocation.invokedArn(),
            "Lambda-Runtime-Trace-Id", invocation.traceId());
    return new Response(
        200,
        invocation
            .clientContext()
            .map(context -> headers.plus("Lambda-Runtime-Client-Context", context))
            .orElse(headers),
        new Body.Bytes(invocation.payload()));
  }

  private Reply answered(Request request, String id) throws IOException {
    if (!isRunning(id)) {
      return invalidId();
    }
    byte[] payload = request.body().readNBytes(InvocationResult.MAX_ANSWER_BYTES + 1);
    if (payload.length > InvocationResult.MAX_ANSWER_BYTES) {
      return finished(id, InvocationResult.tooLarge())
          ? error(
              413,
              "RequestEntityTooLarge",
              "Exceeded maximum allowed payload size (%d bytes)."
                  .formatted(InvocationResult.MAX_ANSWER_BYTES))
          : invalidId();
    }
    return finished(id, InvocationResult.answer(payload)) ? accepted() : invalidId();
  }

  private Reply failed(Request request, String id) throws IOException {
    if (!isRunning(id)) {
      return invalidId();
    }
    return finished(id, InvocationResult.failure(request.bytes())) ? accepted() : invalidId();
  }

  private synchronized boolean isRunning(String id) {
    return running != null && running.invocation.requestId().equals(id);
  }

  /** Only once the body has been read: an answer that breaks off may be sent again. */
  private synchronized boolean finished(String id, InvocationResult result) {
    Running current = running;
    if (current == null || !current.invocation.requestId().equals(id)) {
      return false;
    }
    running = null;
    return current.result.complete(result);
  }

  private static Response accepted() {
    return Response.json(202, "{\"status\":\"OK\"}");
  }

  private static Response invalidId() {
    return error(400, "InvalidRequestID", "Invalid request ID");
  }

  private static Response error(int status, String type, String message) {
    return Response.json(
        status,
        JsonNodeFactory.instance
            .objectNode()
            .put("errorMessage", message)
            .put("errorType", type)
            .toString());
  }

  /** Lets go of the threads that wait for an invocation, too. */
  @Override
  public void close() {
    restored.cancel(false);
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    server.close();
  }
}
