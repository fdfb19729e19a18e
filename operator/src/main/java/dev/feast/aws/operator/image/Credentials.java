package dev.feast.aws.operator.image;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** With what a registry is asked. */
public sealed interface Credentials {

  record Anonymous() implements Credentials {}

  /** A user's name and password, or a token that a registry takes as password. */
  record Basic(String username, String password) implements Credentials {

    /** From the {@code authorizationToken} of ECR's GetAuthorizationToken, valid for 12 hours. */
    public static Basic ofEcr(String authorizationToken) {
      return ofBase64(authorizationToken);
    }

    /**
     * From base64 of {@code username:password}.
     *
     * @throws IllegalArgumentException where it is not that
     */
    static Basic ofBase64(String encoded) {
      String both = new String(Base64.getDecoder().decode(encoded.strip()), StandardCharsets.UTF_8);
      int colon = both.indexOf(':');
      if (colon < 0) {
        throw new IllegalArgumentException("no colon between username and password");
      }
      return new Basic(both.substring(0, colon), both.substring(colon + 1));
    }

    String header() {
      byte[] both = (username + ":" + password).getBytes(StandardCharsets.UTF_8);
      return "Basic " + Base64.getEncoder().encodeToString(both);
    }

    @Override
    public String toString() {
      return "Basic[" + username + "]";
    }
  }
}
