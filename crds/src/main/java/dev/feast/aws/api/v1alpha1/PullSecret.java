package dev.feast.aws.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** A Secret of type kubernetes.io/dockerconfigjson in the FeatureServer's namespace. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record PullSecret(
    @JsonPropertyDescription(
            "Name of a Secret of type kubernetes.io/dockerconfigjson in the same namespace.")
        @Required
        @Size(min = 1, max = 253)
        String name) {}
