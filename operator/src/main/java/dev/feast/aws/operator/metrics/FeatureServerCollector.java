package dev.feast.aws.operator.metrics;

import dev.feast.aws.operator.metrics.FeatureServerState.Progress;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The gauges of FeatureServers, made anew in each scrape from what the operator knows of them
 * anyway: nothing has to be taken back when one goes, and one that went leaves no series.
 */
final class FeatureServerCollector implements MultiCollector {
  private static final String COUNT = "feast_operator_featureservers";
  private static final String READY = "feast_operator_featureserver_ready";
  private static final String REGISTRY =
      "feast_operator_featureserver_registry_updated_timestamp_seconds";

  private final Supplier<Stream<FeatureServerState>> featureServers;

  FeatureServerCollector(Supplier<Stream<FeatureServerState>> featureServers) {
    this.featureServers = featureServers;
  }

  @Override
  public List<String> getPrometheusNames() {
    return List.of(COUNT, READY, REGISTRY);
  }

  @Override
  public MetricSnapshots collect() {
    Map<Labels, Integer> counts = new HashMap<>();
    var count =
        GaugeSnapshot.builder()
            .name(COUNT)
            .help("FeatureServers by their Ready condition and by whether work goes on.");
    var ready =
        GaugeSnapshot.builder()
            .name(READY)
            .help(
                "1 while the FeatureServer's endpoint serves, be it a former generation; else 0,"
                    + " and nothing while it is not to serve.");
    var registry =
        GaugeSnapshot.builder()
            .name(REGISTRY)
            .help(
                "When Feast's registry was last written, as the version that serves reported it"
                    + " when it was probed.");
    featureServers
        .get()
        .forEach(
            server -> {
              counts.merge(state(server), 1, Integer::sum);
              Labels which = Labels.of("namespace", server.namespace(), "name", server.name());
              if (server.ready() || server.progress() != Progress.OFF) {
                ready.dataPoint(point(which, server.ready() ? 1 : 0));
              }
              if (server.registryUpdated() != null) {
                registry.dataPoint(point(which, server.registryUpdated().getEpochSecond()));
              }
            });
    counts.forEach((state, number) -> count.dataPoint(point(state, number)));
    return MetricSnapshots.of(count.build(), ready.build(), registry.build());
  }

  private static Labels state(FeatureServerState server) {
    return Labels.of(
        "ready",
        Boolean.toString(server.ready()),
        "state",
        server.progress().name().toLowerCase(Locale.ROOT),
        "reason",
        server.reason());
  }

  private static GaugeDataPointSnapshot point(Labels labels, double value) {
    return GaugeDataPointSnapshot.builder().labels(labels).value(value).build();
  }
}
