package dev.feast.aws.localaws.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.feast.aws.localaws.LocalAws;
import dev.feast.aws.localaws.Sdk;
import dev.feast.aws.localaws.control.Call;
import dev.feast.aws.localaws.control.CallCount;
import dev.feast.aws.localaws.ecr.RegistryClient;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.TooManyRequestsException;

/** The limits as clients meet them, while time stands still. */
class LimitedServicesTest {
  private LocalAws aws;
  private Sdk sdk;

  @BeforeEach
  void start(@TempDir Path data) throws IOException {
    aws =
        LocalAws.builder()
            .dataDir(data)
            .callRates(CallRates.AWS)
            .clock(Clock.fixed(Instant.now(), ZoneOffset.UTC))
            .start();
    sdk = new Sdk(aws.endpoint());
  }

  @AfterEach
  void stop() {
    sdk.close();
    aws.close();
  }

  @Test
  void lambdaRefusesTheCallThatIsTooMuchAndItHasNoEffect() {
    try (LambdaClient lambda = sdk.lambda()) {
      for (int i = 0; i < 15; i++) {
        lambda.listFunctions();
      }
      TooManyRequestsException refused =
          catchThrowableOfType(TooManyRequestsException.class, lambda::listFunctions);

      assertThat(refused.statusCode()).isEqualTo(429);
      assertThat(refused.reasonAsString()).isEqualTo("CallerRateLimitExceeded");
      assertThat(aws.calls().counts())
          .contains(
              new CallCount("lambda", "ListFunctions", "us-west-2", false, "", 15),
              new CallCount(
                  "lambda", "ListFunctions", "us-west-2", false, "TooManyRequestsException", 1));
    }
  }

  @Test
  void apiGatewayTakesABurst() {
    for (int i = 0; i < 40; i++) {
      sdk.apiGateway().getApis();
    }

    AwsServiceException refused =
        catchThrowableOfType(AwsServiceException.class, () -> sdk.apiGateway().getApis());

    assertThat(refused.awsErrorDetails().errorCode()).isEqualTo("TooManyRequestsException");
  }

  @Test
  void theRegistryCountsAgainstTheRegionOfTheRepository() {
    sdk.ecr().createRepository(r -> r.repositoryName("feast-dev"));
    sdk.in("eu-west-1").ecr().createRepository(r -> r.repositoryName("feast-dev"));
    RegistryClient registry = RegistryClient.of(aws.endpoint(), sdk.ecr());

    IntStream.range(0, 10).forEach(i -> put(registry, "us-west-2"));

    assertThat(put(registry, "us-west-2")).isEqualTo(429);
    assertThat(put(registry, "eu-west-1")).isNotEqualTo(429);
    assertThat(aws.calls().list())
        .filteredOn(call -> call.operation().equals("PutImage"))
        .extracting(Call::region)
        .contains("us-west-2", "eu-west-1");
  }

  private static int put(RegistryClient registry, String region) {
    return registry
        .send(
            "PUT",
            "/v2/000000000000/" + region + "/feast-dev/manifests/1",
            "{}".getBytes(StandardCharsets.UTF_8))
        .statusCode();
  }

  @Test
  void countsAreThereOverHttpAndGoWithTheCalls() throws Exception {
    sdk.apiGateway().getApis();
    sdk.apiGateway().getApis();

    assertThat(counts())
        .isEqualTo(
            "{\"counts\":[{\"service\":\"apigateway\",\"operation\":\"GetApis\",\"region\":\"us-west-2\","
                + "\"mutating\":false,\"errorCode\":\"\",\"count\":2}]}");

    aws.calls().clear();
    assertThat(counts()).isEqualTo("{\"counts\":[]}");
  }

  private String counts() throws IOException, InterruptedException {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(
              HttpRequest.newBuilder(aws.endpoint().resolve("/_local/counts")).build(),
              BodyHandlers.ofString())
          .body();
    }
  }
}
