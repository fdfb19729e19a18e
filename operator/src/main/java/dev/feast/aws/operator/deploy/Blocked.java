package dev.feast.aws.operator.deploy;

import dev.feast.aws.operator.aws.AwsException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Why a deployment cannot go on now. It will be looked at again; nobody sleeps meanwhile.
 *
 * @param reason one word in CamelCase for programs
 * @param message a sentence for people: what was found and what to do
 * @param retryAfter when to look again; null where that should take longer each time
 */
public record Blocked(Stage stage, String reason, String message, @Nullable Duration retryAfter) {
  /** The reason while what is new in AWS is not known everywhere yet. */
  public static final String ENDPOINT_PENDING = "EndpointPending";

  static Blocked by(AwsException error, Stage stage) {
    return new Blocked(stage, reason(error), advice(error), null);
  }

  /** The reason that conditions give for an error of AWS. */
  public static String reason(AwsException error) {
    return switch (error.kind()) {
      case NOT_FOUND -> "AwsObjectMissing";
      case CONFLICT -> "AwsConflict";
      case THROTTLED -> "AwsThrottled";
      case UNAVAILABLE -> "AwsUnavailable";
      case NOT_YET -> "AwsNotReadyYet";
      case ROLE_NOT_ASSUMABLE -> "RoleNotAssumable";
      case IMAGE_NOT_READABLE -> "ImageNotReadable";
      case KEY_NOT_USABLE -> "KmsKeyNotUsable";
      case DENIED, LOG_DELIVERY_DENIED -> "AwsAccessDenied";
      case QUOTA -> "AwsQuotaExceeded";
      case CREDENTIALS -> "AwsCredentialsInvalid";
      case REFUSED, SNAPSHOT_UNUSABLE -> "AwsRefused";
    };
  }

  /** AWS' words, and what to do where somebody has to do something. */
  public static String advice(AwsException error) {
    String then =
        switch (error.kind()) {
          case NOT_FOUND, CONFLICT, THROTTLED, UNAVAILABLE, NOT_YET -> "";
          case ROLE_NOT_ASSUMABLE ->
              " A new role takes up to a minute to be known; if this stays, have the role's trust"
                  + " policy let Lambda's service principal do sts:AssumeRole.";
          case IMAGE_NOT_READABLE ->
              " Have the policy of the image's repository let Lambda's service principal do"
                  + " ecr:BatchGetImage and ecr:GetDownloadUrlForLayer.";
          case KEY_NOT_USABLE ->
              " Enable the KMS key that encrypts the function's environment, and let the function's"
                  + " role use it.";
          case DENIED -> " Allow the operator's role that action.";
          case LOG_DELIVERY_DENIED ->
              " Allow the operator's role logs:CreateLogDelivery, logs:GetLogDelivery,"
                  + " logs:UpdateLogDelivery, logs:DeleteLogDelivery, logs:ListLogDeliveries,"
                  + " logs:PutResourcePolicy, logs:DescribeResourcePolicies and"
                  + " logs:DescribeLogGroups (iam-policy operator --access-logs). Where it is:"
                  + " CloudWatch Logs' resource policy AWSLogDeliveryWrite20150319 may be full; a"
                  + " log group whose name starts with /aws/vendedlogs/ takes no place in it.";
          case QUOTA -> " Have the quota raised, or remove what is not needed.";
          case CREDENTIALS -> " Give the operator credentials that are valid.";
          case REFUSED, SNAPSHOT_UNUSABLE ->
              " Change what AWS refuses in the spec or in what it names.";
        };
    String said = String.valueOf(error.getMessage());
    return then.isEmpty() ? said : said + (said.endsWith(".") ? "" : ".") + then;
  }
}
