package dev.feast.aws.operator.config;

import ch.qos.logback.classic.Level;
import dev.feast.aws.operator.aws.RateLimits;
import dev.feast.aws.operator.policy.TenantPolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The operator's settings, checked.
 *
 * @param namespaces whose FeatureServers are reconciled; empty: all
 * @param clusterId null: the UID of the namespace kube-system
 * @param runtimeImage OCI layout of the runtime that ships with the operator
 * @param resyncInterval how often a FeatureServer is compared with AWS when nothing happens
 * @param endpointProbe whether the operator asks endpoints over HTTP what they answer
 * @param clientConfigMaps whether a ConfigMap for the Feast SDK is kept beside each FeatureServer
 * @param leaderElection whether several replicas elect one that works
 * @param leaseNamespace where their Lease lies
 * @param leaseName of those that elect one among them, and of no others in that namespace
 * @param identity this replica among them; also the instance that reports Events
 * @param policy what FeatureServers may ask for
 * @param healthPort of {@code /healthz}, {@code /readyz} and {@code /metrics}; 0 takes a free one
 * @param webhook null: none is served
 */
public record OperatorSettings(
    Set<String> namespaces,
    @Nullable String clusterId,
    Path runtimeImage,
    Duration resyncInterval,
    boolean endpointProbe,
    boolean clientConfigMaps,
    boolean leaderElection,
    String leaseNamespace,
    String leaseName,
    String identity,
    int healthPort,
    @Nullable WebhookSettings webhook,
    Level logLevel,
    RateLimits rateLimits,
    TenantPolicy policy) {}
