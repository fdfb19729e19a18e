package dev.feast.aws.operator.aws;

import java.time.InstantSource;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;

/**
 * The token buckets of one account and region. Sits before the transmission of each attempt, so
 * that the SDK's own retries count as well, and reads as much as changes.
 */
final class RateLimiter implements ExecutionInterceptor {
  private final TokenBucket lambda;
  private final TokenBucket lambdaGetFunction;
  private final TokenBucket lambdaGetPolicy;
  private final TokenBucket apiGateway;
  private final TokenBucket ecr;

  RateLimiter(RateLimits limits, InstantSource clock) {
    lambda = perSecond(limits.lambda(), clock);
    lambdaGetFunction = perSecond(limits.lambdaGetFunction(), clock);
    lambdaGetPolicy = perSecond(limits.lambdaGetPolicy(), clock);
    apiGateway = new TokenBucket(limits.apiGateway(), limits.apiGatewayBurst(), clock);
    ecr = perSecond(limits.ecr(), clock);
  }

  @Override
  public void beforeTransmission(
      Context.BeforeTransmission context, ExecutionAttributes attributes) {
    try {
      bucket(
              attributes.getAttribute(SdkExecutionAttribute.SERVICE_NAME),
              attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME))
          .acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw AbortedException.create("Stopped while it waited for its turn", e);
    }
  }

  TokenBucket bucket(String service, String operation) {
    return switch (service) {
      case "Lambda" ->
          switch (operation) {
            case "GetFunction" -> lambdaGetFunction;
            case "GetPolicy" -> lambdaGetPolicy;
            default -> lambda;
          };
      case "ApiGatewayV2" -> apiGateway;
      case "ECR" -> ecr;
      default -> throw new IllegalStateException("No rate limit is set for " + service);
    };
  }

  private static TokenBucket perSecond(double rate, InstantSource clock) {
    return new TokenBucket(rate, Math.max(1, (int) rate), clock);
  }
}
