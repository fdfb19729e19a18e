package dev.feast.aws.operator.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.feast.aws.operator.image.ImageOutcome.Forbidden;
import dev.feast.aws.operator.image.ImageOutcome.Ready;
import dev.feast.aws.operator.image.ImageOutcome.Unauthorized;
import dev.feast.aws.operator.image.ImageOutcome.Unavailable;
import dev.feast.aws.operator.policy.ImageHosts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Against a registry as Docker Hub is one: tags, bearer tokens from another path, and blobs that
 * are kept elsewhere, on a host that must not see credentials.
 */
class TokenRegistryTest {
  private static final Credentials.Basic ALICE = new Credentials.Basic("alice", "secret");

  private final List<String> seenElsewhere = new CopyOnWriteArrayList<>();
  private final ImageMirror mirror = new ImageMirror(2);
  private HttpServer registry;
  private HttpServer elsewhere;
  private TestLayout layout;

  /** Other addresses than the right ones, where a test sets them. */
  private volatile String realm = "";

  private volatile String blobs = "";
  private ObjectNode image;
  private Reach reach = Reach.ANYWHERE;

  @BeforeEach
  void start(@TempDir Path folder) throws IOException {
    layout = new TestLayout(folder);
    image = layout.image("amd64", "layer");
    registry = server();
    elsewhere = server();
    registry.createContext("/token", this::token);
    registry.createContext("/v2/acme/runtime/", this::repository);
    elsewhere.createContext(
        "/",
        exchange -> {
          seenElsewhere.add(String.valueOf(exchange.getRequestHeaders().get("Authorization")));
          answer(exchange, 200, file(exchange.getRequestURI().getPath().substring(1)));
        });
    registry.start();
    elsewhere.start();
  }

  @AfterEach
  void stop() {
    mirror.close();
    registry.stop(0);
    elsewhere.stop(0);
  }

  @Test
  void resolvesATagWithAPullSecret() {
    assertThat(mirror.resolve(tag(ALICE), Platform.AMD64)).isEqualTo(ready());
  }

  @Test
  void keepsCredentialsFromTheHostThatHasTheBlobs() {
    assertThat(mirror.resolve(tag(ALICE), Platform.AMD64)).isEqualTo(ready());

    assertThat(seenElsewhere).isNotEmpty().containsOnly("null");
  }

  @Test
  void oneTenantsTokenIsNotAnothers() {
    assertThat(mirror.resolve(tag(ALICE), Platform.AMD64)).isEqualTo(ready());

    assertThat(mirror.resolve(tag(new Credentials.Anonymous()), Platform.AMD64))
        .isEqualTo(new Unauthorized(authority(), null));
    assertThat(mirror.resolve(tag(new Credentials.Basic("mallory", "x")), Platform.AMD64))
        .isEqualTo(new Unauthorized(authority(), null));
  }

  /** What a registry says may be anything; it is no fault of the operator's. */
  @ParameterizedTest
  @ValueSource(strings = {"no address at all", "ftp://127.0.0.1/token", "http://a..b/%zz"})
  void waitsForARegistryThatSendsItNowhere(String address) {
    realm = address;
    assertThat(mirror.resolve(tag(ALICE), Platform.AMD64)).isInstanceOf(Unavailable.class);

    realm = "";
    blobs = address;
    assertThat(mirror.resolve(tag(ALICE), Platform.AMD64)).isInstanceOf(Unavailable.class);
  }

  @Test
  void asksWhatTheSettingsSpellOut() {
    reach = new Reach(new ImageHosts(List.of("127.0.0.1:*")));

    assertThat(mirror.resolve(tag(ALICE), Platform.AMD64)).isEqualTo(ready());
  }

  /** Whoever runs a registry that is allowed must not make the operator ask another one. */
  @Test
  void asksForNoBlobWhereTheSettingsDoNotSay() {
    reach = new Reach(new ImageHosts(List.of("*", authority())));

    assertThat(mirror.resolve(tag(ALICE), Platform.AMD64)).isInstanceOf(Forbidden.class);
    assertThat(seenElsewhere).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://169.254.169.254/latest/meta-data",
        "https://169.254.169.254/latest/meta-data",
        "https://user@169.254.170.23/v1/credentials",
        "https://[fd00:ec2::254]/latest/meta-data",
        "https://[::ffff:169.254.169.254]/",
        "https://[fe80::1]/",
        "https://localhost:1/",
        "https://127.0.0.1:1/",
        "https://2130706433/",
        "https://[::1]:1/",
        "https://0.0.0.0:1/",
        "http://images.example.com/token"
      })
  void followsNoRegistryToWhatOnlyTheOperatorCanReach(String address) {
    reach = new Reach(new ImageHosts(List.of("*", authority())));
    realm = address;
    assertThat(mirror.resolve(tag(ALICE), Platform.AMD64)).isNotInstanceOf(Ready.class);
    assertThat(mirror.resolve(tag(ALICE), Platform.AMD64))
        .satisfiesAnyOf(
            outcome -> assertThat(outcome).isInstanceOf(Forbidden.class),
            outcome -> assertThat(outcome.toString()).contains("no address"));

    realm = "";
    blobs = address;
    assertThat(mirror.resolve(tag(ALICE), Platform.AMD64))
        .satisfiesAnyOf(
            outcome -> assertThat(outcome).isInstanceOf(Forbidden.class),
            outcome -> assertThat(outcome.toString()).contains("no address"));
  }

  private Ready ready() {
    return new Ready(image.path("digest").textValue());
  }

  private ImageSource tag(Credentials credentials) {
    return new ImageSource.Remote(
        new RemoteRepository(
            URI.create("http://" + authority()), "acme/runtime", credentials, reach),
        "1.0");
  }

  private String authority() {
    return "127.0.0.1:" + registry.getAddress().getPort();
  }

  private void token(HttpExchange exchange) throws IOException {
    String query = exchange.getRequestURI().getRawQuery();
    boolean known =
        ALICE.header().equals(exchange.getRequestHeaders().getFirst("Authorization"))
            && query.equals("scope=repository%3Aacme%2Fruntime%3Apull&service=acme");
    answer(exchange, known ? 200 : 401, "{\"token\":\"t0ken\"}".getBytes(StandardCharsets.UTF_8));
  }

  private void repository(HttpExchange exchange) throws IOException {
    if (!"Bearer t0ken".equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
      exchange
          .getResponseHeaders()
          .add(
              "WWW-Authenticate",
              "Bearer service=\"acme\",scope=\"repository:acme/runtime:pull\",realm=\"%s\""
                  .formatted(realm.isEmpty() ? "http://" + authority() + "/token" : realm));
      answer(exchange, 401, new byte[0]);
      return;
    }
    String path = exchange.getRequestURI().getPath().substring("/v2/acme/runtime/".length());
    if (path.equals("manifests/1.0")) {
      exchange.getResponseHeaders().add("Content-Type", Document.OCI_MANIFEST);
      answer(exchange, 200, file(image.path("digest").textValue()));
    } else {
      exchange
          .getResponseHeaders()
          .add(
              "Location",
              blobs.isEmpty()
                  ? "http://127.0.0.1:%d/%s"
                      .formatted(
                          elsewhere.getAddress().getPort(), path.substring("blobs/".length()))
                  : blobs);
      answer(exchange, 307, new byte[0]);
    }
  }

  private byte[] file(String digest) throws IOException {
    return Files.readAllBytes(layout.file(digest));
  }

  private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
    try (exchange) {
      exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private static HttpServer server() throws IOException {
    return HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
  }
}
