package dev.feast.aws.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import org.jspecify.annotations.Nullable;

/**
 * The image, by digest. A tag is resolved once for each generation: while {@code source} and {@code
 * resolvedGeneration} are those of the spec, {@code digest} stands for it.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record ImageStatus(
    @JsonPropertyDescription("The image in ECR by digest, as the function is given it.")
        @Nullable String uri,
    @JsonPropertyDescription("Digest of its manifest, sha256:...") @Required String digest,
    @JsonPropertyDescription(
            "What the digest was resolved from: image.uri, image.source, or the operator's own"
                + " runtime.")
        @Required
        String source,
    @JsonPropertyDescription("Generation of the FeatureServer that it was resolved for.")
        long resolvedGeneration) {}
