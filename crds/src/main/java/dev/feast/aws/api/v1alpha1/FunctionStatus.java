package dev.feast.aws.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import org.jspecify.annotations.Nullable;

/**
 * The Lambda function.
 *
 * @param version number of the published version that the alias points to; AWS never reuses one
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record FunctionStatus(
    @JsonPropertyDescription("Name of the function.") @Required String name,
    @JsonPropertyDescription("ARN of the function.") @Nullable String arn,
    @JsonPropertyDescription("Alias that the endpoint invokes.") @Nullable String alias,
    @JsonPropertyDescription("Published version that the alias points to: the one that answers.")
        @Nullable String version,
    @JsonPropertyDescription(
            "A newer version that does not answer yet, because its probe did not pass.")
        @Nullable CandidateStatus candidate) {}
