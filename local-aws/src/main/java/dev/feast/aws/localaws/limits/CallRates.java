package dev.feast.aws.localaws.limits;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which calls are limited, and to what. */
public enum CallRates {
  /** None. */
  NONE,

  /**
   * The default quotas of a new AWS account (Service Quotas; Lambda developer guide, "Lambda
   * quotas"; API Gateway developer guide, "Amazon API Gateway quotas"; Amazon ECR user guide,
   * "Amazon ECR service quotas"). What has none there is not limited: invocations, which count
   * against concurrency, and the operations of ECR that neither push nor pull. Lambda and ECR say
   * nothing of bursts: it is one second's calls here.
   */
  AWS;

  private static final CallRate LAMBDA = rate("lambda", 15);
  private static final CallRate API_GATEWAY = new CallRate("apigateway", 10, 40);

  private static final Map<String, CallRate> OWN =
      Stream.of(
              rate("lambda:GetFunction", 100),
              rate("lambda:GetPolicy", 15),
              rate("ecr:GetAuthorizationToken", 500),
              rate("ecr:BatchCheckLayerAvailability", 1_000),
              rate("ecr:InitiateLayerUpload", 100),
              rate("ecr:UploadLayerPart", 500),
              rate("ecr:CompleteLayerUpload", 100),
              rate("ecr:PutImage", 10),
              rate("ecr:BatchGetImage", 2_000),
              rate("ecr:GetDownloadUrlForLayer", 3_000))
          .collect(Collectors.toUnmodifiableMap(CallRate::group, Function.identity()));

  /**
   * The rate that an operation counts against; empty where it has none.
   *
   * @param service as in SigV4's credential scope
   * @param operation as in AWS's API reference
   */
  public Optional<CallRate> of(String service, String operation) {
    return switch (this) {
      case NONE -> Optional.empty();
      case AWS -> Optional.ofNullable(aws(service, operation));
    };
  }

  private static @Nullable CallRate aws(String service, String operation) {
    CallRate own = OWN.get(service + ":" + operation);
    if (own != null) {
      return own;
    }
    return switch (service) {
      case "lambda" -> operation.equals("Invoke") ? null : LAMBDA;
      case "apigateway" -> API_GATEWAY;
      default -> null;
    };
  }

  private static CallRate rate(String group, int perSecond) {
    return new CallRate(group, perSecond, perSecond);
  }
}
