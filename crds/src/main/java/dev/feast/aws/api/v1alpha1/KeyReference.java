package dev.feast.aws.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** One key of a ConfigMap or Secret in the FeatureServer's namespace. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record KeyReference(
    @JsonPropertyDescription("Name of the ConfigMap or Secret.") @Required @Size(min = 1, max = 253)
        String name,
    @JsonPropertyDescription("Key whose value is the feature_store.yaml.")
        @Required
        @Size(min = 1, max = 253)
        String key) {}
