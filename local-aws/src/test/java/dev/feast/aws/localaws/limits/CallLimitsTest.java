package dev.feast.aws.localaws.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CallLimitsTest {
  private static final String ACCOUNT = "000000000000";
  private static final String REGION = "us-west-2";

  private Instant now = Instant.EPOCH;
  private final CallLimits limits = new CallLimits(CallRates.AWS, () -> now);

  private long admitted(int calls, String service, String operation) {
    return IntStream.range(0, calls)
        .filter(i -> limits.admits(service, operation, ACCOUNT, REGION))
        .count();
  }

  @ParameterizedTest(name = "{0} {1}: {2}, then {3} a second")
  @CsvSource({
    "lambda,      CreateFunction,        15,   15",
    "lambda,      ListVersionsByFunction, 15,  15",
    "lambda,      GetFunction,           100,  100",
    "lambda,      GetPolicy,             15,   15",
    "apigateway,  GetApis,               40,   10",
    "apigateway,  CreateRoute,           40,   10",
    "ecr,         PutImage,              10,   10",
    "ecr,         CompleteLayerUpload,   100,  100",
    "ecr,         BatchGetImage,         2000, 2000",
  })
  void admitsWhatAwsAdmits(String service, String operation, long burst, long perSecond) {
    assertThat(admitted(5_000, service, operation)).isEqualTo(burst);

    now = now.plusSeconds(1);
    assertThat(admitted(5_000, service, operation)).isEqualTo(perSecond);

    now = now.plus(Duration.ofHours(1));
    assertThat(admitted(5_000, service, operation)).as("no more than a burst").isEqualTo(burst);
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({
    "lambda, Invoke",
    "execute-api, Invoke",
    "ecr, CreateRepository",
    "s3, GetObject",
    "dynamodb, BatchGetItem",
    "sts, GetCallerIdentity",
  })
  void limitsNothingElse(String service, String operation) {
    assertThat(admitted(5_000, service, operation)).isEqualTo(5_000);
  }

  @Test
  void operationsOfALambdaShareTheirRateButForThoseWithTheirOwn() {
    assertThat(admitted(10, "lambda", "CreateFunction")).isEqualTo(10);
    assertThat(admitted(10, "lambda", "GetAlias")).isEqualTo(5);

    assertThat(admitted(10, "lambda", "GetFunction")).isEqualTo(10);
    assertThat(admitted(10, "lambda", "GetPolicy")).isEqualTo(10);
  }

  @Test
  void eachAccountAndRegionHasItsOwn() {
    assertThat(admitted(50, "apigateway", "GetApis")).isEqualTo(40);

    assertThat(limits.admits("apigateway", "GetApis", ACCOUNT, REGION)).isFalse();
    assertThat(limits.admits("apigateway", "GetApis", ACCOUNT, "eu-west-1")).isTrue();
    assertThat(limits.admits("apigateway", "GetApis", "111111111111", REGION)).isTrue();
  }

  @Test
  void aRefusedCallCostsNothing() {
    assertThat(admitted(1_000, "apigateway", "GetApis")).isEqualTo(40);

    now = now.plusMillis(100);
    assertThat(admitted(1_000, "apigateway", "GetApis")).isEqualTo(1);
  }

  @Test
  void withoutLimitsEverythingIsAdmitted() {
    var none = new CallLimits(CallRates.NONE, () -> now);

    assertThat(
            IntStream.range(0, 1_000)
                .allMatch(i -> none.admits("lambda", "CreateFunction", ACCOUNT, REGION)))
        .isTrue();
  }
}
