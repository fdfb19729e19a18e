package dev.feast.aws.operator.aws;

import dev.feast.aws.operator.metrics.Recorder;
import software.amazon.awssdk.core.metrics.CoreMetric;
import software.amazon.awssdk.metrics.MetricCollection;
import software.amazon.awssdk.metrics.MetricPublisher;

/**
 * Counts what AWS throttles. The SDK tries reads again by itself and tells of such an attempt only
 * here.
 */
final class ThrottleMeter implements MetricPublisher {

  /** The SDK's own word for it; a call has one collection, and that one for each attempt. */
  private static final String THROTTLING = "Throttling";

  private final Recorder recorder;

  ThrottleMeter(Recorder recorder) {
    this.recorder = recorder;
  }

  @Override
  public void publish(MetricCollection call) {
    for (MetricCollection attempt : call.children()) {
      if (attempt.metricValues(CoreMetric.ERROR_TYPE).contains(THROTTLING)) {
        recorder.throttled(
            CallMeter.service(call.metricValues(CoreMetric.SERVICE_ID).getFirst()),
            call.metricValues(CoreMetric.OPERATION_NAME).getFirst());
      }
    }
  }

  @Override
  public void close() {}
}
