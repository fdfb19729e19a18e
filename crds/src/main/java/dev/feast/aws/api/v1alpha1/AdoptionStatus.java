package dev.feast.aws.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import org.jspecify.annotations.Nullable;

/**
 * The API that the annotation {@code aws.feast.dev/adopt} asked for. Stays once the adoption is
 * over, so that the annotation may stay as well: it is not begun anew when the API is gone.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record AdoptionStatus(
    @JsonPropertyDescription("What the annotation aws.feast.dev/adopt held.") @Required String from,
    @JsonPropertyDescription("Id of the API that was found.") @Required String apiId,
    @JsonPropertyDescription("Lambda function that it led to.") @Nullable String function,
    @JsonPropertyDescription("ECR repository that this function ran from, where it is to go too.")
        @Nullable String repository,
    @JsonPropertyDescription("How far it is.") @Required AdoptionPhase phase,
    @JsonPropertyDescription("When it came to this phase.") @Required String lastTransitionTime) {}
