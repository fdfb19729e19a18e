package dev.feast.aws.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/**
 * Who may ask the endpoint.
 *
 * @param authorization null where feature_store.yaml's {@code feature_server.auth} says it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = "!has(self.authorization) || self.authorization != 'APIKey' || has(self.apiKeys)",
    message = "authorization APIKey needs apiKeys.secretName, the Secret that holds the keys")
@ValidationRule(
    value = "!has(self.authorization) || self.authorization == 'APIKey' || !has(self.apiKeys)",
    message = "apiKeys go with authorization APIKey; with None nobody would be asked for one")
@JsonIgnoreProperties(ignoreUnknown = true)
public record EndpointSpec(
    @JsonPropertyDescription(
            "Who may ask: None is everybody who knows the URL, APIKey who sends one of apiKeys, as"
                + " x-api-key or as Authorization: Bearer. By default what"
                + " featureStore.feature_server.auth says (api-key or none), else None; where both"
                + " say it they must agree.")
        @Nullable Authorization authorization,
    @JsonPropertyDescription("The keys of authorization APIKey.") @Nullable ApiKeys apiKeys) {

  /** What an absent `endpoint` means. */
  public static final EndpointSpec DEFAULT = new EndpointSpec(null, null);
}
