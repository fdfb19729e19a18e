package dev.feast.aws.localaws.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.feast.aws.localaws.LocalAws;
import dev.feast.aws.localaws.Sdk;
import dev.feast.aws.localaws.control.Call;
import dev.feast.aws.localaws.control.Fault;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.lambda.model.TooManyRequestsException;

class DispatchTest {
  private LocalAws aws;
  private Sdk sdk;

  @BeforeEach
  void start(@TempDir Path data) throws IOException {
    aws = LocalAws.builder().dataDir(data).start();
    sdk = new Sdk(aws.endpoint());
  }

  @AfterEach
  void stop() {
    sdk.close();
    aws.close();
  }

  private void createBucket() {
    sdk.s3()
        .createBucket(
            b ->
                b.bucket("feast")
                    .createBucketConfiguration(c -> c.locationConstraint("us-west-2")));
  }

  @Test
  void listsTheCallsItGot() {
    createBucket();
    assertThat(catchThrowable(() -> sdk.s3().headBucket(b -> b.bucket("missing")))).isNotNull();
    sdk.in("eu-west-1").sts().getCallerIdentity();
    assertThat(catchThrowable(() -> sdk.dynamoDb().describeTable(t -> t.tableName("missing"))))
        .isNotNull();

    assertThat(aws.calls().list())
        .extracting(
            Call::service,
            Call::operation,
            Call::region,
            Call::mutating,
            Call::status,
            Call::errorCode)
        .containsExactly(
            tuple("s3", "CreateBucket", "us-west-2", true, 200, ""),
            tuple("s3", "HeadBucket", "us-west-2", false, 404, "NoSuchBucket"),
            tuple("sts", "GetCallerIdentity", "eu-west-1", false, 200, ""),
            tuple(
                "dynamodb", "DescribeTable", "us-west-2", false, 400, "ResourceNotFoundException"));
    assertThat(aws.calls().list())
        .allSatisfy(
            call -> {
              assertThat(call.account()).isEqualTo("000000000000");
              assertThat(call.principal()).isEqualTo("arn:aws:iam::000000000000:root");
            });
    assertThat(aws.calls().mutating()).extracting(Call::operation).containsExactly("CreateBucket");

    aws.calls().clear();
    assertThat(aws.calls().list()).isEmpty();
  }

  static Stream<Arguments> throttling() {
    return Stream.of(
        Arguments.of("s3", 503, "SlowDown", (Request) sdk -> sdk.s3().listBuckets()),
        Arguments.of("sts", 400, "Throttling", (Request) sdk -> sdk.sts().getCallerIdentity()),
        Arguments.of(
            "ecr", 400, "ThrottlingException", (Request) sdk -> sdk.ecr().describeRepositories()),
        Arguments.of(
            "apigateway",
            429,
            "TooManyRequestsException",
            (Request) sdk -> sdk.apiGateway().getApis()),
        Arguments.of(
            "dynamodb",
            400,
            "ProvisionedThroughputExceededException",
            (Request) sdk -> sdk.dynamoDb().listTables()));
  }

  /** A call of some service. */
  interface Request {
    Object send(Sdk sdk);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("throttling")
  void throttlesInEachServicesWords(String service, int status, String code, Request request) {
    aws.faults().add(Fault.throttle(service, "*").times(1));

    AwsServiceException throttled =
        catchThrowableOfType(AwsServiceException.class, () -> request.send(sdk));

    assertThat(throttled.statusCode()).isEqualTo(status);
    assertThat(throttled.awsErrorDetails().errorCode()).isEqualTo(code);
    assertThat(throttled.isThrottlingException()).isTrue();
    assertThat(throttled.requestId()).isNotBlank();
    assertThat(request.send(sdk)).isNotNull();
  }

  @Test
  void throttlesInLambdasWords() {
    aws.faults().add(Fault.throttle("lambda", "*").times(1));

    TooManyRequestsException throttled =
        catchThrowableOfType(TooManyRequestsException.class, () -> sdk.lambda().listFunctions());

    assertThat(throttled.awsErrorDetails().errorMessage()).isEqualTo("Rate exceeded");
    assertThat(throttled.reasonAsString()).isEqualTo("CallerRateLimitExceeded");
  }

  static Stream<Arguments> throttlingOverHttp() {
    return Stream.of(
        Arguments.of("execute-api", "/_apis/abc/", 429, "{\"message\":\"Too Many Requests\"}"),
        Arguments.of(
            "ecr",
            "/v2/",
            429,
            "{\"errors\":[{\"code\":\"TOOMANYREQUESTS\",\"message\":\"Rate exceeded\"}]}"));
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("throttlingOverHttp")
  void throttlesInTheWordsOfWhatHasNoSdk(String service, String path, int status, String body)
      throws Exception {
    aws.faults().add(Fault.throttle(service, "*").times(1));

    HttpResponse<String> throttled = send(HttpRequest.newBuilder(aws.endpoint().resolve(path)));

    assertThat(throttled.statusCode()).isEqualTo(status);
    assertThat(throttled.body()).isEqualTo(body);
    assertThat(send(HttpRequest.newBuilder(aws.endpoint().resolve(path))).statusCode())
        .isNotEqualTo(status);
  }

  @Test
  void failsBeforeTheEffect() {
    aws.faults().add(Fault.error("s3", "CreateBucket", 500, "InternalError", "Try again").times(1));

    AwsServiceException failed =
        catchThrowableOfType(AwsServiceException.class, this::createBucket);

    assertThat(failed.statusCode()).isEqualTo(500);
    assertThat(failed.awsErrorDetails().errorCode()).isEqualTo("InternalError");
    assertThat(failed.awsErrorDetails().errorMessage()).isEqualTo("Try again");
    assertThat(sdk.s3().listBuckets().buckets()).isEmpty();
  }

  @Test
  void failsAfterTheEffect() {
    aws.faults()
        .add(Fault.error("s3", "CreateBucket", 500, "InternalError", "Lost").after().times(1));

    assertThat(catchThrowable(this::createBucket)).isInstanceOf(AwsServiceException.class);

    assertThat(sdk.s3().listBuckets().buckets()).extracting("name").containsExactly("feast");
  }

  @Test
  void cutsTheConnectionAfterTheEffect() {
    aws.faults().add(Fault.cut("s3", "CreateBucket").after().times(1));

    assertThat(catchThrowable(this::createBucket)).isInstanceOf(SdkClientException.class);

    assertThat(sdk.s3().listBuckets().buckets()).extracting("name").containsExactly("feast");
    assertThat(aws.calls().list().getFirst().status()).isZero();
  }

  @Test
  void letsCallsPassBeforeTheOneThatItHits() {
    aws.faults().add(Fault.throttle("sts", "GetCallerIdentity").skip(2).times(1));

    assertThat(sdk.sts().getCallerIdentity().account()).isNotEmpty();
    assertThat(sdk.sts().getCallerIdentity().account()).isNotEmpty();
    assertThat(catchThrowable(() -> sdk.sts().getCallerIdentity()))
        .isInstanceOf(AwsServiceException.class);
    assertThat(sdk.sts().getCallerIdentity().account()).isNotEmpty();
    assertThat(aws.faults().list()).isEmpty();
  }

  @Test
  void answersAReadAsItWasAnsweredFirst() {
    aws.faults().add(Fault.stale("s3", "*").times(2));
    assertThat(sdk.s3().listBuckets().buckets()).isEmpty();

    createBucket();

    assertThat(sdk.s3().listBuckets().buckets()).isEmpty();
    assertThat(sdk.s3().getBucketLocation(r -> r.bucket("feast")).locationConstraintAsString())
        .as("another read, and the first of its kind")
        .isEqualTo("us-west-2");
    assertThat(sdk.s3().listBuckets().buckets()).isEmpty();
    assertThat(sdk.s3().listBuckets().buckets()).extracting("name").containsExactly("feast");
  }

  @Test
  void delaysAndThenAnswers() {
    aws.faults().add(Fault.delay("sts", "GetCallerIdentity", Duration.ofMillis(300)).times(1));
    aws.faults().add(Fault.throttle("sts", "GetCallerIdentity").times(1));

    long start = System.nanoTime();
    assertThat(catchThrowable(() -> sdk.sts().getCallerIdentity()))
        .isInstanceOf(AwsServiceException.class);

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(299));
    assertThat(aws.faults().list()).isEmpty();
  }

  @Test
  void hitsAsManyCallsAsAskedFor() {
    String always = aws.faults().add(Fault.throttle("s3", "ListBuckets"));
    for (int i = 0; i < 3; i++) {
      assertThat(catchThrowable(() -> sdk.s3().listBuckets())).isNotNull();
    }
    assertThat(aws.faults().remove(always)).isTrue();
    assertThat(sdk.s3().listBuckets().buckets()).isEmpty();
    assertThat(aws.faults().remove(always)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "sqs,      404, UnknownOperationException, no service sqs",
    "dynamodb, 400, UnknownOperationException, ''",
    "ecr,      400, UnknownOperationException, NoSuchThing",
  })
  void saysWhatItDoesNotHave(String service, int status, String code, String text)
      throws Exception {
    HttpResponse<String> response =
        send(
            HttpRequest.newBuilder(aws.endpoint())
                .header("X-Amz-Target", "Something_20000101.NoSuchThing")
                .header("Authorization", authorization(service))
                .POST(BodyPublishers.ofString("{}")));

    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(response.body()).contains(code).contains(text);
  }

  @Test
  void saysWhatLambdaDoesNotHave() throws Exception {
    HttpResponse<String> response =
        send(
            HttpRequest.newBuilder(aws.endpoint().resolve("/2015-03-31/event-source-mappings"))
                .header("Authorization", authorization("lambda")));

    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(response.headers().firstValue("x-amzn-ErrorType"))
        .contains("UnknownOperationException");
    assertThat(response.body())
        .contains("local-aws has no operation for GET /2015-03-31/event-source-mappings");
  }

  @Test
  void refusesAnAuthorizationThatItCannotRead() throws Exception {
    HttpResponse<String> response =
        send(
            HttpRequest.newBuilder(aws.endpoint())
                .header("Authorization", "AWS4-HMAC-SHA256 Credential=me")
                .GET());

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body()).contains("IncompleteSignatureException");
  }

  @Test
  void saysInXmlWhatItDoesNotHaveToAServiceThatSpeaksForms() throws Exception {
    HttpResponse<String> response =
        send(
            HttpRequest.newBuilder(URI.create(aws.endpoint() + "/"))
                .header("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
                .header("Authorization", authorization("iam"))
                .POST(BodyPublishers.ofString("Action=ListRoles&Version=2010-05-08")));

    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(response.body())
        .contains("<Code>UnknownOperationException</Code>")
        .contains("<Message>local-aws has no service iam</Message>");
  }

  private static String authorization(String service) {
    return "AWS4-HMAC-SHA256 Credential=test/20260101/us-west-2/"
        + service
        + "/aws4_request, SignedHeaders=host, Signature="
        + "0".repeat(64);
  }

  @Test
  void takesFaultsAndTellsCallsOverHttp() throws Exception {
    URI faults = URI.create(aws.endpoint() + "/_local/faults");
    HttpResponse<String> added =
        send(
            HttpRequest.newBuilder(faults)
                .POST(
                    BodyPublishers.ofString(
                        """
                        {"service": "s3", "operation": "ListBuckets", "action": "error", "times": 2,
                         "status": 418, "errorCode": "Teapot", "message": "short and stout"}
                        """)));
    assertThat(added.statusCode()).isEqualTo(200);
    assertThat(added.body()).isEqualTo("{\"id\":\"fault-1\"}");

    AwsServiceException hit =
        catchThrowableOfType(AwsServiceException.class, () -> sdk.s3().listBuckets());
    assertThat(hit.statusCode()).isEqualTo(418);
    assertThat(hit.awsErrorDetails().errorCode()).isEqualTo("Teapot");

    assertThat(send(HttpRequest.newBuilder(faults)).body())
        .isEqualTo(
            "{\"faults\":[{\"service\":\"s3\",\"operation\":\"ListBuckets\",\"when\":\"before\","
                + "\"times\":1,\"action\":\"error\",\"status\":418,\"errorCode\":\"Teapot\","
                + "\"message\":\"short and stout\",\"id\":\"fault-1\"}]}");
    URI calls = URI.create(aws.endpoint() + "/_local/calls");
    assertThat(send(HttpRequest.newBuilder(calls)).body())
        .contains("\"operation\":\"ListBuckets\"")
        .contains("\"status\":418,\"errorCode\":\"Teapot\"");

    assertThat(send(HttpRequest.newBuilder(URI.create(faults + "/fault-1")).DELETE()).statusCode())
        .isEqualTo(204);
    assertThat(send(HttpRequest.newBuilder(URI.create(faults + "/fault-1")).DELETE()).statusCode())
        .isEqualTo(404);
    assertThat(send(HttpRequest.newBuilder(calls).DELETE()).statusCode()).isEqualTo(204);
    assertThat(send(HttpRequest.newBuilder(calls)).body()).isEqualTo("{\"calls\":[]}");
    assertThat(send(HttpRequest.newBuilder(URI.create(aws.endpoint() + "/_local/health"))).body())
        .isEqualTo("{\"status\":\"ok\"}");
  }

  private void fault(String json) throws Exception {
    HttpResponse<String> added =
        send(
            HttpRequest.newBuilder(URI.create(aws.endpoint() + "/_local/faults"))
                .POST(BodyPublishers.ofString(json)));
    assertThat(added.statusCode()).describedAs(added.body()).isEqualTo(200);
  }

  @Test
  void throttlesWhatHttpAskedFor() throws Exception {
    fault("{\"service\":\"s3\",\"action\":\"throttle\",\"times\":1}");

    AwsServiceException hit =
        catchThrowableOfType(AwsServiceException.class, () -> sdk.s3().listBuckets());
    assertThat(hit.awsErrorDetails().errorCode()).isEqualTo("SlowDown");
    assertThat(sdk.s3().listBuckets().buckets()).isEmpty();
  }

  @Test
  void skipsAsManyCallsAsHttpAskedFor() throws Exception {
    fault("{\"service\":\"s3\",\"action\":\"throttle\",\"skip\":1,\"times\":1}");

    assertThat(sdk.s3().listBuckets().buckets()).isEmpty();
    assertThat(catchThrowable(() -> sdk.s3().listBuckets()))
        .isInstanceOf(AwsServiceException.class);
  }

  @Test
  void delaysWhatHttpAskedFor() throws Exception {
    fault("{\"operation\":\"ListBuckets\",\"action\":\"delay\",\"delayMillis\":300,\"times\":1}");

    long start = System.nanoTime();
    assertThat(sdk.s3().listBuckets().buckets()).isEmpty();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(299));
  }

  @Test
  void cutsAfterTheEffectWhatHttpAskedFor() throws Exception {
    fault("{\"operation\":\"CreateBucket\",\"action\":\"cut\",\"when\":\"after\",\"times\":1}");

    assertThat(catchThrowable(this::createBucket)).isInstanceOf(SdkClientException.class);
    assertThat(sdk.s3().listBuckets().buckets()).extracting("name").containsExactly("feast");
  }

  @Test
  void failsAfterTheEffectWhatHttpAskedFor() throws Exception {
    fault("{\"operation\":\"CreateBucket\",\"action\":\"error\",\"when\":\"after\",\"times\":1}");

    AwsServiceException hit = catchThrowableOfType(AwsServiceException.class, this::createBucket);
    assertThat(hit.awsErrorDetails().errorCode()).isEqualTo("InternalFailure");
    assertThat(sdk.s3().listBuckets().buckets()).extracting("name").containsExactly("feast");
  }

  @ParameterizedTest
  @ValueSource(strings = {"throttle", "cut", "unprocessed", "stale"})
  void takesFaultsByTheirNameAlone(String action) throws Exception {
    URI faults = URI.create(aws.endpoint() + "/_local/faults");
    HttpRequest.Builder post =
        HttpRequest.newBuilder(faults)
            .POST(BodyPublishers.ofString("{\"action\":\"" + action + "\"}"));
    assertThat(send(post).statusCode()).isEqualTo(200);
    assertThat(send(HttpRequest.newBuilder(faults)).body())
        .contains("\"action\":\"" + action + "\"");
    aws.faults().clear();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"action\":\"explode\"}                 | action is 'explode'; it has to be error,"
            + " throttle, delay, cut, unprocessed or stale",
        "{\"action\":\"cut\",\"skip\":-1}         | skip is -1; it has to be 0 or more",
        "{\"action\":\"cut\",\"when\":\"never\"}  | when is 'never'; it has to be before or after",
        "{\"action\":\"cut\",\"times\":0}         | times is 0; it has to be 1 or more",
        "{\"action\":\"cut\",\"times\":\"one\"}   | times is \\\"one\\\"; it has to be a whole"
            + " number",
        "{\"action\":\"cut\",\"tmies\":1}         | A fault has no tmies",
        "{                                        | The fault is not JSON",
      })
  void refusesAFaultThatItCannotRead(String fault, String message) throws Exception {
    HttpResponse<String> refused =
        send(
            HttpRequest.newBuilder(URI.create(aws.endpoint() + "/_local/faults"))
                .POST(BodyPublishers.ofString(fault)));

    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.body()).contains(message);
    assertThat(aws.faults().list()).isEmpty();
  }

  private static HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request.build(), BodyHandlers.ofString());
    }
  }
}
