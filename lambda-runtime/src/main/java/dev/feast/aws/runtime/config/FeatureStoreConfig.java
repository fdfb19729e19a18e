package dev.feast.aws.runtime.config;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What of feature_store.yaml matters to lookups.
 *
 * @param entityKeyVersion entity_key_serialization_version; null in the oldest stores, whose YAML
 *     does not say
 */
public record FeatureStoreConfig(
    String project,
    RegistryLocation registry,
    OnlineStoreConfig onlineStore,
    @Nullable Integer entityKeyVersion) {

  /**
   * Where the registry lies on S3.
   *
   * @param cacheTtl how long it is used without looking again; zero means for ever, as in Feast
   * @param versioning enable_online_feature_view_versioning: whether {@code view@v2:feature} is
   *     served, each version from a table of its own
   */
  public record RegistryLocation(
      String bucket, String key, Duration cacheTtl, boolean versioning) {}

  /**
   * The DynamoDB online store.
   *
   * @param batchSize keys in one BatchGetItem, 1 to 100
   * @param endpointUrl null for the region's own
   */
  public record OnlineStoreConfig(
      String region,
      TableNames tableNames,
      int batchSize,
      boolean consistentReads,
      @Nullable URI endpointUrl) {}

  public Optional<URI> endpointUrl() {
    return Optional.ofNullable(onlineStore.endpointUrl());
  }
}
