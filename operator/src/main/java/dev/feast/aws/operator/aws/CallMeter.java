package dev.feast.aws.operator.aws;

import dev.feast.aws.operator.metrics.Recorder;
import java.time.Duration;
import java.util.Locale;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;

/** Measures each call of a client. Behind its {@link RateLimiter}, whose wait is not the call's. */
final class CallMeter implements ExecutionInterceptor {
  private static final ExecutionAttribute<Long> BEGUN =
      new ExecutionAttribute<>(CallMeter.class.getName() + ".begun");

  private final Recorder recorder;

  CallMeter(Recorder recorder) {
    this.recorder = recorder;
  }

  @Override
  public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
    attributes.putAttribute(BEGUN, System.nanoTime());
  }

  @Override
  public void afterExecution(Context.AfterExecution context, ExecutionAttributes attributes) {
    ended(attributes, "ok");
  }

  @Override
  public void onExecutionFailure(Context.FailedExecution context, ExecutionAttributes attributes) {
    ended(attributes, AwsErrors.kind(context.exception()).name().toLowerCase(Locale.ROOT));
  }

  private void ended(ExecutionAttributes attributes, String result) {
    recorder.called(
        service(attributes.getAttribute(SdkExecutionAttribute.SERVICE_NAME)),
        attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME),
        result,
        Duration.ofNanos(System.nanoTime() - attributes.getAttribute(BEGUN)));
  }

  /**
   * The label of a service.
   *
   * @param id as the SDK has it, such as "ApiGatewayV2"
   */
  static String service(String id) {
    return id.toLowerCase(Locale.ROOT);
  }
}
