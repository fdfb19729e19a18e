package dev.feast.aws.operator.metrics;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmInfoMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Everything that the operator measures, for Prometheus. docs/metrics.md lists it; only this
 * package knows by which library.
 */
public final class OperatorMetrics implements Recorder, AutoCloseable {

  /** From a pass that finds nothing to do to one that copies an image. */
  private static final Duration[] PASSES =
      seconds(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300);

  /** The longest is the timeout of a call. */
  private static final Duration[] CALLS = seconds(0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60);

  /**
   * A scrape, in the format that was asked for.
   *
   * @param contentType with its charset
   */
  public record Exposition(String contentType, byte[] body) {}

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT, new PrometheusRegistry(), Clock.SYSTEM);
  private final ExpositionFormats formats = ExpositionFormats.init();
  private final JvmGcMetrics collections = new JvmGcMetrics();
  private volatile Observed observed = Nothing.YET;

  private final Map<PassResult, Timer> passes = new EnumMap<>(PassResult.class);
  private final Counter retries;
  private final MeterProvider<Counter> triggers;
  private final MeterProvider<Counter> calls;
  private final MeterProvider<Timer> callDurations;
  private final MeterProvider<Counter> throttles;
  private final MeterProvider<Timer> waits;
  private final MeterProvider<Counter> changes;
  private final Counter passedProbes;
  private final Counter failedProbes;
  private final Counter rollouts;
  private final Counter heldBack;
  private final Map<Verdict, Counter> admissions = new EnumMap<>(Verdict.class);

  public OperatorMetrics() {
    for (PassResult result : PassResult.values()) {
      passes.put(
          result,
          Timer.builder("feast.operator.reconcile.duration")
              .description("Passes over FeatureServers, by what they came to.")
              .tag("result", label(result))
              .serviceLevelObjectives(PASSES)
              .register(registry));
    }
    retries =
        Counter.builder("feast.operator.reconcile.retries")
            .description("Passes that were made again because the one before threw.")
            .register(registry);
    triggers =
        Counter.builder("feast.operator.events")
            .description("Reasons to look at a FeatureServer, by what happened.")
            .withRegistry(registry);
    calls =
        Counter.builder("feast.operator.aws.calls")
            .description("Calls to AWS, by their result: ok, or the kind of error.")
            .withRegistry(registry);
    callDurations =
        Timer.builder("feast.operator.aws.call.duration")
            .description(
                "How long calls to AWS took, with the SDK's retries and without the first wait for"
                    + " a token.")
            .serviceLevelObjectives(CALLS)
            .withRegistry(registry);
    throttles =
        Counter.builder("feast.operator.aws.throttles")
            .description("Attempts of calls that AWS answered with \"too many\".")
            .withRegistry(registry);
    waits =
        Timer.builder("feast.operator.aws.token.wait")
            .description("How long attempts of calls waited for the operator's own rate limit.")
            .withRegistry(registry);
    changes =
        Counter.builder("feast.operator.changes")
            .description("Steps that changed something in AWS.")
            .withRegistry(registry);
    passedProbes = probes("passed");
    failedProbes = probes("failed");
    for (Verdict verdict : Verdict.values()) {
      admissions.put(
          verdict,
          Counter.builder("feast.operator.admissions")
              .description("Changes of FeatureServers that the webhook was asked about.")
              .tag("result", label(verdict))
              .register(registry));
    }
    rollouts = rollouts("live");
    heldBack = rollouts("held_back");
    gauge("leader", "1 on the replica that works, 0 on a standby.", now -> now.leads() ? 1 : 0);
    gauge("reconciles.running", "Passes that are under way.", Observed::running);
    gauge(
        "reconciles.waiting",
        "FeatureServers whose pass waits for another one to end.",
        Observed::waiting);
    String version = OperatorMetrics.class.getPackage().getImplementationVersion();
    Gauge.builder("feast.operator.build.info", () -> 1)
        .description("The operator's version.")
        .tag("version", version == null ? "unknown" : version)
        .register(registry);
    registry
        .getPrometheusRegistry()
        .register(new FeatureServerCollector(() -> observed.featureServers()));
    bindJvm();
  }

  /** From now on scrapes ask that one. */
  public void observe(Observed now) {
    observed = now;
  }

  /**
   * Everything as it is now.
   *
   * @param accept the request's header of that name
   */
  public Exposition scrape(@Nullable String accept) throws IOException {
    ExpositionFormatWriter writer = formats.findWriter(accept);
    var body = new ByteArrayOutputStream();
    writer.write(body, registry.getPrometheusRegistry().scrape());
    return new Exposition(writer.getContentType(), body.toByteArray());
  }

  @Override
  public void close() {
    collections.close();
    registry.close();
  }

  @Override
  public void passed(PassResult result, Duration took) {
    Timer timer = passes.get(result);
    if (timer != null) {
      timer.record(took);
    }
  }

  @Override
  public void retried() {
    retries.increment();
  }

  @Override
  public void triggered(String kind) {
    triggers.withTag("kind", kind).increment();
  }

  @Override
  public void called(String service, String operation, String result, Duration took) {
    calls.withTags("service", service, "operation", operation, "result", result).increment();
    callDurations.withTags("service", service, "operation", operation).record(took);
  }

  @Override
  public void throttled(String service, String operation) {
    throttles.withTags("service", service, "operation", operation).increment();
  }

  @Override
  public void waitedForToken(String service, String region, Duration waited) {
    waits.withTags("service", service, "region", region).record(waited);
  }

  @Override
  public void changed(String action) {
    changes.withTag("action", action).increment();
  }

  @Override
  public void probed(boolean passed) {
    (passed ? passedProbes : failedProbes).increment();
  }

  @Override
  public void rolledOut() {
    rollouts.increment();
  }

  @Override
  public void heldBack() {
    heldBack.increment();
  }

  @Override
  public void admitted(Verdict verdict) {
    Counter counter = admissions.get(verdict);
    if (counter != null) {
      counter.increment();
    }
  }

  private Counter probes(String result) {
    return Counter.builder("feast.operator.probes")
        .description("Probes of versions that have no traffic yet.")
        .tag("result", result)
        .register(registry);
  }

  private Counter rollouts(String result) {
    return Counter.builder("feast.operator.rollouts")
        .description(
            "Versions that got the traffic (live), and those whose first probe failed, so that the"
                + " one before keeps it (held_back).")
        .tag("result", result)
        .register(registry);
  }

  private void gauge(String name, String description, ToDoubleFunction<Observed> value) {
    Gauge.builder("feast.operator." + name, () -> value.applyAsDouble(observed))
        .description(description)
        .register(registry);
  }

  private void bindJvm() {
    new JvmInfoMetrics().bindTo(registry);
    new JvmMemoryMetrics().bindTo(registry);
    collections.bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ClassLoaderMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
  }

  private static String label(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static Duration[] seconds(double... seconds) {
    return Arrays.stream(seconds)
        .mapToObj(each -> Duration.ofMillis(Math.round(1_000 * each)))
        .toArray(Duration[]::new);
  }

  /** Before the operator runs. */
  private enum Nothing implements Observed {
    YET;

    @Override
    public boolean leads() {
      return false;
    }

    @Override
    public int running() {
      return 0;
    }

    @Override
    public int waiting() {
      return 0;
    }

    @Override
    public Stream<FeatureServerState> featureServers() {
      return Stream.empty();
    }
  }
}
