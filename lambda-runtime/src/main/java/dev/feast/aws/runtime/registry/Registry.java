package dev.feast.aws.runtime.registry;

import dev.feast.aws.runtime.proto.ValueProto.ValueType;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One project of a Feast registry, in the shape in which lookups ask for it.
 *
 * @param featureViews by name, stream feature views and label views among them
 * @param versions what views were like before, each under {@link VersionedName}; null unless
 *     feature_store.yaml enables versions
 * @param joinKeyOf from what a request may call an entity, its join key or its name, to the join
 *     key
 * @param hasProjectEntry whether it says of the project itself that it exists, as today's Feast
 *     writes it
 * @param lastUpdated when Feast last changed the registry; null if it does not say
 */
public record Registry(
    String project,
    Map<String, FeatureView> featureViews,
    @Nullable Map<VersionedName, FeatureView> versions,
    Set<String> onDemandFeatureViews,
    Map<String, FeatureService> featureServices,
    Map<String, String> joinKeyOf,
    int entities,
    boolean hasProjectEntry,
    @Nullable Instant lastUpdated) {

  /**
   * A version of a feature view, as {@code view@v2} in references.
   *
   * @param version from 0
   */
  public record VersionedName(String view, int version) {}

  /**
   * A feature view that DynamoDB holds.
   *
   * @param table what {@code table_name_template} gets for {@code {table_name}}: the view's name,
   *     with {@code _v2} behind it for a version
   * @param version Feast's number for it, 0 where it counts none
   * @param joinKeys empty for a view without entities
   * @param ttl how old a row may be; zero where it may be of any age
   * @param disabled whether Feast was told not to serve it
   */
  public record FeatureView(
      String name,
      String table,
      int version,
      List<JoinKey> joinKeys,
      Set<String> features,
      Duration ttl,
      boolean disabled) {}

  /**
   * A column that finds a row.
   *
   * @param type what the view declares, else the entity; INVALID if neither does
   */
  public record JoinKey(String name, ValueType.Enum type) {}

  public record FeatureService(String name, List<Projection> projections) {}

  /**
   * A view as a feature service sees it.
   *
   * @param version the one that the service holds on to; null for the newest
   * @param name what the view is called: its alias if it has one
   * @param requestKeyOf join keys that are called differently in the request
   */
  public record Projection(
      String view,
      @Nullable Integer version,
      String name,
      List<String> features,
      Map<String, String> requestKeyOf) {}
}
