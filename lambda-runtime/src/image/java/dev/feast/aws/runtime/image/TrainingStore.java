package dev.feast.aws.runtime.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.feast.aws.image.FileTree;
import dev.feast.aws.image.InputDigest;
import dev.feast.aws.localaws.LocalAws;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * What the training run serves: the feature store that Feast 0.67 recorded (every value type,
 * services, joins), in a local-aws of its own behind TLS, and the requests of the recording,
 * mistakes included.
 *
 * <p>Behind TLS because real endpoints are: a run over plain HTTP would leave the handshake, a
 * third of a cold start against AWS, out of the cache.
 */
final class TrainingStore implements AutoCloseable {
  private static final String FIXTURE = "/fixtures/feast-0.67/";
  private static final String BUCKET = "feast-registries";
  private static final String REGISTRY_KEY = "dev/registry.db";
  private static final String REGION = "us-west-2";

  /**
   * Enough for the JVM's profiles of the request path to be worth keeping; more changed nothing
   * measurable.
   */
  private static final int ROUNDS = 20;

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Lookups with a key and a look at ages go through all that lookups without go through. */
  private static final String API_KEY = "training-training-training-training";

  private static final String SERVING =
      "{\"responseFormat\":\"FieldValues\",\"staleFeatures\":\"Flag\",\"maxRows\":10000}";

  private final Path folder;
  private final LocalAws aws;
  private final TlsFront tls;

  private TrainingStore(Path folder, LocalAws aws, TlsFront tls) {
    this.folder = folder;
    this.aws = aws;
    this.tls = tls;
  }

  /**
   * @param trusted certificates that the runtime trusts: the JRE's own file
   */
  static TrainingStore open(Path trusted) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("feature-server-training");
    Path seed = folder.resolve("seed");
    write(seed.resolve("s3").resolve(BUCKET).resolve(REGISTRY_KEY), fixture("registry.db"));
    write(seed.resolve("dynamodb").resolve(REGION + ".json"), fixture("dynamodb.json"));
    LocalAws aws = LocalAws.builder().dataDir(folder.resolve("data")).load(seed).start();
    return new TrainingStore(
        folder, aws, TlsFront.open(aws.endpoint(), folder.resolve("tls"), trusted));
  }

  /** What decides which events are sent and what they meet. */
  static InputDigest inputs() throws IOException {
    var digest = new InputDigest();
    for (String name :
        List.of("registry.db", "dynamodb.json", "feature_store.yaml", "answers.json")) {
      try (InputStream in = fixture(name)) {
        digest.add(name, in);
      }
    }
    return digest;
  }

  /** JVM options beside those of {@link Launch}. */
  List<String> jvmOptions() {
    return List.of("-Djavax.net.ssl.trustStore=" + tls.trustStore());
  }

  /** As Lambda and the operator set it. */
  Map<String, String> environment() throws IOException {
    var environment = new LinkedHashMap<String, String>();
    environment.put("AWS_ENDPOINT_URL", tls.endpoint().toString());
    environment.put("AWS_ACCESS_KEY_ID", "training");
    environment.put("AWS_SECRET_ACCESS_KEY", "training");
    environment.put("AWS_SESSION_TOKEN", "training");
    environment.put("AWS_REGION", REGION);
    environment.put("AWS_DEFAULT_REGION", REGION);
    environment.put("AWS_LAMBDA_FUNCTION_NAME", "feast-training");
    environment.put("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "1769");
    environment.put("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand");
    environment.put("TZ", ":UTC");
    environment.put("FEATURE_SERVER_SERVING", SERVING);
    environment.put("FEATURE_SERVER_API_KEY_SHA256", DigestUtils.sha256Hex(API_KEY));
    try (InputStream yaml = fixture("feature_store.yaml")) {
      environment.put(
          "FEATURE_STORE_YAML_BASE64", Base64.getEncoder().encodeToString(yaml.readAllBytes()));
    }
    return environment;
  }

  /** The recorded requests in both shapes, as text and encoded, and the state of the registry. */
  List<byte[]> events() throws IOException {
    var round = new ArrayList<byte[]>();
    round.add(GatewayEvent.get("/health"));
    try (InputStream answers = fixture("answers.json")) {
      for (JsonNode recorded : JSON.readTree(answers)) {
        String body = JSON.writeValueAsString(recorded.path("request"));
        round.add(GatewayEvent.postBase64("/get-online-features", body));
        round.add(GatewayEvent.postJson("/v2/get-online-features", body));
      }
    }
    round.add(GatewayEvent.postJson("/get-online-features", "{"));
    round.add(GatewayEvent.get("/unknown"));
    round.replaceAll(TrainingStore::withApiKey);
    var events = new ArrayList<byte[]>();
    for (int i = 0; i < ROUNDS; i++) {
      events.addAll(round);
    }
    return events;
  }

  /**
   * Refuses an answer that did not go through the runtime: a cache trained by requests that were
   * all turned away would start as slowly as none, and nobody would see why.
   */
  static void check(byte[] answer) throws IOException {
    int status = JSON.readTree(answer).path("statusCode").asInt();
    if (status == 401 || status == 403 || status >= 500) {
      throw new IOException("a request was answered with " + status);
    }
  }

  private static byte[] withApiKey(byte[] event) {
    try {
      JsonNode changed = JSON.readTree(event);
      changed.withObject("/headers").put("x-api-key", API_KEY);
      return JSON.writeValueAsBytes(changed);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    tls.close();
    aws.close();
    FileTree.delete(folder);
  }

  private static InputStream fixture(String name) {
    return Objects.requireNonNull(TrainingStore.class.getResourceAsStream(FIXTURE + name), name);
  }

  private static void write(Path file, InputStream content) throws IOException {
    try (content) {
      Files.createDirectories(file.getParent());
      Files.copy(content, file);
    }
  }
}
