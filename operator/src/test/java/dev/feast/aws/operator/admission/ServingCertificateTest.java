package dev.feast.aws.operator.admission;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.feast.aws.operator.admission.FeatureStoreTexts.Text;
import dev.feast.aws.operator.controller.ClusterClient;
import dev.feast.aws.operator.metrics.OperatorMetrics;
import dev.feast.aws.operator.policy.TenantPolicy;
import dev.feast.aws.operator.validation.FeatureServerValidator;
import io.fabric8.kubernetes.client.Config;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.interfaces.ECPrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServingCertificateTest {
  /** Well past the second for which files are not looked at again. */
  private static final Duration SOON = Duration.ofSeconds(30);

  private static final OperatorMetrics metrics = new OperatorMetrics();

  @SuppressWarnings("NullAway.Init") // Set before all tests.
  private static TestCertificate first;

  @SuppressWarnings("NullAway.Init") // Set before all tests.
  private static TestCertificate second;

  @SuppressWarnings("NullAway.Init") // Set by the extension.
  @TempDir
  Path folder;

  @BeforeAll
  static void make() throws Exception {
    first = TestCertificate.of("EC", "first");
    second = TestCertificate.of("RSA", "second");
  }

  @Test
  void servesARenewedCertificateWithoutARestart() throws Exception {
    first.in(folder);
    try (AdmissionServer server = server();
        HttpClient trustsFirst = first.client();
        HttpClient trustsSecond = second.client()) {
      assertThat(answers(trustsFirst, server)).isTrue();
      assertThat(answers(trustsSecond, server)).isFalse();

      second.in(folder);

      await().atMost(SOON).until(() -> answers(trustsSecond, server));
      assertThat(server.problem()).isEmpty();
    }
  }

  /** A reader may come between the two files, and who writes them may make a mistake. */
  @Test
  void keepsTheFormerPairWhileTheFilesDoNotBelongTogether() throws Exception {
    first.in(folder);
    ServingCertificate certificate = certificate(InstantSource.system());
    assertThat(certificate.problem()).isEmpty();
    byte[] itsKey = Files.readAllBytes(folder.resolve(ServingCertificate.KEY));

    second.in(folder);
    Files.write(folder.resolve(ServingCertificate.KEY), itsKey);

    assertThat(certificate.problem()).isEmpty();
    assertThat(certificate.chooseEngineServerAlias("EC", null, engine())).isNotNull();
    assertThat(certificate.chooseEngineServerAlias("RSA", null, engine())).isNull();
  }

  @Test
  void givesAHandshakeKeyAndCertificateOfOnePair() throws Exception {
    first.in(folder);
    ServingCertificate certificate = certificate(InstantSource.system());
    String alias =
        Objects.requireNonNull(certificate.chooseEngineServerAlias("EC", null, engine()));
    second.in(folder);
    assertThat(certificate.chooseEngineServerAlias("RSA", null, engine())).isNotNull();

    assertThat(certificate.getPrivateKey(alias)).isEqualTo(first.key());
    assertThat(certificate.getCertificateChain(alias)).containsExactly(first.certificate());
  }

  @Test
  void tellsThatThereIsNoneYetAndTakesTheFirstThatComes() throws Exception {
    ServingCertificate certificate = certificate(InstantSource.system());
    assertThat(certificate.problem())
        .hasValueSatisfying(why -> assertThat(why).contains("tls.crt"));

    first.in(folder);

    assertThat(certificate.problem()).isEmpty();
  }

  @Test
  void tellsThatItEnded() throws Exception {
    first.in(folder);
    Instant end = first.certificate().getNotAfter().toInstant();

    assertThat(certificate(() -> end.minusSeconds(1)).problem()).isEmpty();
    assertThat(certificate(() -> end.plusSeconds(1)).problem())
        .hasValueSatisfying(why -> assertThat(why).contains("ended at " + end));
  }

  /** cert-manager by default, and openssl of old. */
  @Test
  void readsKeysInTheFormsOfTheirAlgorithms() throws Exception {
    second.in(folder);
    byte[] pkcs8 = second.key().getEncoded();
    // Behind the head, the version, the algorithm and the next head, each of a fixed length.
    writeKey("RSA PRIVATE KEY", Arrays.copyOfRange(pkcs8, 26, pkcs8.length));
    assertThat(certificate(InstantSource.system()).problem()).isEmpty();

    first.in(folder);
    writeKey("EC PRIVATE KEY", sec1((ECPrivateKey) first.key()));
    assertThat(certificate(InstantSource.system()).problem()).isEmpty();
  }

  /** As openssl writes it, but for the public key, which may be left out (RFC 5915). */
  private static byte[] sec1(ECPrivateKey key) {
    byte[] curve = curve(key);
    byte[] scalar = scalar(key.getS(), (key.getParams().getOrder().bitLength() + 7) / 8);
    int length = 3 + 2 + scalar.length + 2 + curve.length;
    return ByteBuffer.allocate(2 + length)
        .put(new byte[] {0x30, (byte) length, 2, 1, 1, 4, (byte) scalar.length})
        .put(scalar)
        .put(new byte[] {(byte) 0xA0, (byte) curve.length})
        .put(curve)
        .array();
  }

  /** The identifier that ends the algorithm in PKCS#8. */
  private static byte[] curve(ECPrivateKey key) {
    byte[] pkcs8 = key.getEncoded();
    int algorithm = pkcs8[1] < 0 ? 6 : 5;
    int end = algorithm + 2 + pkcs8[algorithm + 1];
    return Arrays.copyOfRange(pkcs8, algorithm + 2 + 9, end);
  }

  private static byte[] scalar(BigInteger value, int bytes) {
    byte[] all = value.toByteArray();
    byte[] scalar = new byte[bytes];
    int length = Math.min(all.length, bytes);
    System.arraycopy(all, all.length - length, scalar, bytes - length, length);
    return scalar;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          tls.crt | nothing                 | tls.crt: it holds no certificates in PEM
          tls.key | nothing                 | tls.key: it holds no PRIVATE KEY
          tls.key | ENCRYPTED PRIVATE KEY   | tls.key: it holds no PRIVATE KEY
          tls.key | PRIVATE KEY             | tls.key: it is no key for RSA, EC or EdDSA
          tls.key | RSA PRIVATE KEY         | tls.key: it is no key for RSA
          tls.key | EC PRIVATE KEY          | tls.key: it is no key for EC
          """)
  void tellsWhatIsWrongWithAFileAndShowsNothingOfIt(String file, String kind, String says)
      throws Exception {
    first.in(folder);
    String content = "hunter2";
    Files.writeString(
        folder.resolve(file),
        kind.equals("nothing") ? content : TestCertificate.pem(kind, content.getBytes(UTF_8)));

    assertThat(certificate(InstantSource.system()).problem())
        .hasValueSatisfying(
            why -> assertThat(why).contains(says).doesNotContain(content, "aHVudGVyMg"));
  }

  private void writeKey(String kind, byte[] content) throws IOException {
    Files.writeString(folder.resolve(ServingCertificate.KEY), TestCertificate.pem(kind, content));
  }

  private ServingCertificate certificate(InstantSource clock) {
    return new ServingCertificate(folder, Duration.ZERO, clock);
  }

  private static SSLEngine engine() throws Exception {
    return SSLContext.getDefault().createSSLEngine();
  }

  private AdmissionServer server() throws IOException {
    try (var client = ClusterClient.connect(Config.empty())) {
      return new AdmissionServer(
          0,
          folder,
          Set.of(),
          new FeatureServerValidator(),
          TenantPolicy.DEFAULT,
          (namespace, reference) -> new Text.Absent("not asked for"),
          client.getKubernetesSerialization(),
          metrics,
          InstantSource.system());
    }
  }

  private static boolean answers(HttpClient client, AdmissionServer server)
      throws InterruptedException {
    try {
      return client
              .send(
                  HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + server.port() + "/"))
                      .build(),
                  HttpResponse.BodyHandlers.discarding())
              .statusCode()
          == 404;
    } catch (IOException e) {
      return false;
    }
  }
}
