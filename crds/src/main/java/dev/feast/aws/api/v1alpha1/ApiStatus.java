package dev.feast.aws.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import org.jspecify.annotations.Nullable;

/** The HTTP API (API Gateway v2); its integration, routes and stage are found below its id. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record ApiStatus(
    @JsonPropertyDescription("Id of the API.") @Required String id,
    @JsonPropertyDescription("Name of the API.") @Nullable String name) {}
