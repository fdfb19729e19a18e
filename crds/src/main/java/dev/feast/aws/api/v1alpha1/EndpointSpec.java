package dev.feast.aws.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/**
 * Who may ask the endpoint, how much, from which web pages, and what is written down of it.
 *
 * @param authorization null where feature_store.yaml's {@code feature_server.auth} says it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = "!has(self.authorization) || self.authorization != 'APIKey' || has(self.apiKeys)",
    message = "authorization APIKey needs apiKeys.secretName, the Secret that holds the keys")
@ValidationRule(
    value = "!has(self.authorization) || self.authorization == 'APIKey' || !has(self.apiKeys)",
    message = "apiKeys go with authorization APIKey; otherwise nobody would be asked for one")
@ValidationRule(
    value = "!has(self.authorization) || self.authorization != 'JWT' || has(self.jwt)",
    message = "authorization JWT needs jwt, which says whose tokens are taken")
@ValidationRule(
    value = "!has(self.jwt) || (has(self.authorization) && self.authorization == 'JWT')",
    message = "jwt goes with authorization JWT; otherwise nobody would be asked for a token")
@JsonIgnoreProperties(ignoreUnknown = true)
public record EndpointSpec(
    @JsonPropertyDescription(
            "Who may ask: None is everybody who knows the URL, APIKey who sends one of apiKeys, as"
                + " x-api-key or as Authorization: Bearer, IAM who signs requests with AWS"
                + " credentials of the account that allow execute-api:Invoke, JWT who sends a token"
                + " as jwt says. By default what"
                + " featureStore.feature_server.auth says (api-key or none), else None; where both"
                + " say it they must agree.")
        @Nullable Authorization authorization,
    @JsonPropertyDescription("The keys of authorization APIKey.") @Nullable ApiKeys apiKeys,
    @JsonPropertyDescription("The tokens of authorization JWT.") @Nullable JwtSpec jwt,
    @JsonPropertyDescription(
            "Which web pages may read the endpoint's answers. By default those of no other origin.")
        @Nullable CorsSpec cors,
    @JsonPropertyDescription(
            "Bounds of the requests to each route. By default only the account's quota bounds"
                + " them.")
        @Nullable ThrottlingSpec throttling,
    @JsonPropertyDescription("Where a line is written for each request. By default nowhere.")
        @Nullable AccessLogSpec accessLog) {

  /** What an absent `endpoint` means. */
  public static final EndpointSpec DEFAULT = new EndpointSpec(null, null, null, null, null, null);
}
