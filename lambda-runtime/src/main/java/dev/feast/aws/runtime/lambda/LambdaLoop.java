package dev.feast.aws.runtime.lambda;

import dev.feast.aws.runtime.http.Handler;
import dev.feast.aws.runtime.log.Log;
import java.io.IOException;

/** Takes one event after the other from the Runtime API and answers it. */
public final class LambdaLoop {

  private final RuntimeApi api;
  private final ApiGatewayEvents events;

  public LambdaLoop(RuntimeApi api, Handler handler) {
    this.api = api;
    this.events = new ApiGatewayEvents(handler);
  }

  /** Returns only by an error of the Runtime API, after which Lambda starts a new process. */
  public void run() throws IOException {
    while (true) {
      answer(api.next());
    }
  }

  private void answer(Invocation invocation) throws IOException {
    byte[] answer;
    try {
      answer = events.answer(invocation.event(), invocation.deadline());
    } catch (RuntimeException | StackOverflowError e) {
      // A bug here. The caller gets API Gateway's 500; the stack trace stays in the log.
      Log.error("the request was not answered", e);
      api.fail(invocation, "Runtime.Unhandled", "internal error, see the function's log");
      return;
    }
    int status = api.respond(invocation, answer);
    if (status != 202) {
      // Also for 413: an /error after it is refused, the invocation is over.
      Log.warn("Lambda refused the answer", "status", status, "bytes", answer.length);
    }
  }
}
