package dev.feast.aws.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.crd.generator.annotation.PreserveUnknownFields;
import io.fabric8.crd.generator.annotation.SchemaFrom;
import io.fabric8.generator.annotation.Required;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A feature_store.yaml as an object: the keys that this product or `kubectl explain` knows, typed,
 * and all others as they are.
 *
 * <p>`registry` is a string or a map, so it has no type; only its pattern, which looks at strings
 * alone, can be checked by the API server. A value that starts with a variable passes there and is
 * checked by the operator, which can expand it.
 *
 * <p>See {@link OpenObject} for why it is not left to Jackson to read it, and why no number in it
 * is a Java number.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@PreserveUnknownFields
public record FeatureStore(
    @JsonPropertyDescription(
            "Name of the Feast project that is served: letters, digits, underscores and hyphens.")
        @Required
        @Nullable String project,
    @JsonPropertyDescription("Feast's provider; must be aws.") @Required @Nullable String provider,
    @JsonPropertyDescription(
            "Where `feast apply` writes the registry: s3://bucket/key, or an object with that as"
                + " path and, if wanted, cache_ttl_seconds (how long the runtime keeps a registry"
                + " before it looks for a newer one).")
        @Required
        @Nullable JsonNode registry,
    @JsonProperty("online_store")
        @JsonPropertyDescription(
            "The online store that answers lookups: DynamoDB, with its region.")
        @Nullable OnlineStore onlineStore,
    @JsonProperty("offline_store")
        @JsonPropertyDescription("Feast's offline store. Passed on; lookups do not use it.")
        @Nullable JsonNode offlineStore,
    @JsonProperty("batch_engine")
        @JsonPropertyDescription("Feast's batch engine. Passed on; lookups do not use it.")
        @Nullable JsonNode batchEngine,
    @JsonProperty("feature_server")
        @JsonPropertyDescription(
            "Declares the feature server, as Feast's AWS Lambda feature server had it. May be left"
                + " out where function.executionRole is given, as today's Feast refuses these"
                + " keys.")
        @Nullable FeatureServerBlock featureServer,
    @JsonProperty("entity_key_serialization_version")
        @JsonPropertyDescription(
            "How entity keys were written to the online store: 1, 2 or 3. Found out from the stored"
                + " items when absent.")
        @SchemaFrom(type = Integer.class)
        @Nullable JsonNode entityKeySerializationVersion,
    @JsonPropertyDescription("Feast's feature flags. Passed on.") @Nullable JsonNode flags,
    @JsonAnyGetter Map<String, JsonNode> others) {

  public FeatureStore {
    others = Collections.unmodifiableMap(new LinkedHashMap<>(others));
  }

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static FeatureStore of(Map<String, JsonNode> keys) {
    var open = new OpenObject(keys);
    return new FeatureStore(
        open.text("project"),
        open.text("provider"),
        open.any("registry"),
        open.object("online_store").map(OnlineStore::of).orElse(null),
        open.any("offline_store"),
        open.any("batch_engine"),
        open.object("feature_server").map(FeatureServerBlock::of).orElse(null),
        open.any("entity_key_serialization_version"),
        open.any("flags"),
        open.others());
  }
}
