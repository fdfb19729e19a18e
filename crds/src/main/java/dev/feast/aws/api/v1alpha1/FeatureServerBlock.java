package dev.feast.aws.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.crd.generator.annotation.PreserveUnknownFields;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Feast's `feature_server`, with the keys of its alpha AWS Lambda feature server (Feast 0.14). */
@JsonInclude(JsonInclude.Include.NON_NULL)
@PreserveUnknownFields
public record FeatureServerBlock(
    @JsonPropertyDescription(
            "Whether features are served. false takes down what exists, as deletionPolicy says.")
        @Nullable Boolean enabled,
    @JsonProperty("execution_role_name")
        @JsonPropertyDescription(
            "ARN or name of the IAM role that the function runs as; it must be able to read the"
                + " registry and the online store.")
        @Nullable String executionRoleName,
    @JsonPropertyDescription("Kind of the feature server; absent or aws_lambda.")
        @Nullable String type,
    @JsonProperty("public")
        @JsonPropertyDescription(
            "Whether the endpoint may be open to anyone; false needs an authorization: auth"
                + " api-key, or spec.endpoint.authorization.")
        @Nullable Boolean isPublic,
    @JsonPropertyDescription(
            "How callers prove who they are: none, or api-key, which is spec.endpoint.authorization"
                + " APIKey and needs spec.endpoint.apiKeys.")
        @Nullable String auth,
    @JsonAnyGetter Map<String, JsonNode> others) {

  public FeatureServerBlock {
    others = Collections.unmodifiableMap(new LinkedHashMap<>(others));
  }

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static FeatureServerBlock of(Map<String, JsonNode> keys) {
    var open = new OpenObject(keys);
    return new FeatureServerBlock(
        open.truth("enabled"),
        open.text("execution_role_name"),
        open.text("type"),
        open.truth("public"),
        open.text("auth"),
        open.others());
  }
}
