package dev.feast.aws.operator.aws;

import dev.feast.aws.operator.aws.AwsException.Kind;
import dev.feast.aws.operator.model.Environment;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.exception.SdkServiceException;

/** What each error of AWS means. The only place that looks at an error's code or text. */
final class AwsErrors {
  private static final Set<String> NOT_FOUND =
      Set.of(
          "ResourceNotFoundException",
          "NotFoundException",
          "RepositoryNotFoundException",
          "RepositoryPolicyNotFoundException",
          "ImageNotFoundException");

  private static final Set<String> CONFLICT =
      Set.of(
          "ResourceConflictException",
          "ConflictException",
          "PreconditionFailedException",
          "OperationAbortedException",
          "ResourceAlreadyExistsException",
          "RepositoryAlreadyExistsException");

  private static final Set<String> THROTTLED =
      Set.of(
          "Throttling",
          "ThrottlingException",
          "ThrottledException",
          "TooManyRequestsException",
          "RequestLimitExceeded",
          "RequestThrottled",
          "SlowDown");

  /** Quotas of Lambda, API Gateway and ECR; asking again helps only after somebody made room. */
  private static final Set<String> QUOTA =
      Set.of(
          "CodeStorageExceededException",
          "LimitExceededException",
          "ServiceQuotaExceededException",
          "PolicyLengthExceededException");

  private static final Set<String> CREDENTIALS =
      Set.of(
          "ExpiredToken",
          "ExpiredTokenException",
          "InvalidClientTokenId",
          "InvalidSignatureException",
          "SignatureDoesNotMatch",
          "UnrecognizedClientException",
          "IncompleteSignature",
          "MissingAuthenticationToken");

  private static final Set<String> DENIED =
      Set.of(
          "AccessDenied",
          "AccessDeniedException",
          "ForbiddenException",
          "UnauthorizedOperation",
          "OptInRequired");

  /**
   * Lambda's 409 for the first invoke of an idle image function (boto3#3788); the SDK has no class
   * for it.
   */
  private static final Set<String> NOT_YET =
      Set.of(
          "CodeArtifactUserPendingException",
          "ResourceNotReadyException",
          "SnapStartNotReadyException");

  /** What Lambda answers to an invoke whose after-restore hook failed, or took too long. */
  private static final Set<String> SNAPSHOT_UNUSABLE =
      Set.of("SnapStartException", "SnapStartTimeoutException");

  /** Lambda answers with 502 to an invoke whose environment it may not decrypt. */
  private static final Set<String> KEY_NOT_USABLE =
      Set.of(
          "KMSAccessDeniedException",
          "KMSDisabledException",
          "KMSInvalidStateException",
          "KMSNotFoundException");

  /** Lambda's own words, below a code that says no more than "invalid". */
  private static final String ROLE_NOT_ASSUMABLE = "cannot be assumed by lambda";

  /** Lambda's own words, below the code of a permission that the caller lacks. */
  private static final String IMAGE_NOT_READABLE =
      "lambda does not have permission to access the ecr image";

  /** API Gateway's own words, below a code that says no more than "bad request". */
  private static final String NO_LOG_DELIVERY = "insufficient permissions to enable logging";

  /** What follows is the whole environment with its values. */
  private static final String ECHO = "String measured";

  private AwsErrors() {}

  /**
   * Makes a call and translates what it throws.
   *
   * @param what the call for people, as in "lambda:CreateFunction of feast-team-dev-1a2b3c"
   */
  static <T> T translating(String what, Supplier<T> call) {
    return translating(what, List.of(), call);
  }

  /**
   * @param secret environments whose values must not show in an error's message
   */
  static <T> T translating(String what, List<Environment> secret, Supplier<T> call) {
    try {
      return call.get();
    } catch (SdkException e) {
      throw translate(what, secret, e);
    }
  }

  /** Empty where the object is not there. */
  static <T> Optional<T> ifFound(String what, Supplier<T> call) {
    try {
      return Optional.of(translating(what, call));
    } catch (AwsException e) {
      if (e.kind() == Kind.NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  static AwsException translate(String what, List<Environment> secret, SdkException error) {
    String code = code(error);
    String text = text(error);
    Kind kind = kind(error, code, text);
    return new AwsException(kind, code, what + ": " + code + ": " + safe(text, secret), error);
  }

  /**
   * An error that a service tells of inside an answer that is otherwise fine.
   *
   * @param code AWS' error code
   */
  static AwsException partial(String what, String code, String message) {
    return translate(
        what,
        List.of(),
        AwsServiceException.builder()
            .message(message)
            .awsErrorDetails(
                AwsErrorDetails.builder().errorCode(code).errorMessage(message).build())
            .build());
  }

  /** What an error of the SDK means, whatever was asked. */
  static Kind kind(Throwable error) {
    return error instanceof SdkException sdk
        ? kind(sdk, code(sdk), text(sdk))
        : Kind.UNAVAILABLE; // Something in the SDK itself.
  }

  private static Kind kind(SdkException error, String code, String text) {
    if (error instanceof AbortedException) {
      return Kind.UNAVAILABLE; // The operator is stopping.
    }
    if (error instanceof SdkClientException) {
      return text.contains("credentials") ? Kind.CREDENTIALS : Kind.UNAVAILABLE;
    }
    int status = error instanceof SdkServiceException service ? service.statusCode() : 0;
    if (THROTTLED.contains(code) || status == 429) {
      // ECR and API Gateway also say so of quotas, which waiting does not lift.
      return code.equals("TooManyRequestsException")
              && text.toLowerCase(Locale.ROOT).contains("limit exceeded")
          ? Kind.QUOTA
          : Kind.THROTTLED;
    }
    if (NOT_FOUND.contains(code)) {
      return Kind.NOT_FOUND;
    }
    if (KEY_NOT_USABLE.contains(code)) {
      return Kind.KEY_NOT_USABLE;
    }
    if (SNAPSHOT_UNUSABLE.contains(code)) {
      return Kind.SNAPSHOT_UNUSABLE;
    }
    if (NOT_YET.contains(code)) {
      return Kind.NOT_YET;
    }
    if (text.toLowerCase(Locale.ROOT).contains(ROLE_NOT_ASSUMABLE)) {
      return Kind.ROLE_NOT_ASSUMABLE;
    }
    if (text.toLowerCase(Locale.ROOT).contains(IMAGE_NOT_READABLE)) {
      return Kind.IMAGE_NOT_READABLE;
    }
    if (text.toLowerCase(Locale.ROOT).contains(NO_LOG_DELIVERY)) {
      return Kind.LOG_DELIVERY_DENIED;
    }
    if (CONFLICT.contains(code)) {
      return Kind.CONFLICT;
    }
    if (QUOTA.contains(code)) {
      return Kind.QUOTA;
    }
    if (CREDENTIALS.contains(code)) {
      return Kind.CREDENTIALS;
    }
    if (DENIED.contains(code) || status == 403) {
      return Kind.DENIED;
    }
    return status >= 500 || status == 0 ? Kind.UNAVAILABLE : Kind.REFUSED;
  }

  /** AWS' own words, or the SDK's where no answer came. */
  private static String text(SdkException error) {
    String text = Optional.ofNullable(error.getMessage()).orElse(error.getClass().getSimpleName());
    return error instanceof AwsServiceException service && service.awsErrorDetails() != null
        ? Optional.ofNullable(service.awsErrorDetails().errorMessage()).orElse(text)
        : text;
  }

  private static String code(SdkException error) {
    if (error instanceof AwsServiceException service
        && service.awsErrorDetails() != null
        && service.awsErrorDetails().errorCode() != null) {
      return service.awsErrorDetails().errorCode();
    }
    Throwable cause = error;
    while (cause.getCause() != null && cause.getCause() != cause) {
      cause = cause.getCause();
    }
    return cause.getClass().getSimpleName();
  }

  private static String safe(String text, List<Environment> secret) {
    int echo = text.indexOf(ECHO);
    String safe = echo < 0 ? text : text.substring(0, echo).strip();
    return Environment.masking(secret, safe);
  }
}
