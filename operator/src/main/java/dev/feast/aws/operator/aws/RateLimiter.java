package dev.feast.aws.operator.aws;

import dev.feast.aws.operator.metrics.Recorder;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import software.amazon.awssdk.awscore.AwsExecutionAttribute;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;

/**
 * Makes each attempt of a client take a token first, reads as much as changes.
 *
 * <p>The first attempt's is taken before the call begins and so before its timeout runs: with many
 * FeatureServers the turn may come later than any call may last. The SDK's own retries take theirs
 * before they are sent.
 */
final class RateLimiter implements ExecutionInterceptor {

  /** The limiters of one account and region, shared by all clients of a service. */
  record Services(RateLimiter lambda, RateLimiter apiGateway, RateLimiter ecr, RateLimiter logs) {
    static Services of(RateLimits limits, InstantSource clock, Recorder recorder) {
      return new Services(
          new RateLimiter(
              perSecond(limits.lambda(), clock),
              Map.of(
                  "GetFunction", perSecond(limits.lambdaGetFunction(), clock),
                  "GetPolicy", perSecond(limits.lambdaGetPolicy(), clock)),
              recorder),
          new RateLimiter(
              new TokenBucket(limits.apiGateway(), limits.apiGatewayBurst(), clock),
              Map.of(),
              recorder),
          RateLimiter.of(limits.ecr(), clock, recorder),
          RateLimiter.of(RateLimits.LOGS, clock, recorder));
    }
  }

  /** One bucket for all operations. */
  static RateLimiter of(double rate, InstantSource clock, Recorder recorder) {
    return new RateLimiter(perSecond(rate, clock), Map.of(), recorder);
  }

  /**
   * Is no call of the control plane: AWS counts it against the function's concurrency (Lambda
   * quotas), and a token for it would be one less for what is limited.
   */
  private static final String INVOKE = "Invoke";

  /** Whether the call's first attempt still has the token that was taken for it. */
  private static final ExecutionAttribute<Boolean> UNUSED =
      new ExecutionAttribute<>(RateLimiter.class.getName() + ".unused");

  private final TokenBucket rest;
  private final Map<String, TokenBucket> byOperation;
  private final Recorder recorder;

  /**
   * @param rest for all operations that have no bucket of their own
   * @param recorder is told how long each attempt waited
   */
  RateLimiter(TokenBucket rest, Map<String, TokenBucket> byOperation, Recorder recorder) {
    this.rest = rest;
    this.byOperation = byOperation;
    this.recorder = recorder;
  }

  @Override
  public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
    takeToken(attributes);
    attributes.putAttribute(UNUSED, true);
  }

  @Override
  public void beforeTransmission(
      Context.BeforeTransmission context, ExecutionAttributes attributes) {
    if (Boolean.TRUE.equals(attributes.getAttribute(UNUSED))) {
      attributes.putAttribute(UNUSED, false);
    } else {
      takeToken(attributes);
    }
  }

  private void takeToken(ExecutionAttributes attributes) {
    String operation = attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME);
    if (INVOKE.equals(operation)) {
      return;
    }
    try {
      Duration waited = byOperation.getOrDefault(operation, rest).acquire();
      recorder.waitedForToken(
          CallMeter.service(attributes.getAttribute(SdkExecutionAttribute.SERVICE_NAME)),
          attributes.getAttribute(AwsExecutionAttribute.AWS_REGION).id(),
          waited);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw AbortedException.create("Stopped while it waited for its turn", e);
    }
  }

  /** Without a burst: that many at once and as many again while the bucket fills would be twice. */
  private static TokenBucket perSecond(double rate, InstantSource clock) {
    return new TokenBucket(rate, 1, clock);
  }
}
