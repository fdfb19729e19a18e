package dev.feast.aws.runtime;

import dev.feast.aws.runtime.http.Answer;
import dev.feast.aws.runtime.http.Handler;
import dev.feast.aws.runtime.http.Port;
import dev.feast.aws.runtime.http.Routes;
import dev.feast.aws.runtime.lambda.LambdaLoop;
import dev.feast.aws.runtime.lambda.RuntimeApi;
import java.io.IOException;
import java.util.Map;

/** Answers lookups: in Lambda when started without arguments, on a port with {@code serve}. */
public final class Main {

  private Main() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    if (args.length == 0) {
      new LambdaLoop(new RuntimeApi(System.getenv("AWS_LAMBDA_RUNTIME_API")), routes()).run();
    } else if (args[0].equals("serve")) {
      try (Port port = Port.open("127.0.0.1", Integer.parseInt(args[2]), 1 << 20, routes())) {
        System.out.println("feature server ready on http://127.0.0.1:" + port.number());
        Thread.currentThread().join();
      }
    } else {
      System.out.println("usage: serve --port PORT");
    }
  }

  private static Handler routes() {
    return new Routes(
        Map.of(
            "/health",
            new Routes.Route(
                "GET",
                request ->
                    Answer.ok(
                        json -> {
                          json.writeStartObject();
                          json.writeStringField("status", "degraded");
                          json.writeEndObject();
                        }))));
  }
}
