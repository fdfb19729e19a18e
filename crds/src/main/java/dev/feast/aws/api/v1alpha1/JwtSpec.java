package dev.feast.aws.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whose tokens authorization JWT takes. API Gateway checks them.
 *
 * @param issuer null only where an object was written by somebody who passed the schema by
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record JwtSpec(
    @JsonPropertyDescription(
            "The issuer, as tokens have it in iss. API Gateway finds its keys by"
                + " <issuer>/.well-known/openid-configuration, which it has to reach over https,"
                + " and takes tokens signed with RSA only.")
        @Required
        @Size(min = 1, max = 2048)
        @Pattern("^https?://.+$")
        @Nullable String issuer,
    @JsonPropertyDescription(
            "Whom tokens must be for: one of these must be in aud, or where there is no aud be"
                + " client_id.")
        @Required
        @Size(min = 1, max = 50)
        List<@Size(min = 1, max = 512) String> audience,
    @JsonPropertyDescription(
            "Scopes of which tokens must have at least one, in scope or scp. By default none is"
                + " needed.")
        @Size(max = 10)
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<@Size(min = 1, max = 512) String> scopes,
    @JsonPropertyDescription(
            "Where requests have the token: $request.header.<name>, with or without Bearer before"
                + " it, or $request.querystring.<name>.")
        @Default(DEFAULT_IDENTITY_SOURCE)
        @Pattern("^\\$request\\.(header|querystring)\\.[A-Za-z0-9_-]+$")
        String identitySource) {

  public static final String DEFAULT_IDENTITY_SOURCE = "$request.header.Authorization";

  /** Absent settings become their defaults, as the API server's defaulting does. */
  @SuppressWarnings("ConstantValue") // Jackson passes null for what is absent
  public JwtSpec {
    audience = audience == null ? List.of() : List.copyOf(audience);
    scopes = scopes == null ? List.of() : List.copyOf(scopes);
    identitySource = identitySource == null ? DEFAULT_IDENTITY_SOURCE : identitySource;
  }
}
