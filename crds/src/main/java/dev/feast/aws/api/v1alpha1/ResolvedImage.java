package dev.feast.aws.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;

/**
 * A tag is resolved once for each generation: while {@code source} and {@code generation} are those
 * of the spec, {@code digest} stands for it.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record ResolvedImage(
    @JsonPropertyDescription(
            "What was resolved: image.uri, image.source, or the operator's own runtime.")
        @Required
        String source,
    @JsonPropertyDescription("Digest of its manifest, sha256:...") @Required String digest,
    @JsonPropertyDescription("Generation of the FeatureServer that it was resolved for.")
        long generation) {}
