package dev.feast.aws.runtime.registry;

import dev.feast.aws.runtime.proto.ValueProto.ValueType;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One project of a Feast registry, in the shape in which lookups ask for it.
 *
 * @param joinKeyOf from what a request may call an entity, its join key or its name, to the join
 *     key
 * @param lastUpdated when Feast last changed the registry; null if it does not say
 */
public record Registry(
    String project,
    Map<String, FeatureView> featureViews,
    Set<String> onDemandFeatureViews,
    Map<String, FeatureService> featureServices,
    Map<String, String> joinKeyOf,
    int entities,
    @Nullable Instant lastUpdated) {

  /**
   * A feature view that DynamoDB holds.
   *
   * @param joinKeys empty for a view without entities
   */
  public record FeatureView(String name, List<JoinKey> joinKeys, Set<String> features) {}

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
   * @param name what the view is called in the answer, its alias if it has one
   * @param requestKeyOf join keys that are called differently in the request
   */
  public record Projection(
      String view, String name, List<String> features, Map<String, String> requestKeyOf) {}
}
