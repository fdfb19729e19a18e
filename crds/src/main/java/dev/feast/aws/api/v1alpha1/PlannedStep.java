package dev.feast.aws.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;

/** A step that the operator would take if it were not asked only to plan. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record PlannedStep(
    @JsonPropertyDescription("What in AWS it is about.") @Required String object,
    @JsonPropertyDescription("What would be done with it.") @Required String action,
    @JsonPropertyDescription("What was found, which is the reason for it.") @Required
        String reason) {}
