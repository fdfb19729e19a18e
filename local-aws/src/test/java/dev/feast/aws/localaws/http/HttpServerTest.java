package dev.feast.aws.localaws.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HttpServerTest {
  private static final int LARGE = 120 << 20;

  private static HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request.build(), BodyHandlers.ofString());
    }
  }

  private static HttpRequest.Builder to(HttpServer server, String path) {
    return HttpRequest.newBuilder(URI.create(server.uri() + path));
  }

  /** Sends that text and returns everything that comes back until the server closes. */
  private static String raw(HttpServer server, String request) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void givesTheRequestAsItWasSent() throws Exception {
    try (HttpServer server =
        HttpServer.start(
            0,
            request ->
                new Response(
                    200,
                    Headers.NONE,
                    Body.text(
                        String.join(
                            "|",
                            request.method(),
                            request.rawPath(),
                            request.rawQuery(),
                            request.query().first("a").orElse(""),
                            request.header("x-CASE").orElse(""),
                            request.header("content-type").orElse(""),
                            request.remoteAddress()))))) {
      String answer =
          raw(
              server,
              String.join(
                  "\r\n",
                  "GET //a%2Fb/../c;d=e?a=%C3%BC&b HTTP/1.1",
                  "Host: x",
                  "X-Case: Kept",
                  "Content-Type: application/json; charset=UTF-8",
                  "Connection: close",
                  "",
                  ""));

      assertThat(answer)
          .endsWith(
              "GET|//a%2Fb/../c;d=e|a=%C3%BC&b|ü|Kept|application/json; charset=UTF-8|127.0.0.1");
    }
  }

  @Test
  void streamsALargeBodyIn() throws Exception {
    try (HttpServer server =
        HttpServer.start(
            0,
            request ->
                Response.json(
                    200,
                    Long.toString(request.body().transferTo(OutputStream.nullOutputStream()))))) {
      assertThat(send(to(server, "/").POST(BodyPublishers.ofByteArray(new byte[LARGE]))).body())
          .isEqualTo(Integer.toString(LARGE));
    }
  }

  @Test
  void streamsALargeBodyOutWithAndWithoutItsLength() throws Exception {
    try (HttpServer server =
            HttpServer.start(
                0,
                request ->
                    new Response(
                        200,
                        Headers.NONE,
                        new Body.Stream(
                            new ByteArrayInputStream(new byte[LARGE]),
                            request.rawPath().equals("/known") ? LARGE : -1)));
        HttpClient client = HttpClient.newHttpClient()) {
      for (String path : List.of("/known", "/unknown")) {
        HttpResponse<InputStream> response =
            client.send(to(server, path).build(), BodyHandlers.ofInputStream());
        try (InputStream body = response.body()) {
          assertThat(body.transferTo(OutputStream.nullOutputStream())).isEqualTo(LARGE);
        }
        assertThat(response.headers().firstValue("Content-Length").isPresent())
            .isEqualTo(path.equals("/known"));
      }
    }
  }

  @Test
  void answersHeadWithTheLengthAndWithoutTheBody() throws Exception {
    try (HttpServer server = HttpServer.start(0, request -> Response.json(200, "{\"a\":1}"))) {
      assertThat(raw(server, "HEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
          .contains("Content-Length: 7\r\n")
          .endsWith("\r\n\r\n");
    }
  }

  @Test
  void sendsNoBodyWhereNoneMayBe() throws Exception {
    try (HttpServer server =
        HttpServer.start(
            0, request -> new Response(304, Headers.of("ETag", "\"a\""), Body.text("not this")))) {
      assertThat(raw(server, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
          .contains("ETag: \"a\"")
          .endsWith("\r\n\r\n");
    }
  }

  @Test
  void asksForABodyOnlyWhenItIsWanted() throws Exception {
    try (HttpServer server =
        HttpServer.start(
            0,
            request ->
                request.rawPath().equals("/refuse")
                    ? Response.of(403)
                    : Response.json(200, request.bytes()))) {
      String headers = "Host: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n";
      try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
        var in =
            new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        socket
            .getOutputStream()
            .write(("PUT /take HTTP/1.1\r\n" + headers).getBytes(StandardCharsets.UTF_8));
        assertThat(in.readLine()).isEqualTo("HTTP/1.1 100 Continue");
        assertThat(in.readLine()).isEmpty();
        socket.getOutputStream().write("{}".getBytes(StandardCharsets.UTF_8));
        assertThat(in.readLine()).isEqualTo("HTTP/1.1 200 OK");
      }
      assertThat(raw(server, "PUT /refuse HTTP/1.1\r\n" + headers))
          .startsWith("HTTP/1.1 403 ")
          .doesNotContain("100 Continue");
    }
  }

  @Test
  void answersBeforeALargeBodyThatNobodyReads() throws Exception {
    try (HttpServer server = HttpServer.start(0, request -> Response.of(403))) {
      assertThat(
              send(to(server, "/").POST(BodyPublishers.ofByteArray(new byte[LARGE]))).statusCode())
          .isEqualTo(403);
    }
  }

  @Test
  void cutsTheConnection() throws Exception {
    try (HttpServer server = HttpServer.start(0, request -> new Reply.Cut())) {
      assertThatThrownBy(() -> send(to(server, "/").GET())).isInstanceOf(IOException.class);
    }
  }

  @Test
  void closesTheBodyOfAResponse() throws Exception {
    var closed = new AtomicBoolean();
    var body =
        new InputStream() {
          @Override
          public int read() {
            return -1;
          }

          @Override
          public void close() {
            closed.set(true);
          }
        };
    try (HttpServer server =
        HttpServer.start(0, request -> new Response(200, Headers.NONE, new Body.Stream(body, 0)))) {
      assertThat(send(to(server, "/").GET()).body()).isEmpty();
    }
    assertThat(closed).isTrue();
  }

  @Test
  void doesNotWaitForMoreBeforeItSends() throws Exception {
    try (HttpServer server = HttpServer.start(0, request -> Response.json(200, request.bytes()));
        HttpClient client = HttpClient.newHttpClient()) {
      long fastest = Long.MAX_VALUE;
      for (int i = 0; i < 50; i++) {
        long start = System.nanoTime();
        client.send(
            to(server, "/").POST(BodyPublishers.ofString("{}")).build(), BodyHandlers.ofString());
        fastest = Math.min(fastest, System.nanoTime() - start);
      }
      // With Nagle's algorithm and delayed acknowledgements not one would take less than 40 ms.
      assertThat(Duration.ofNanos(fastest)).isLessThan(Duration.ofMillis(30));
    }
  }

  @Test
  void answers500WhereAHandlerFails() throws Exception {
    try (HttpServer server =
        HttpServer.start(
            0,
            request -> {
              throw new IllegalStateException("a bug");
            })) {
      HttpResponse<String> response = send(to(server, "/").GET());
      assertThat(response.statusCode()).isEqualTo(500);
      assertThat(response.body()).isEmpty();
    }
  }

  @Test
  void saysThatAPortIsTaken() throws Exception {
    try (HttpServer server = HttpServer.start(0, request -> Response.of(200))) {
      assertThatThrownBy(() -> HttpServer.start(server.port(), request -> Response.of(200)))
          .isInstanceOf(BindException.class)
          .hasMessage("Port " + server.port() + " of 127.0.0.1 is in use");
    }
  }
}
