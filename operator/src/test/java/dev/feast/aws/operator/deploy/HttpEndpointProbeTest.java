package dev.feast.aws.operator.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.feast.aws.operator.model.Access;
import dev.feast.aws.operator.model.ApiKey;
import dev.feast.aws.operator.model.Capacity;
import dev.feast.aws.operator.model.DesiredEndpoint;
import dev.feast.aws.operator.model.DesiredRollout;
import dev.feast.aws.operator.model.DesiredStack;
import dev.feast.aws.operator.model.DesiredStack.DesiredFunction;
import dev.feast.aws.operator.model.DesiredStack.DesiredImage;
import dev.feast.aws.operator.model.Environment;
import dev.feast.aws.operator.model.FunctionSettings;
import dev.feast.aws.operator.model.Health;
import dev.feast.aws.operator.model.Location;
import dev.feast.aws.operator.model.Owner;
import dev.feast.aws.operator.model.RouteKey;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpEndpointProbeTest {
  private static final String KEY = "first-0123456789abcdef0123456789abcdef";
  private static final Access OPEN = new Access.Open();
  private static final Access BY_KEY = new Access.ByApiKey(List.of(new ApiKey(KEY)));
  private static final Access BY_IAM = new Access.ByIam();
  private static final Access BY_JWT =
      new Access.ByJwt(
          "https://issuer", Set.of("feast"), Set.of(), "$request.header.Authorization");
  private static final String LOADED =
      "{\"registry\":{\"state\":\"loaded\",\"featureViews\":3,\"message\":\"hunter2 is it\"}}";

  private final ConcurrentLinkedQueue<String> asked = new ConcurrentLinkedQueue<>();
  private final HttpEndpointProbe probe =
      new HttpEndpointProbe(Duration.ofSeconds(5), Duration.ofSeconds(20));

  @SuppressWarnings("NullAway.Init") // Started before each test.
  private HttpServer server;

  private volatile int status = 200;
  private volatile String body = LOADED;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          asked.add(
              "%s %s %s"
                  .formatted(
                      exchange.getRequestMethod(),
                      exchange.getRequestURI(),
                      Optional.ofNullable(exchange.getRequestHeaders().getFirst("x-api-key"))
                          .orElse("-")));
          byte[] answer = body.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
    probe.close();
  }

  @Test
  void asksForTheHealthAsCallersMay() {
    probe.ask(endpoint(), desired(OPEN));
    probe.ask(endpoint(), desired(BY_KEY));

    assertThat(asked).containsExactly("GET /api/health -", "GET /api/health " + KEY);
  }

  @Test
  void tellsWhatTheVersionThatServesSaysOfTheRegistryAndNoSecret() {
    EndpointAnswer answer = probe.ask(endpoint(), desired(OPEN));

    assertThat(answer)
        .isInstanceOfSatisfying(
            EndpointAnswer.Available.class,
            available -> {
              assertThat(available.message())
                  .isEqualTo("GET %s/health answered 200, Feast's registry is loaded.", endpoint());
              Health health = Objects.requireNonNull(available.health());
              assertThat(health.featureViews()).isEqualTo(3);
              assertThat(health.message()).isEqualTo("*** is it");
            });
  }

  @Test
  void takesAnyAnswerOf200ForAnImageOfTheUsersOwn() {
    body = "fine";

    assertThat(probe.ask(endpoint(), desired(OPEN)))
        .isEqualTo(
            new EndpointAnswer.Available(
                "GET %s/health answered 200.".formatted(endpoint()), null, true));
  }

  @Test
  void countsAThrottledEndpointAsAvailable() {
    status = 429;

    assertThat(probe.ask(endpoint(), desired(OPEN))).isInstanceOf(EndpointAnswer.Available.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {302, 401, 403, 404, 500, 503})
  void saysWhatIsNoAnswerOfTheFunction(int wrong) {
    status = wrong;

    boolean refused = wrong == 401 || wrong == 403;
    for (Access access : refused ? List.of(OPEN, BY_KEY) : List.of(OPEN, BY_KEY, BY_IAM, BY_JWT)) {
      assertThat(probe.ask(endpoint(), desired(access)))
          .isInstanceOfSatisfying(
              EndpointAnswer.Wrong.class,
              answer ->
                  assertThat(answer.message())
                      .startsWith("GET %s/health answered %d".formatted(endpoint(), wrong))
                      .doesNotContain(KEY));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403})
  void countsAnEndpointThatRefusesWhoMayNotAskAsAvailable(int refused) {
    status = refused;

    for (Access access : List.of(BY_IAM, BY_JWT)) {
      assertThat(probe.ask(endpoint(), desired(access)))
          .isEqualTo(
              new EndpointAnswer.Available(
                  "GET %s/health answered %d, as it does to those who may not ask, such as the operator."
                      .formatted(endpoint(), refused),
                  null,
                  false));
    }
  }

  @Test
  void readsNoMoreThanAHealthNeeds() {
    body = "x".repeat(1 << 20);

    assertThat(probe.ask(endpoint(), desired(OPEN))).isInstanceOf(EndpointAnswer.Unreachable.class);
  }

  @Test
  void saysWhyNoAnswerCame() throws IOException {
    int free;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = socket.getLocalPort();
    }

    assertThat(unreachable("http://127.0.0.1:" + free)).contains("ConnectException");
    assertThat(unreachable("http://nowhere.invalid"))
        .isEqualTo("GET http://nowhere.invalid/health was not answered: its name is not known");
  }

  @Test
  void doesNotWaitForAnAnswerThatDoesNotCome() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var impatient = new HttpEndpointProbe(Duration.ofSeconds(5), Duration.ofMillis(200))) {
      EndpointAnswer answer =
          impatient.ask("http://127.0.0.1:" + silent.getLocalPort(), desired(OPEN));

      assertThat(answer)
          .isInstanceOfSatisfying(
              EndpointAnswer.Unreachable.class,
              late -> assertThat(late.message()).contains("no answer came within"));
    }
  }

  private String unreachable(String endpoint) {
    EndpointAnswer answer = probe.ask(endpoint, desired(OPEN));
    assertThat(answer).isInstanceOf(EndpointAnswer.Unreachable.class);
    return ((EndpointAnswer.Unreachable) answer).message();
  }

  private String endpoint() {
    return "http://127.0.0.1:%d/api".formatted(server.getAddress().getPort());
  }

  private static DesiredStack desired(Access access) {
    return new DesiredStack(
        new Owner("cluster-1", "team", "dev", "uid-1"),
        new Location("aws", "amazonaws.com", "123456789012", "us-west-2"),
        "feast-dev",
        new TreeMap<>(),
        new DesiredImage.Copied("sha256:a"),
        new DesiredFunction(
            new FunctionSettings("role", 512, 30, Environment.of(Map.of("TOKEN", "hunter2")), ""),
            "x86_64"),
        Capacity.ON_DEMAND,
        null,
        DesiredEndpoint.OPEN.with(access),
        new DesiredRollout(true, null, 1),
        RouteKey.ALL);
  }
}
