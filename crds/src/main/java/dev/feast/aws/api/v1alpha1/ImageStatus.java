package dev.feast.aws.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** The image that serves, and apart from it what the spec's image was resolved to. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record ImageStatus(
    @JsonPropertyDescription("The image in ECR by digest that the version that answers runs.")
        @Nullable String uri,
    @JsonPropertyDescription("Digest of its manifest, sha256:...") @Nullable String digest,
    @JsonPropertyDescription(
            "What the spec's image was resolved to; another digest than the one above while a"
                + " version with it is not live.")
        @Nullable ResolvedImage resolved) {}
