package dev.feast.aws.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpServer;
import dev.feast.aws.localaws.control.Call;
import dev.feast.aws.runtime.lambda.TestRuntimeApi;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The runtime as SnapStart starts it: held where Lambda takes its snapshot, then sent on. The time
 * that passes between the two is not there; what is left in the process for it is.
 */
@Timeout(120)
class SnapStartTest {

  private static final JsonMapper JSON = new JsonMapper();
  private static final String TOKEN = "a-token-of-the-environment";

  private final AtomicInteger credentialsGiven = new AtomicInteger();
  private TestStore store;
  private TestRuntimeApi api;
  private TestProxy proxy;
  private HttpServer credentials;
  private @Nullable Process process;

  @BeforeEach
  void startAws(@TempDir Path folder) throws Exception {
    store = TestStore.start("documented", folder);
    api = new TestRuntimeApi();
    proxy = new TestProxy(store.aws().endpoint());
    credentials = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    credentials.createContext(
        "/",
        exchange -> {
          try (exchange) {
            boolean known = TOKEN.equals(exchange.getRequestHeaders().getFirst("Authorization"));
            byte[] body = keys(credentialsGiven.incrementAndGet()).getBytes(UTF_8);
            exchange.sendResponseHeaders(known ? 200 : 403, body.length);
            exchange.getResponseBody().write(body);
          }
        });
    credentials.start();
  }

  @AfterEach
  void stopAws() throws Exception {
    if (process != null) {
      process.destroyForcibly().waitFor();
    }
    credentials.stop(0);
    proxy.close();
    api.close();
    store.close();
  }

  @Test
  void leavesNoConnectionAndNoCredentialsInTheSnapshot() throws Exception {
    start("documented");
    api.awaitSnapshot();
    await("connections are closed").atMost(Duration.ofSeconds(30)).until(() -> proxy.open() == 0);
    int before = proxy.opened();
    assertThat(before).isPositive();
    assertThat(credentialsGiven).hasPositiveValue();
    int given = credentialsGiven.get();

    api.restore();
    assertThat(lookup()).contains("0.025330161675810814");
    assertThat(proxy.opened()).isGreaterThan(before);
    assertThat(credentialsGiven).hasValueGreaterThan(given);
  }

  /** What the first request would load is loaded: both of its ways were gone once. */
  @Test
  void readsRegistryAndStoreBeforeTheSnapshot() throws Exception {
    start("documented");
    api.awaitSnapshot();
    assertThat(operations()).containsExactly("GetObject", "BatchGetItem");
  }

  /** cache_ttl_seconds is ten minutes: without a look the old one would serve. */
  @Test
  void looksForTheRegistryWhenItIsRestored() throws Exception {
    start("documented");
    api.awaitSnapshot();
    store.putRegistry(Fixtures.bytes("feast-0.67/registry.db"));
    api.restore();
    assertThat(health().at("/registry/featureViews").intValue()).isEqualTo(7);
    assertThat(operations()).endsWith("PutObject", "GetObject");
  }

  @Test
  void servesTheSnapshotsRegistryWhereS3HasNone() throws Exception {
    start("documented");
    api.awaitSnapshot();
    store.deleteRegistry();
    api.restore();
    assertThat(health().at("/registry/state").textValue()).isEqualTo("stale");
    assertThat(lookup()).contains("0.025330161675810814");
  }

  @Test
  void isPutIntoASnapshotWithoutARegistry() throws Exception {
    byte[] registry = Fixtures.bytes("documented/registry.db");
    store.deleteRegistry();
    start("documented");
    api.awaitSnapshot();
    store.putRegistry(registry);
    api.restore();
    assertThat(health().at("/registry/state").textValue()).isEqualTo("loaded");
  }

  @Test
  void refusesToBePutIntoASnapshotWithAWrongConfiguration() throws Exception {
    Process started = start(Map.of("FEATURE_SERVER_SERVING", "{}"), "project: dev\n");
    TestRuntimeApi.Sent sent = api.takeSent();
    assertThat(sent.path()).isEqualTo("init/error");
    assertThat(sent.errorType()).isEqualTo("Config.Invalid");
    assertThat(started.waitFor(30, TimeUnit.SECONDS)).isTrue();
  }

  private void start(String fixture) throws IOException {
    start(Map.of(), TestStore.yaml(fixture));
  }

  private Process start(Map<String, String> more, String yaml) throws IOException {
    var environment = new HashMap<>(more);
    environment.put("AWS_LAMBDA_RUNTIME_API", api.hostAndPort());
    environment.put("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start");
    environment.put("AWS_ENDPOINT_URL", proxy.endpoint().toString());
    environment.put(
        "AWS_CONTAINER_CREDENTIALS_FULL_URI",
        "http://127.0.0.1:" + credentials.getAddress().getPort() + "/credentials");
    environment.put("AWS_CONTAINER_AUTHORIZATION_TOKEN", TOKEN);
    environment.put("FEATURE_STORE_YAML_BASE64", base64(yaml));
    Process started = MainProcess.start(environment);
    process = started;
    return started;
  }

  private static String keys(int number) {
    return """
    {"AccessKeyId": "AKIASNAPSHOT%d", "SecretAccessKey": "secret", "Token": "token",
     "Expiration": "%s"}
    """
        .formatted(number, Instant.now().plus(6, ChronoUnit.HOURS).truncatedTo(ChronoUnit.SECONDS));
  }

  private List<String> operations() {
    return store.aws().calls().list().stream().map(Call::operation).toList();
  }

  private String lookup() throws Exception {
    return answer(
        "POST",
        "/get-online-features",
        """
        {"features": ["driver_hourly_stats:conv_rate"], "entities": {"driver_id": [1001]}}
        """);
  }

  private JsonNode health() throws Exception {
    return JSON.readTree(answer("GET", "/health", ""));
  }

  private String answer(String method, String path, String body) throws Exception {
    api.invoke(
        "request",
        """
        {"version": "2.0", "rawPath": "%s", "body": "%s", "isBase64Encoded": true,
         "requestContext": {"stage": "$default", "http": {"method": "%s"}}}
        """
            .formatted(path, base64(body), method));
    TestRuntimeApi.Sent sent = api.takeSent();
    assertThat(sent.path()).isEqualTo("invocation/request/response");
    return JSON.readTree(sent.body()).get("body").textValue();
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }
}
