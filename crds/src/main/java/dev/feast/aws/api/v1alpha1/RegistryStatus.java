package dev.feast.aws.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import org.jspecify.annotations.Nullable;

/**
 * Feast's registry as {@code GET /health} reported it.
 *
 * @param lastUpdated RFC 3339, as written in the registry itself
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record RegistryStatus(
    @JsonPropertyDescription(
            "loaded; stale where an older one serves because the present one cannot be read; or"
                + " unavailable.")
        @Required
        String state,
    @JsonPropertyDescription("Why it is not loaded, in one word.") @Nullable String reason,
    @JsonPropertyDescription("Why it is not loaded, in a sentence.") @Nullable String message,
    @JsonPropertyDescription("When `feast apply` last wrote it.") @Nullable String lastUpdated,
    @JsonPropertyDescription("Number of entities in the project.") @Nullable Integer entities,
    @JsonPropertyDescription("Number of feature views in the project.")
        @Nullable Integer featureViews,
    @JsonPropertyDescription("Number of feature services in the project.")
        @Nullable Integer featureServices) {}
