package dev.feast.aws.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import org.jspecify.annotations.Nullable;

/**
 * A published version that is probed and has no traffic yet; one whose probe never failed has
 * passed it, and waits for what else was changed in AWS to be known everywhere.
 *
 * @param lastProbeTime RFC 3339; with {@code failedProbes} it says when the next probe is due
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record CandidateStatus(
    @JsonPropertyDescription("Number of the version.") @Required String version,
    @JsonPropertyDescription("How often its probe failed in a row.") int failedProbes,
    @JsonPropertyDescription("When it was last probed.") @Nullable String lastProbeTime,
    @JsonPropertyDescription("What its last probe said.") @Nullable String message,
    @JsonPropertyDescription(
            "The last lines of its log at that probe, without values of its environment.")
        @Nullable String log) {}
