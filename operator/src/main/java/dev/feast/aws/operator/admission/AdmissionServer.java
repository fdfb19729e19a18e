package dev.feast.aws.operator.admission;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.feast.aws.api.v1alpha1.FeatureServer;
import dev.feast.aws.operator.metrics.Recorder;
import dev.feast.aws.operator.metrics.Verdict;
import dev.feast.aws.operator.policy.TenantPolicy;
import dev.feast.aws.operator.validation.FeatureServerValidator;
import io.fabric8.kubernetes.api.model.admission.v1.AdmissionResponse;
import io.fabric8.kubernetes.api.model.admission.v1.AdmissionReview;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.javaoperatorsdk.webhook.admission.AdmissionController;
import io.javaoperatorsdk.webhook.admission.AdmissionRequestHandler;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The validating webhook, {@code POST /validate}, over TLS. It answers whether or not this replica
 * leads.
 *
 * <p>API servers show no certificate unless their administrator gave them one, so that whoever
 * reaches the port may ask: it takes no more memory than it has set apart, {@link HttpBounds} end
 * slow clients, and no answer shows what is only referred to.
 */
public final class AdmissionServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AdmissionServer.class);

  /** An object that etcd takes is up to 1.5 MiB; a review has the old one and the new one. */
  private static final int LONGEST_REVIEW = 6 * 1024 * 1024;

  /** Bytes of reviews that are in memory at once; nearly all are a few kilobytes. */
  private static final int REVIEWS = 2 * LONGEST_REVIEW;

  /** Well below the 5 s after which the API server goes on without an answer. */
  private static final Duration TURN = Duration.ofSeconds(1);

  /** Files are looked at this often at most. */
  private static final Duration CERTIFICATE_INTERVAL = Duration.ofSeconds(1);

  private static final String API_VERSION = "admission.k8s.io/v1";

  private final HttpsServer server;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final Semaphore reviews = new Semaphore(REVIEWS);
  private final ServingCertificate certificate;
  private final KubernetesSerialization serialization;
  private final AdmissionController<FeatureServer> controller;
  private final Recorder recorder;

  /**
   * Starts it, even when the certificate cannot be read yet.
   *
   * @param port 0 takes a free one
   * @param tls folder with tls.crt and tls.key
   * @param namespaces whose FeatureServers this operator reconciles; empty: all
   * @param serialization reads whatever an API server may send
   * @throws IOException when the port is taken
   */
  public AdmissionServer(
      int port,
      Path tls,
      Set<String> namespaces,
      FeatureServerValidator validator,
      TenantPolicy policy,
      FeatureStoreTexts texts,
      KubernetesSerialization serialization,
      Recorder recorder,
      InstantSource clock)
      throws IOException {
    this.certificate = new ServingCertificate(tls, CERTIFICATE_INTERVAL, clock);
    this.serialization = serialization;
    this.recorder = recorder;
    serialization.registerKubernetesResource(FeatureServer.class);
    AdmissionRequestHandler admission =
        new FeatureServerAdmission(namespaces, new Review(validator, policy, texts));
    this.controller = new AdmissionController<>(admission);
    this.server = HttpsServer.create(new InetSocketAddress(port), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context(certificate)));
    server.setExecutor(executor);
    server.createContext("/", this::answer);
    server.start();
  }

  private static SSLContext context(ServingCertificate certificate) throws IOException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(new KeyManager[] {certificate}, null, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException("This JVM has no TLS", e);
    }
  }

  public int port() {
    return server.getAddress().getPort();
  }

  /** Why no API server can ask; empty where one can. */
  public Optional<String> problem() {
    return certificate.problem();
  }

  @Override
  public void close() {
    server.stop(0);
    executor.close();
  }

  private record Answer(int code, String contentType, String body) {
    static Answer error(int code, String message) {
      return new Answer(code, "text/plain; charset=utf-8", message + "\n");
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      Answer answer;
      try {
        answer = answerTo(exchange);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        answer = Answer.error(HttpURLConnection.HTTP_UNAVAILABLE, "Stopping.");
      }
      byte[] body = answer.body().getBytes(UTF_8);
      exchange.getResponseHeaders().set("Content-Type", answer.contentType());
      if (answer.code() != HttpURLConnection.HTTP_OK) {
        // Its body may be left unread, and the server then ends the connection: no client may reuse
        // it.
        exchange.getResponseHeaders().set("Connection", "close");
      }
      exchange.sendResponseHeaders(answer.code(), body.length);
      exchange.getResponseBody().write(body);
      // Closing waits for what the client still sends, and it may wait for the answer.
      exchange.getResponseBody().flush();
    }
  }

  private Answer answerTo(HttpExchange exchange) throws IOException, InterruptedException {
    if (!exchange.getRequestURI().getPath().equals("/validate")) {
      return Answer.error(HttpURLConnection.HTTP_NOT_FOUND, "There is only /validate.");
    }
    if (!exchange.getRequestMethod().equals("POST")) {
      return Answer.error(HttpURLConnection.HTTP_BAD_METHOD, "Post an AdmissionReview.");
    }
    long length = length(exchange);
    if (length < 0) {
      return Answer.error(
          HttpURLConnection.HTTP_LENGTH_REQUIRED, "Say in Content-Length how long the body is.");
    }
    if (length > LONGEST_REVIEW) {
      return Answer.error(
          HttpURLConnection.HTTP_ENTITY_TOO_LARGE,
          "An AdmissionReview has up to %d bytes.".formatted(LONGEST_REVIEW));
    }
    int bytes = (int) length;
    if (!reviews.tryAcquire(bytes, TURN.toMillis(), TimeUnit.MILLISECONDS)) {
      return Answer.error(HttpURLConnection.HTTP_UNAVAILABLE, "Too much is asked at once.");
    }
    try {
      return review(exchange.getRequestBody().readNBytes(bytes));
    } finally {
      reviews.release(bytes);
    }
  }

  /** Of the body in bytes; -1 where the client does not say. */
  private static long length(HttpExchange exchange) {
    String length = exchange.getRequestHeaders().getFirst("Content-Length");
    try {
      return length == null ? -1 : Long.parseLong(length);
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  private Answer review(byte[] body) {
    AdmissionReview review = read(body);
    if (review == null
        || !API_VERSION.equals(review.getApiVersion())
        || review.getRequest() == null
        || review.getRequest().getUid() == null) {
      return Answer.error(
          HttpURLConnection.HTTP_BAD_REQUEST,
          "This is no AdmissionReview of %s.".formatted(API_VERSION));
    }
    try {
      AdmissionReview answer = controller.handle(review);
      recorder.admitted(verdict(answer.getResponse()));
      return new Answer(
          HttpURLConnection.HTTP_OK, "application/json", serialization.asJson(answer));
    } catch (IllegalArgumentException e) {
      LOG.debug("No API server with the CRD sends this", e);
      return Answer.error(
          HttpURLConnection.HTTP_BAD_REQUEST, "No API server with the CRD sends this.");
    } catch (StackOverflowError | RuntimeException e) {
      LOG.error("An AdmissionReview cannot be answered", e);
      recorder.admitted(Verdict.ERROR);
      return Answer.error(HttpURLConnection.HTTP_INTERNAL_ERROR, "The operator's log says why.");
    }
  }

  private static Verdict verdict(AdmissionResponse response) {
    if (!Boolean.TRUE.equals(response.getAllowed())) {
      return Verdict.REFUSED;
    }
    return response.getWarnings() == null || response.getWarnings().isEmpty()
        ? Verdict.ADMITTED
        : Verdict.WARNED;
  }

  /** Null where it is none. */
  private @Nullable AdmissionReview read(byte[] body) {
    if (body.length == 0 || body[0] != '{') {
      return null; // What is no JSON would be read as YAML.
    }
    try {
      return serialization.unmarshal(new ByteArrayInputStream(body), AdmissionReview.class);
    } catch (StackOverflowError | RuntimeException e) {
      LOG.debug("No AdmissionReview", e);
      return null;
    }
  }
}
