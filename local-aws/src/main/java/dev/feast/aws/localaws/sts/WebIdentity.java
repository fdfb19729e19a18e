package dev.feast.aws.localaws.sts;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.feast.aws.localaws.spi.AwsError;
import java.io.IOException;
import java.util.Base64;

/**
 * What an OpenID Connect token says. Its signature is not looked at: no identity providers are
 * registered here, so there is nobody to ask for keys, and every issuer is trusted.
 */
record WebIdentity(String subject, String issuer, String audience) {
  private static final JsonMapper JSON = new JsonMapper();

  static WebIdentity parse(String token) {
    String[] parts = token.split("\\.", -1);
    if (parts.length != 3) {
      throw invalid();
    }
    try {
      JsonNode claims = JSON.readTree(Base64.getUrlDecoder().decode(parts[1]));
      JsonNode audience = claims.path("aud");
      return new WebIdentity(
          claims.path("sub").asText(),
          claims.path("iss").asText(),
          audience.isArray() ? audience.path(0).asText() : audience.asText());
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw invalid();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static AwsError invalid() {
    return AwsError.of(
        400,
        "InvalidIdentityToken",
        "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access"
            + " Token)");
  }
}
