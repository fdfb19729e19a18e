package dev.feast.aws.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.feast.aws.runtime.lambda.TestRuntimeApi;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The feature server as a process: what it reads from its environment and command line. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class MainTest {

  private static final JsonMapper JSON = new JsonMapper();
  private static final String LOOKUP =
      """
      {"features": ["driver_hourly_stats:conv_rate"], "entities": {"driver_id": [1001]}}
      """;

  private static final String KEY = "a-key-of-at-least-thirty-two-characters";

  private TestStore store;

  @BeforeAll
  void startStore(@TempDir Path folder) throws Exception {
    store = TestStore.start("documented", folder);
  }

  @AfterAll
  void stopStore() {
    store.close();
  }

  @Test
  void answersInLambda() throws Exception {
    try (var api = new TestRuntimeApi()) {
      Process process =
          start(
              Map.of(
                  "AWS_LAMBDA_RUNTIME_API",
                  api.hostAndPort(),
                  "FEATURE_STORE_YAML_BASE64",
                  base64(TestStore.yaml("documented"))));
      try {
        // As API Gateway passes on what curl -d sends.
        api.invoke("r1", event("POST", "/get-online-features", base64(LOOKUP)));
        assertThat(payload(api).get("body").textValue()).contains("0.025330161675810814");
        api.invoke("r2", event("POST", "/v2/get-online-features", base64(LOOKUP)));
        assertThat(payload(api).get("body").textValue()).contains("feature_names");
        api.invoke("r3", event("GET", "/health", ""));
        JsonNode health = JSON.readTree(payload(api).get("body").textValue());
        assertThat(health.get("status").textValue()).isEqualTo("ok");
        assertThat(health.get("project").textValue()).isEqualTo("dev");
        assertThat(health.at("/registry/state").textValue()).isEqualTo("loaded");
        assertThat(health.at("/registry/featureViews").intValue()).isEqualTo(1);
        assertThat(health.at("/registry").has("reason")).isFalse();
      } finally {
        stop(process);
      }
    }
  }

  @Test
  void tellsLambdaWhatIsWrongWithItsConfiguration() throws Exception {
    try (var api = new TestRuntimeApi()) {
      Process process =
          start(
              Map.of(
                  "AWS_LAMBDA_RUNTIME_API",
                  api.hostAndPort(),
                  "FEATURE_STORE_YAML_BASE64",
                  base64("project: dev\nregistry: data/registry.db\n")));
      assertEndsWithInitError(api, process, "Config.Invalid", "registry holds data/registry.db");
    }
  }

  private static void assertEndsWithInitError(
      TestRuntimeApi api, Process process, String errorType, String words) throws Exception {
    TestRuntimeApi.Sent sent = api.takeSent();
    assertThat(sent.path()).isEqualTo("init/error");
    assertThat(sent.errorType()).isEqualTo(errorType);
    assertThat(sent.body()).contains(words);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(1);
  }

  /** What no check foresaw; the message of a library's exception may hold what is configured. */
  @Test
  void tellsLambdaThatItCannotStart() throws Exception {
    try (var api = new TestRuntimeApi()) {
      Process process =
          start(
              Map.of(
                  "AWS_LAMBDA_RUNTIME_API",
                  api.hostAndPort(),
                  "FEATURE_STORE_YAML_BASE64",
                  base64(TestStore.yaml("documented")),
                  "AWS_REGION",
                  ""));
      assertEndsWithInitError(api, process, "Runtime.Init", "cannot start");
    }
  }

  @Test
  void saysInOneSentenceThatItCannotListen() throws Exception {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = Integer.toString(taken.getLocalPort());
      assertOneSentence("127.0.0.1:" + port, "serve", "--port", port);
    }
    assertOneSentence("--host no.such.host.invalid", "serve", "--host", "no.such.host.invalid");
  }

  private void assertOneSentence(String named, String... args) throws Exception {
    Process process =
        start(Map.of("FEATURE_STORE_YAML_BASE64", base64(TestStore.yaml("documented"))), args);
    assertThat(output(process)).contains(named).doesNotContain("Exception").hasLineCount(1);
    assertThat(process.waitFor()).isEqualTo(2);
  }

  /** Each a mistake in one variable; none starts, above all not an open server. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          FEATURE_SERVER_API_KEY_SHA256 | ''              | is no SHA-256 digest
          FEATURE_SERVER_API_KEY_SHA256 | the-key-itself  | is no SHA-256 digest
          FEATURE_SERVER_SERVING        | {"maxRows": 0}  | maxRows
          """)
  void startsWithNoMistakeInItsSettings(String variable, String value, String message)
      throws Exception {
    Process process =
        start(
            Map.of(
                "FEATURE_STORE_YAML_BASE64", base64(TestStore.yaml("documented")), variable, value),
            "serve",
            "--port",
            "0");
    assertThat(output(process)).contains(variable, message).doesNotContain("the-key-itself");
    assertThat(process.waitFor()).isEqualTo(2);
  }

  @Test
  void servesOnAPort(@TempDir Path folder) throws Exception {
    Path yaml = Files.writeString(folder.resolve("fs.yaml"), TestStore.yaml("documented"));
    Process process =
        start(
            Map.of(
                "FEATURE_SERVER_API_KEY_SHA256",
                HexFormat.of()
                    .formatHex(
                        MessageDigest.getInstance("SHA-256")
                            .digest(KEY.getBytes(StandardCharsets.UTF_8)))),
            "serve",
            "--port",
            "0",
            "--feature-store-yaml",
            yaml.toString());
    try (HttpClient client = HttpClient.newHttpClient();
        BufferedReader out = process.inputReader()) {
      String ready =
          out.lines()
              .filter(line -> line.startsWith("feature server ready on http://127.0.0.1:"))
              .findFirst()
              .orElseThrow();
      URI endpoint = URI.create(ready.substring(ready.indexOf("http://")) + "/get-online-features");
      HttpRequest request =
          HttpRequest.newBuilder(endpoint)
              .POST(HttpRequest.BodyPublishers.ofString(LOOKUP))
              .build();
      HttpResponse<String> refused = client.send(request, HttpResponse.BodyHandlers.ofString());
      assertThat(refused.statusCode()).isEqualTo(401);
      assertThat(refused.headers().firstValue("www-authenticate")).contains("Bearer");
      HttpResponse<String> response =
          client.send(
              HttpRequest.newBuilder(request, (name, value) -> true)
                  .header("Authorization", "Bearer " + KEY)
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.body()).contains("0.025330161675810814");
    } finally {
      stop(process);
    }
  }

  @Test
  void saysHowItIsUsed() throws Exception {
    Process help = start(Map.of(), "--help");
    assertThat(output(help))
        .contains(
            "serve",
            "--port",
            "FEATURE_STORE_YAML_BASE64",
            "FEATURE_SERVER_SERVING",
            "FEATURE_SERVER_API_KEY_SHA256");
    assertThat(help.waitFor()).isZero();

    Process nothing = start(Map.of());
    assertThat(output(nothing)).contains("AWS_LAMBDA_RUNTIME_API");
    assertThat(nothing.waitFor()).isEqualTo(2);

    Process wrong = start(Map.of(), "serve", "--prot", "1");
    assertThat(output(wrong)).contains("--prot is not an option");
    assertThat(wrong.waitFor()).isEqualTo(2);
  }

  private Process start(Map<String, String> environment, String... args) throws IOException {
    var all = new HashMap<>(environment);
    all.putIfAbsent("AWS_ENDPOINT_URL", store.aws().endpoint().toString());
    all.putIfAbsent("AWS_ACCESS_KEY_ID", "test");
    all.putIfAbsent("AWS_SECRET_ACCESS_KEY", "test");
    return MainProcess.start(all, args);
  }

  private static String output(Process process) throws IOException {
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  private static void stop(Process process) throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  private static JsonNode payload(TestRuntimeApi api) throws Exception {
    TestRuntimeApi.Sent sent = api.takeSent();
    assertThat(sent.path()).endsWith("/response");
    JsonNode payload = JSON.readTree(sent.body());
    assertThat(payload.get("statusCode").intValue()).as(sent.body()).isEqualTo(200);
    return payload;
  }

  private static String event(String method, String path, String base64Body) {
    return """
    {"version": "2.0", "rawPath": "%s", "body": "%s", "isBase64Encoded": true,
     "requestContext": {"stage": "$default", "http": {"method": "%s"}}}
    """
        .formatted(path, base64Body, method);
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
