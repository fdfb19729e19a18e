package dev.feast.aws.runtime.lambda;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feast.aws.runtime.http.Answer;
import dev.feast.aws.runtime.http.Handler;
import dev.feast.aws.runtime.http.Request;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The loop against a Runtime API over real HTTP. */
@Timeout(60)
class LambdaLoopTest {

  private static final String EVENT =
      """
      {"rawPath": "/health", "requestContext": {"http": {"method": "GET"}}}
      """;

  private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();
  private TestRuntimeApi api;

  @BeforeEach
  void startRuntimeApi() throws IOException {
    api = new TestRuntimeApi();
  }

  @AfterEach
  void stopRuntimeApi() {
    api.close();
  }

  @Test
  void tellsThatItCannotGoOnFromItsSnapshot() throws Exception {
    api.restore();
    var runtime = new RuntimeApi(api.hostAndPort());
    runtime.awaitRestore();
    runtime.failRestore("Runtime.Restore", "why");
    TestRuntimeApi.Sent sent = api.takeSent();
    assertThat(sent.path()).isEqualTo("restore/error");
    assertThat(sent.errorType()).isEqualTo("Runtime.Restore");
    assertThat(sent.body()).contains("\"errorType\":\"Runtime.Restore\",\"errorMessage\":\"why\"");
  }

  @Test
  void answersOneEventAfterTheOther() throws Exception {
    run(request -> new Answer(200, Map.of(), "{}".getBytes(UTF_8)));
    for (int i = 0; i < 3; i++) {
      api.invoke("request-" + i, EVENT);
      TestRuntimeApi.Sent sent = api.takeSent();
      assertThat(sent.path()).isEqualTo("invocation/request-" + i + "/response");
      assertThat(sent.invocationId()).isEqualTo("invocation-of-request-" + i);
      assertThat(sent.body()).contains("\"statusCode\":200");
    }
  }

  @Test
  void handsTheDeadlineOn() throws Exception {
    run(request -> new Answer(200, Map.of(), new byte[0]));
    api.invoke("r", EVENT);
    Request request = requests.poll(30, TimeUnit.SECONDS);
    assertThat(request.deadline().remaining())
        .isBetween(Duration.ofSeconds(10), Duration.ofSeconds(20));
  }

  @Test
  void tellsLambdaThatARequestFailedAndGoesOn() throws Exception {
    run(
        request -> {
          if (requests.size() == 1) {
            throw new IllegalStateException("secret of the store");
          }
          return new Answer(200, Map.of(), new byte[0]);
        });
    api.invoke("broken", EVENT);
    TestRuntimeApi.Sent sent = api.takeSent();
    assertThat(sent.path()).isEqualTo("invocation/broken/error");
    assertThat(sent.errorType()).isEqualTo("Runtime.Unhandled");
    assertThat(sent.invocationId()).isEqualTo("invocation-of-broken");
    assertThat(sent.body()).contains("errorMessage").doesNotContain("secret");

    api.invoke("next", EVENT);
    assertThat(api.takeSent().path()).isEqualTo("invocation/next/response");
  }

  @Test
  void sendsNothingMoreForAnAnswerThatLambdaRefused() throws Exception {
    run(request -> new Answer(200, Map.of(), new byte[0]));
    api.answerWith(413);
    api.invoke("refused", EVENT);
    assertThat(api.takeSent().path()).isEqualTo("invocation/refused/response");
    api.answerWith(202);
    api.invoke("next", EVENT);
    assertThat(api.takeSent().path()).isEqualTo("invocation/next/response");
  }

  @Test
  void sendsAnswersOfSixMegabytes() throws Exception {
    byte[] large = "a".repeat(6_000_000).getBytes(UTF_8);
    run(request -> new Answer(200, Map.of(), large));
    api.invoke("large", EVENT);
    assertThat(api.takeSent().body()).hasSizeGreaterThan(large.length);
  }

  @Test
  void endsWhenTheRuntimeApiDoes() {
    api.shutDown();
    var loop =
        new LambdaLoop(
            new RuntimeApi(api.hostAndPort()), request -> new Answer(200, Map.of(), new byte[0]));
    assertThatThrownBy(loop::run).isInstanceOf(IOException.class).hasMessageContaining("500");
  }

  @Test
  void reportsThatItCannotStart() throws Exception {
    new RuntimeApi(api.hostAndPort()).failInit("Config.Invalid", "project is missing");
    TestRuntimeApi.Sent sent = api.takeSent();
    assertThat(sent.path()).isEqualTo("init/error");
    assertThat(sent.errorType()).isEqualTo("Config.Invalid");
    assertThat(sent.body()).contains("\"errorMessage\":\"project is missing\"");
  }

  @Test
  void connectsAnewWhereTheKeptConnectionWasClosedMeanwhile() throws Exception {
    try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var connections = new AtomicInteger();
      Thread.ofVirtual().start(() -> answerOnceForEachConnection(server, connections));
      var runtimeApi = new RuntimeApi("127.0.0.1:" + server.getLocalPort());
      runtimeApi.failInit("First", "kept alive, the answer says");
      runtimeApi.failInit("Second", "the connection is closed by now");
      assertThat(connections).hasValue(2);
    }
  }

  private static void answerOnceForEachConnection(ServerSocket server, AtomicInteger connections) {
    byte[] answer = "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n".getBytes(UTF_8);
    while (!server.isClosed()) {
      try (Socket socket = server.accept()) {
        connections.incrementAndGet();
        InputStream in = socket.getInputStream();
        var request = new StringBuilder();
        while (!request.toString().endsWith("}")) {
          request.append((char) in.read());
        }
        socket.getOutputStream().write(answer);
      } catch (IOException e) {
        // Closed with the test.
      }
    }
  }

  private void run(Handler handler) {
    var loop =
        new LambdaLoop(
            new RuntimeApi(api.hostAndPort()),
            request -> {
              requests.add(request);
              return handler.handle(request);
            });
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                loop.run();
              } catch (IOException e) {
                // The Runtime API ended with the test.
              }
            });
  }
}
