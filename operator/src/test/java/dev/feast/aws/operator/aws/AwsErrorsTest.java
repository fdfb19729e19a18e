package dev.feast.aws.operator.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feast.aws.operator.aws.AwsException.Kind;
import dev.feast.aws.operator.model.Environment;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.lambda.model.LambdaException;

class AwsErrorsTest {

  @ParameterizedTest(name = "{1} is {0}")
  @CsvSource({
    "NOT_FOUND, ResourceNotFoundException, 404, Function not found",
    "NOT_FOUND, RepositoryPolicyNotFoundException, 400, none",
    "CONFLICT, ResourceConflictException, 409, an update is in progress",
    "CONFLICT, PreconditionFailedException, 412, the RevisionId changed",
    "THROTTLED, TooManyRequestsException, 429, Rate exceeded",
    "THROTTLED, ThrottlingException, 400, Rate exceeded",
    "NOT_YET, CodeArtifactUserPendingException, 409, is being prepared",
    "NOT_YET, SnapStartNotReadyException, 409, Lambda is initializing your function",
    "SNAPSHOT_UNUSABLE, SnapStartException, 400, the runtime hook encountered an error",
    "SNAPSHOT_UNUSABLE, SnapStartTimeoutException, 408, could not restore the snapshot",
    "KEY_NOT_USABLE, KMSDisabledException, 502, the KMS key used is disabled",
    "KEY_NOT_USABLE, KMSAccessDeniedException, 502, Lambda was unable to decrypt",
    "ROLE_NOT_ASSUMABLE, InvalidParameterValueException, 400, The role defined for the function"
        + " cannot be assumed by Lambda.",
    "IMAGE_NOT_READABLE, AccessDeniedException, 403, Lambda does not have permission to access the"
        + " ECR image. Check the ECR permissions.",
    "QUOTA, CodeStorageExceededException, 400, 75 GB",
    "DENIED, AccessDeniedException, 403, is not authorized to perform: lambda:CreateFunction",
    "CREDENTIALS, ExpiredTokenException, 403, expired",
    "CREDENTIALS, UnrecognizedClientException, 403, The security token is invalid",
    "REFUSED, InvalidParameterValueException, 400, memory",
    "UNAVAILABLE, ServiceException, 500, Service error",
  })
  void classifies(Kind expected, String code, int status, String message) {
    AwsException error = translate(code, status, message);

    assertThat(error.kind()).isEqualTo(expected);
    assertThat(error.code()).isEqualTo(code);
    assertThat(error.getMessage()).contains("lambda:CreateFunction of feast-x").contains(message);
  }

  @Test
  void takesABrokenConnectionForAFaultThatPasses() {
    var error =
        AwsErrors.translate(
            "call",
            List.of(),
            SdkClientException.create(
                "Received an UnknownHostException", new UnknownHostException()));

    assertThat(error.kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(error.code()).isEqualTo("UnknownHostException");
  }

  @Test
  void tellsMissingCredentialsFromABrokenConnection() {
    var error =
        AwsErrors.translate(
            "call",
            List.of(),
            SdkClientException.create("Unable to load credentials from any of the providers"));

    assertThat(error.kind()).isEqualTo(Kind.CREDENTIALS);
  }

  @Test
  void showsNoValueOfAnEnvironmentInMessageOrCause() {
    AwsException error =
        translate(
            "InvalidParameterValueException",
            400,
            "hunter2 is wrong. It exceeded the 4KB limit. String measured: {\"TOKEN\":\"hunter2\"}",
            Environment.of(Map.of("TOKEN", "hunter2")));

    assertThat(error.getMessage()).contains("4KB").doesNotContain("hunter2");
    assertThat(error.getCause()).isNull();
  }

  private static AwsException translate(
      String code, int status, String message, Environment... secret) {
    return AwsErrors.translate(
        "lambda:CreateFunction of feast-x",
        List.of(secret),
        LambdaException.builder()
            .statusCode(status)
            .message(message)
            .awsErrorDetails(
                AwsErrorDetails.builder().errorCode(code).errorMessage(message).build())
            .build());
  }
}
