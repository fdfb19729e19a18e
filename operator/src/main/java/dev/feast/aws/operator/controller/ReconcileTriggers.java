package dev.feast.aws.operator.controller;

import dev.feast.aws.operator.metrics.Recorder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.javaoperatorsdk.operator.api.reconciler.RetryInfo;
import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.source.controller.ResourceEvent;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What only JOSDK knows: why a pass is made. Its own binding to Micrometer tells more, but below
 * names that have the controller's in them and with a series for each resource.
 */
final class ReconcileTriggers implements Metrics {
  private final Recorder recorder;

  ReconcileTriggers(Recorder recorder) {
    this.recorder = recorder;
  }

  @Override
  public void receivedEvent(Event event, Map<String, Object> metadata) {
    recorder.triggered(
        event instanceof ResourceEvent change
            ? change.getAction().name().toLowerCase(Locale.ROOT)
            : "trigger");
  }

  /**
   * @param retry null where the pass before did not throw
   */
  @Override
  public void reconcileCustomResource(
      HasMetadata resource, @Nullable RetryInfo retry, Map<String, Object> metadata) {
    if (retry != null) {
      recorder.retried();
    }
  }
}
