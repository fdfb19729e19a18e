package dev.feast.aws.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import org.jspecify.annotations.Nullable;

/**
 * A lookup of the user's own, which a new version has to answer before it gets the traffic.
 *
 * <p>Request and expectation are JSON of any shape, so they have no type here: reading one never
 * fails (see {@link OpenObject}). The operator checks them.
 *
 * @param request null only where an object was written by somebody who passed the schema by
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record ProbeSpec(
    @JsonPropertyDescription(
            "Where the request is posted: /get-online-features or /v2/get-online-features.")
        @Default(DEFAULT_PATH)
        @Pattern("^/(v2/)?get-online-features$")
        String path,
    @JsonPropertyDescription(
            "Body of the lookup, as callers post it: features or feature_service, and entities.")
        @Required
        @Nullable JsonNode request,
    @JsonPropertyDescription(
            "What the answer must hold, beside the status code 200: every key that is given here"
                + " must be in it with an equal value; objects may have more keys, lists must be of"
                + " the same length. By default any answer with 200 will do.")
        @Nullable JsonNode expect) {

  public static final String DEFAULT_PATH = "/get-online-features";

  /** An absent path becomes its default, as the API server's defaulting does. */
  @SuppressWarnings("ConstantValue") // Jackson passes null for what is absent
  public ProbeSpec {
    path = path == null ? DEFAULT_PATH : path;
  }
}
