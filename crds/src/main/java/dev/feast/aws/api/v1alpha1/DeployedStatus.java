package dev.feast.aws.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/**
 * What was in AWS when all of it was last as the spec asked: what differs from that was changed
 * there by somebody else, and an Event says so.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record DeployedStatus(
    @JsonPropertyDescription("Hash of what was desired then, without function and image.")
        @Nullable String hash,
    @JsonPropertyDescription(
            "Version of the function that served then; absent while it is being changed.")
        @Nullable String version) {}
