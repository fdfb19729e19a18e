package dev.feast.aws.operator.controller;

import dev.feast.aws.operator.aws.AwsRegions;
import dev.feast.aws.operator.config.OperatorSettings;
import dev.feast.aws.operator.deploy.Deployer;
import dev.feast.aws.operator.deploy.EndpointProbe;
import dev.feast.aws.operator.deploy.HttpEndpointProbe;
import dev.feast.aws.operator.deploy.Observer;
import dev.feast.aws.operator.deploy.Pace;
import dev.feast.aws.operator.metrics.FeatureServerState;
import dev.feast.aws.operator.metrics.Observed;
import dev.feast.aws.operator.metrics.OperatorMetrics;
import dev.feast.aws.operator.metrics.Recorder;
import dev.feast.aws.operator.plan.Planner;
import dev.feast.aws.operator.status.KubernetesEvents;
import dev.feast.aws.operator.status.StatusReport;
import dev.feast.aws.operator.validation.FeatureServerValidator;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.ConfigurationServiceOverrider;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntConsumer;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The operator put together and running. */
public final class OperatorProcess implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OperatorProcess.class);
  private static final int LOST_LEADERSHIP = 1;

  /** Those of Kubernetes' own controllers: a standby takes over within 15 s. */
  private static final Duration LEASE_DURATION = Duration.ofSeconds(15);

  private static final Duration RENEW_DEADLINE = Duration.ofSeconds(10);
  private static final Duration RETRY_PERIOD = Duration.ofSeconds(2);

  /** A pass that is under way when the operator stops may finish the call that it makes. */
  private static final Duration TERMINATION = Duration.ofSeconds(20);

  private static final Duration LONGEST_BACKOFF = Duration.ofMinutes(5);

  /**
   * How quickly it acts.
   *
   * @param firstBackoff the first wait after an error of AWS
   * @param deployment waits of a deployment
   * @param linger how long the webhook of one that stops still answers: until then API servers may
   *     not know that it is to go. With {@link #TERMINATION} less than the 30 s that a Pod has
   */
  public record Tempo(Duration firstBackoff, Pace deployment, Duration linger) {
    public static final Tempo PRODUCTION =
        new Tempo(Duration.ofSeconds(1), Pace.PRODUCTION, Duration.ofSeconds(5));
  }

  /** Enough that a few long ones do not matter; each waits in turn for AWS' rate limits. */
  private static final int MOST_PASSES = 50;

  private final Operator operator;
  private final OperatorSettings settings;
  private final Duration linger;
  private final KubernetesClient client;
  private final IntConsumer halt;
  private final ReferenceWatches watches;
  private final Passes passes;
  private final EndpointProbe endpoints;
  private final FeatureServers featureServers = new FeatureServers();
  private final Recorder recorder;
  private final @Nullable Webhook webhook;
  private final HealthServer health;
  private volatile boolean leads;
  private volatile boolean stopping;

  /**
   * Starts it; it reconciles when this returns, or once it is elected.
   *
   * @throws IOException when a port is taken
   */
  public OperatorProcess(
      OperatorSettings settings,
      KubernetesClient client,
      AwsRegions regions,
      Images images,
      Tempo tempo,
      InstantSource clock,
      OperatorMetrics metrics)
      throws IOException {
    this(settings, client, regions, images, tempo, clock, metrics, Runtime.getRuntime()::halt);
  }

  /**
   * @param halt ends this process at once, whatever is under way in it
   */
  OperatorProcess(
      OperatorSettings settings,
      KubernetesClient client,
      AwsRegions regions,
      Images images,
      Tempo tempo,
      InstantSource clock,
      OperatorMetrics metrics,
      IntConsumer halt)
      throws IOException {
    this.settings = settings;
    this.linger = tempo.linger();
    this.recorder = metrics;
    this.client = client;
    this.halt = halt;
    String clusterId = settings.clusterId() == null ? ClusterId.of(client) : settings.clusterId();
    RandomGenerator random = RandomGenerator.getDefault();
    this.watches = new ReferenceWatches(client);
    this.passes = new Passes(MOST_PASSES);
    this.endpoints = settings.endpointProbe() ? new HttpEndpointProbe() : EndpointProbe.NONE;
    var planner = new Planner();
    var pipeline =
        new Pipeline(
            clusterId,
            new ReferenceReader(client),
            new FeatureServerValidator(),
            settings.policy(),
            regions,
            images,
            new Observer(),
            planner,
            new Deployer(planner, tempo.deployment(), clock, recorder),
            endpoints,
            passes,
            tempo.deployment(),
            clock);
    var events = new KubernetesEvents(client, settings.identity(), clock);
    var reconciler =
        new FeatureServerReconciler(
            pipeline,
            new StatusReport(clock),
            events,
            new Timing(settings.resyncInterval(), tempo.firstBackoff(), LONGEST_BACKOFF, random),
            watches,
            new StatusWriter(client),
            featureServers,
            settings.clientConfigMaps() ? new ClientConfigMaps(client, events) : ClientConfigs.NONE,
            recorder);
    this.operator = new Operator(this::configure);
    operator.register(
        reconciler,
        override -> {
          override.withRetry(new JitteredRetry(random));
          override.withGenerationAware(false).withOnUpdateFilter(new RelevantUpdates());
          if (settings.namespaces().isEmpty()) {
            override.watchingAllNamespaces();
          } else {
            override.settingNamespaces(settings.namespaces());
          }
        });
    metrics.observe(new Now());
    this.webhook =
        settings.webhook() == null
            ? null
            : Webhook.start(settings.webhook(), settings, client, metrics, clock);
    this.health =
        new HealthServer(
            settings.healthPort(),
            operator::getRuntimeInfo,
            () -> webhook == null ? Optional.empty() : webhook.problem(),
            metrics);
    operator.start();
    if (!settings.leaderElection()) {
      leads = true;
    }
  }

  /** Where the webhook is; empty where none is served. */
  public OptionalInt webhookPort() {
    return webhook == null ? OptionalInt.empty() : OptionalInt.of(webhook.port());
  }

  /** Where {@code /healthz}, {@code /readyz} and {@code /metrics} are. */
  public int healthPort() {
    return health.port();
  }

  /**
   * Stops: begins no pass any more, lets those under way finish, and then lets go of the Lease, so
   * that a standby takes over within seconds. The webhook answers for a while still.
   */
  @Override
  public void close() {
    stopping = true;
    operator.stop();
    leads = false;
    watches.close();
    passes.threads().shutdownNow();
    endpoints.close();
    health.close();
    if (settings.leaderElection()) {
      releaseLease();
    }
    if (webhook != null) {
      webhook.close(linger);
    }
  }

  /** JOSDK never does so by itself: a standby would wait until the Lease has run out. */
  private void releaseLease() {
    try {
      Lease lease =
          client
              .leases()
              .inNamespace(settings.leaseNamespace())
              .withName(settings.leaseName())
              .get();
      if (lease != null && settings.identity().equals(lease.getSpec().getHolderIdentity())) {
        String seen = lease.getMetadata().getResourceVersion();
        lease.getSpec().setHolderIdentity("");
        client.resource(lease).lockResourceVersion(seen).update();
      }
    } catch (KubernetesClientException e) {
      LOG.warn("The Lease could not be let go of; it runs out by itself: {}", e.getMessage());
    }
  }

  /**
   * Another replica leads now: this one must not go on, and starts anew as a standby. An orderly
   * stop would let passes under way go on beside the new leader's.
   */
  private void stoppedLeading() {
    leads = false;
    if (!stopping) {
      LOG.error("This replica no longer leads; it ends, to be started again as a standby");
      halt.accept(LOST_LEADERSHIP);
    }
  }

  private void configure(ConfigurationServiceOverrider overrider) {
    overrider
        .withKubernetesClient(client)
        .withCloseClientOnStop(false)
        .withExecutorService(passes.threads())
        .withMetrics(new ReconcileTriggers(recorder))
        .withReconciliationTerminationTimeout(TERMINATION)
        // Patches as the mock API server knows them: what is tested is what runs.
        .withUseSSAToPatchPrimaryResource(false)
        .withStopOnInformerErrorDuringStartup(true);
    if (settings.leaderElection()) {
      overrider.withLeaderElectionConfiguration(
          LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration(settings.leaseName())
              .withLeaseNamespace(settings.leaseNamespace())
              .withIdentity(settings.identity())
              .withLeaseDuration(LEASE_DURATION)
              .withRenewDeadline(RENEW_DEADLINE)
              .withRetryPeriod(RETRY_PERIOD)
              // JOSDK's own exit would wait for the shutdown that this process is stopped in.
              .withExitOnStopLeading(false)
              .withLeaderCallbacks(
                  new LeaderCallbacks(() -> leads = true, this::stoppedLeading, identity -> {}))
              .build());
    }
  }

  /** What a scrape finds. A standby tells of no FeatureServer, or sums would have each twice. */
  private final class Now implements Observed {
    @Override
    public boolean leads() {
      return leads;
    }

    @Override
    public int running() {
      return passes.running();
    }

    @Override
    public int waiting() {
      return passes.waiting();
    }

    @Override
    public Stream<FeatureServerState> featureServers() {
      return leads ? featureServers.states() : Stream.empty();
    }
  }
}
