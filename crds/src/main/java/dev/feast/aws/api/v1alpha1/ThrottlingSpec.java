package dev.feast.aws.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;

/**
 * Bounds of the requests to each route of the endpoint.
 *
 * @param rateLimit 1 to 100,000 requests per second
 * @param burstLimit 1 to 100,000 requests at once
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record ThrottlingSpec(
    @JsonPropertyDescription(
            "Requests per second to each route in the long run; more are answered with 429.")
        @Required
        @Min(1)
        @Max(100_000)
        int rateLimit,
    @JsonPropertyDescription("Requests at once to each route that are let through.")
        @Required
        @Min(1)
        @Max(100_000)
        int burstLimit) {}
