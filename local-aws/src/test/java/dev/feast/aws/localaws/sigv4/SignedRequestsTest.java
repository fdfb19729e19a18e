package dev.feast.aws.localaws.sigv4;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.feast.aws.localaws.LocalAws;
import dev.feast.aws.localaws.Sdk;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/** The SDK's signer against what is checked here, with keys that were issued here. */
class SignedRequestsTest {
  private final SettableClock clock = new SettableClock();
  private LocalAws aws;
  private Sdk root;
  private AwsSessionCredentials keys;
  private Sdk role;

  @BeforeEach
  void start(@TempDir Path data) throws IOException {
    aws = LocalAws.builder().dataDir(data).clock(clock).start();
    root = new Sdk(aws.endpoint());
    var issued =
        root.sts()
            .assumeRole(
                r -> r.roleArn("arn:aws:iam::000000000000:role/feast").roleSessionName("test"))
            .credentials();
    keys =
        AwsSessionCredentials.create(
            issued.accessKeyId(), issued.secretAccessKey(), issued.sessionToken());
    role = root.as(keys);
    root.s3()
        .createBucket(
            b ->
                b.bucket("feast")
                    .createBucketConfiguration(c -> c.locationConstraint("us-west-2")));
  }

  @AfterEach
  void stop() {
    root.close();
    role.close();
    aws.close();
  }

  @Test
  void takesSignedChunks() {
    byte[] content = new byte[400_000];
    new Random(3).nextBytes(content);

    role.s3().putObject(o -> o.bucket("feast").key("a"), RequestBody.fromBytes(content));

    assertThat(role.s3().getObjectAsBytes(o -> o.bucket("feast").key("a")).asByteArray())
        .isEqualTo(content);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a b+c&d=e?f#g%20h", "ünïcödé/☃/😀", "//double//slash/", "a/../b", "tilde~!*'()"})
  void takesAnyKey(String key) {
    S3Client s3 = role.s3();
    s3.putObject(o -> o.bucket("feast").key(key), RequestBody.fromString("content"));

    assertThat(s3.getObjectAsBytes(o -> o.bucket("feast").key(key)).asUtf8String())
        .isEqualTo("content");
    assertThat(s3.listObjectsV2(l -> l.bucket("feast").prefix(key)).contents())
        .extracting(S3Object::key)
        .containsExactly(key);
  }

  @Test
  void takesTheOtherProtocols() {
    assertThat(role.sts().getCallerIdentity().arn())
        .isEqualTo("arn:aws:sts::000000000000:assumed-role/feast/test");
    assertThat(role.ecr().describeRepositories().repositories()).isEmpty();
    assertThat(role.dynamoDb().listTables().tableNames()).isEmpty();
  }

  @Test
  void takesALinkUntilItExpires() throws Exception {
    role.s3().putObject(o -> o.bucket("feast").key("a b"), RequestBody.fromString("content"));
    URI link;
    try (S3Presigner presigner =
        S3Presigner.builder()
            .endpointOverride(aws.endpoint())
            .region(Region.US_WEST_2)
            .credentialsProvider(StaticCredentialsProvider.create(keys))
            .serviceConfiguration(S3Configuration.builder().pathStyleAccessEnabled(true).build())
            .build()) {
      link =
          presigner
              .presignGetObject(
                  p ->
                      p.signatureDuration(Duration.ofMinutes(1))
                          .getObjectRequest(o -> o.bucket("feast").key("a b")))
              .url()
              .toURI();
    }

    assertThat(get(link).body()).isEqualTo("content");
    assertThat(get(URI.create(link.toString().replace("a%20b", "other"))).body())
        .contains("SignatureDoesNotMatch");
    clock.move(Duration.ofMinutes(2));
    assertThat(get(link).statusCode()).isEqualTo(403);
    assertThat(get(link).body()).contains("Request has expired");
  }

  private static HttpResponse<String> get(URI link) throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(link).build(), HttpResponse.BodyHandlers.ofString());
  }

  static Stream<Arguments> wrongKeys() {
    return Stream.of(
        Arguments.of(
            "another secret",
            List.of(
                "SignatureDoesNotMatch",
                "SignatureDoesNotMatch",
                "InvalidSignatureException",
                "InvalidSignatureException")),
        Arguments.of(
            "another token",
            List.of(
                "InvalidToken",
                "InvalidClientTokenId",
                "UnrecognizedClientException",
                "UnrecognizedClientException")),
        Arguments.of(
            "no token",
            List.of(
                "InvalidToken",
                "InvalidClientTokenId",
                "UnrecognizedClientException",
                "UnrecognizedClientException")),
        Arguments.of(
            "expired",
            List.of(
                "ExpiredToken", "ExpiredToken", "ExpiredTokenException", "ExpiredTokenException")));
  }

  @ParameterizedTest
  @MethodSource("wrongKeys")
  void refusesInEachServicesWords(String what, List<String> codes) {
    AwsCredentials wrong =
        switch (what) {
          case "another secret" ->
              AwsSessionCredentials.create(keys.accessKeyId(), "x", keys.sessionToken());
          case "another token" ->
              AwsSessionCredentials.create(keys.accessKeyId(), keys.secretAccessKey(), "x");
          case "no token" -> AwsBasicCredentials.create(keys.accessKeyId(), keys.secretAccessKey());
          default -> {
            clock.move(Duration.ofHours(2));
            yield keys;
          }
        };
    try (Sdk sdk = root.as(wrong)) {
      var found = new ArrayList<String>();
      for (Runnable call :
          List.<Runnable>of(
              () -> sdk.s3().listObjectsV2(l -> l.bucket("feast")),
              () -> sdk.sts().getCallerIdentity(),
              () -> sdk.ecr().describeRepositories(),
              () -> sdk.dynamoDb().listTables())) {
        found.add(
            catchThrowableOfType(AwsServiceException.class, call::run)
                .awsErrorDetails()
                .errorCode());
      }
      assertThat(found).isEqualTo(codes);
    }
  }

  @Test
  void refusesContentThatWasChangedOnTheWay() throws IOException {
    byte[] content = "the content that was signed".getBytes(StandardCharsets.UTF_8);
    SignedRequest signed =
        AwsV4HttpSigner.create()
            .sign(
                r ->
                    r.identity(keys)
                        .request(
                            SdkHttpRequest.builder()
                                .uri(URI.create(aws.endpoint() + "/feast/a"))
                                .method(SdkHttpMethod.PUT)
                                .putHeader("Content-Length", Integer.toString(content.length))
                                .build())
                        .payload(ContentStreamProvider.fromByteArray(content))
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "s3")
                        .putProperty(AwsV4HttpSigner.REGION_NAME, "us-west-2")
                        .putProperty(AwsV4HttpSigner.DOUBLE_URL_ENCODE, false)
                        .putProperty(AwsV4HttpSigner.NORMALIZE_PATH, false)
                        .putProperty(AwsV4HttpSigner.CHUNK_ENCODING_ENABLED, true));
    String body;
    try (InputStream in = signed.payload().orElseThrow().newStream()) {
      body = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    assertThat(body).contains("chunk-signature=");

    assertThat(send(signed.request(), body)).contains("200 OK");
    assertThat(send(signed.request(), body.replace("was signed", "was forged")))
        .contains("403 Forbidden")
        .contains("SignatureDoesNotMatch");
    assertThat(role.s3().getObjectAsBytes(o -> o.bucket("feast").key("a")).asByteArray())
        .isEqualTo(content);
  }

  private String send(SdkHttpRequest request, String body) throws IOException {
    var message = new StringBuilder("PUT /feast/a HTTP/1.1\r\nConnection: close\r\n");
    request.forEachHeader(
        (name, values) ->
            message.append(name).append(": ").append(String.join(",", values)).append("\r\n"));
    message.append("\r\n").append(body);
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), aws.endpoint().getPort())) {
      socket.getOutputStream().write(message.toString().getBytes(StandardCharsets.UTF_8));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void refusesAClockThatIsWrong() {
    clock.move(Duration.ofMinutes(-10));
    assertThat(
            catchThrowableOfType(AwsServiceException.class, () -> role.ecr().describeRepositories())
                .awsErrorDetails()
                .errorCode())
        .isEqualTo("InvalidSignatureException");
    role.s3().listObjectsV2(l -> l.bucket("feast")); // which is patient for 15 minutes

    clock.move(Duration.ofMinutes(-10));
    assertThat(
            catchThrowableOfType(
                    AwsServiceException.class,
                    () -> role.s3().listObjectsV2(l -> l.bucket("feast")))
                .awsErrorDetails()
                .errorCode())
        .isEqualTo("RequestTimeTooSkewed");
  }

  @Test
  void takesKeysThatItDidNotIssueForRoot() {
    try (Sdk any = root.as(AwsBasicCredentials.create("whoever", "whatever"))) {
      assertThat(any.sts().getCallerIdentity().arn()).isEqualTo("arn:aws:iam::000000000000:root");
    }
  }

  /** The real time, moved. */
  private static final class SettableClock extends Clock {
    private volatile Duration moved = Duration.ZERO;

    void move(Duration by) {
      moved = moved.plus(by);
    }

    @Override
    public Instant instant() {
      return Instant.now().plus(moved);
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      throw new UnsupportedOperationException();
    }
  }
}
