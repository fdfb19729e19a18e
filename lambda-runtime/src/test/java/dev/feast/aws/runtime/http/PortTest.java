package dev.feast.aws.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PortTest {

  @Test
  void answersWithWhatTheHandlerSays() throws Exception {
    HttpResponse<String> response =
        send(
            request ->
                new Answer(
                    418,
                    Map.of("retry-after", "7"),
                    (request.method()
                            + " "
                            + request.path()
                            + " "
                            + new String(request.body(), StandardCharsets.UTF_8))
                        .getBytes(StandardCharsets.UTF_8)),
            "POST",
            "Zoë".getBytes(StandardCharsets.UTF_8));
    assertThat(response.statusCode()).isEqualTo(418);
    assertThat(response.headers().firstValue("content-type")).contains("application/json");
    assertThat(response.headers().firstValue("retry-after")).contains("7");
    assertThat(response.body()).isEqualTo("POST /a/b Zoë");
  }

  /** However the client spells them, as HTTP/1.1 leaves it to. */
  @Test
  void handsOnHeadersByTheirNamesInLowerCase() throws Exception {
    HttpResponse<String> response =
        send(
            request ->
                new Answer(
                    200,
                    Map.of(),
                    String.valueOf(request.headers().get("x-api-key"))
                        .getBytes(StandardCharsets.UTF_8)),
            "POST",
            new byte[0],
            "X-Api-KEY",
            "a",
            "x-api-key",
            "b");
    assertThat(response.body()).isEqualTo("a,b");
  }

  @Test
  void handsOnNoMoreThanOneByteTooMany() throws Exception {
    HttpResponse<String> response =
        send(
            request ->
                new Answer(
                    200,
                    Map.of(),
                    Integer.toString(request.body().length).getBytes(StandardCharsets.UTF_8)),
            "POST",
            new byte[Request.MAX_BODY_BYTES + 1000]);
    assertThat(response.body()).isEqualTo(Integer.toString(Request.MAX_BODY_BYTES + 1));
  }

  @Test
  void sendsNoBodyForHead() throws Exception {
    HttpResponse<String> response =
        send(request -> new Answer(405, Map.of(), new byte[] {'x'}), "HEAD", new byte[0]);
    assertThat(response.statusCode()).isEqualTo(405);
    assertThat(response.body()).isEmpty();
  }

  @Test
  void letsInOnlySoManyAtOnceAndTellsOthersToTryAgain() throws Exception {
    var arrived = new CountDownLatch(1);
    var leave = new CountDownLatch(1);
    Handler handler =
        request -> {
          arrived.countDown();
          try {
            assertThat(leave.await(30, TimeUnit.SECONDS)).isTrue();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          return new Answer(200, Map.of(), new byte[0]);
        };
    try (Port port = Port.open("127.0.0.1", 0, handler, 1, Duration.ofMillis(50));
        HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port.number() + "/")).build();
      CompletableFuture<HttpResponse<String>> first =
          client.sendAsync(request, HttpResponse.BodyHandlers.ofString());
      assertThat(arrived.await(30, TimeUnit.SECONDS)).isTrue();
      HttpResponse<String> second = client.send(request, HttpResponse.BodyHandlers.ofString());
      assertThat(second.statusCode()).isEqualTo(503);
      assertThat(second.body()).contains("OVERLOADED");
      assertThat(second.headers().firstValue("retry-after")).isPresent();
      leave.countDown();
      assertThat(first.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
      assertThat(client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
          .isEqualTo(200);
    }
  }

  private static HttpResponse<String> send(
      Handler handler, String method, byte[] body, String... headers)
      throws IOException, InterruptedException {
    try (Port port = Port.open("127.0.0.1", 0, handler);
        HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(
                  URI.create("http://127.0.0.1:" + port.number() + "/a/b?query=ignored"))
              .method(method, HttpRequest.BodyPublishers.ofByteArray(body));
      for (int i = 0; i < headers.length; i += 2) {
        request.header(headers[i], headers[i + 1]);
      }
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
  }
}
