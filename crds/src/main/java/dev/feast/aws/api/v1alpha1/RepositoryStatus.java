package dev.feast.aws.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import org.jspecify.annotations.Nullable;

/** The ECR repository that belongs to this FeatureServer. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record RepositoryStatus(
    @JsonPropertyDescription("Name of the repository.") @Required String name,
    @JsonPropertyDescription("ARN of the repository.") @Nullable String arn,
    @JsonPropertyDescription("Registry and name, as in an image reference.")
        @Nullable String uri) {}
