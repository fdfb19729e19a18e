package dev.feast.aws.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;

/**
 * One condition, shaped as Kubernetes' meta/v1 Condition.
 *
 * @param type one of {@link ConditionType}, as its {@link ConditionType#type() type}
 * @param lastTransitionTime RFC 3339; moves only when {@code status} does
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Condition(
    @JsonPropertyDescription("What the condition is about, such as Ready.") @Required String type,
    @JsonPropertyDescription("Whether it holds: True, False or Unknown.") @Required
        ConditionStatus status,
    @JsonPropertyDescription(
            "Generation of the FeatureServer that the condition was found for; Ready's advances"
                + " only when that generation serves.")
        long observedGeneration,
    @JsonPropertyDescription("When the status last changed.") @Required String lastTransitionTime,
    @JsonPropertyDescription("Why, in one word for programs.") @Required String reason,
    @JsonPropertyDescription("Why, in a sentence for people: what was found and what to do.")
        @Required
        String message) {}
