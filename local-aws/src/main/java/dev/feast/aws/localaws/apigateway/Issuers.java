package dev.feast.aws.localaws.apigateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.text.ParseException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The issuers of tokens: what their discovery documents say, and their keys. Keys are kept, and
 * fetched again when a token names one that is not among them; AWS keeps them for two hours. Other
 * than AWS it takes issuers over http, for those that a test plays on this machine.
 */
final class Issuers implements AutoCloseable {
  private static final String DISCOVERY = "/.well-known/openid-configuration";

  /** "1500 ms timeout", of JWT authorizers' calls to an issuer. */
  private static final Duration TIMEOUT = Duration.ofMillis(1500);

  private static final JsonMapper JSON = new JsonMapper();

  private final HttpClient http =
      HttpClient.newBuilder()
          .connectTimeout(TIMEOUT)
          .followRedirects(HttpClient.Redirect.NORMAL)
          .build();
  private final Map<String, JWKSet> keys = new ConcurrentHashMap<>();

  /** What asking an issuer comes to. */
  sealed interface Found {
    record Keys(JWKSet keys) implements Found {}

    /**
     * @param text as CreateAuthorizer says it
     */
    record Unreachable(String text) implements Found {}
  }

  /** Asks for the keys, whatever is known already. */
  Found ask(String issuer) {
    String discovery = issuer.replaceFirst("/$", "") + DISCOVERY;
    try {
      JsonNode document = JSON.readTree(get(URI.create(discovery)));
      JWKSet found = JWKSet.parse(get(URI.create(document.path("jwks_uri").asText())));
      keys.put(issuer, found);
      return new Found.Keys(found);
    } catch (IOException | ParseException | IllegalArgumentException e) {
      return new Found.Unreachable(
          ("Caught exception when connecting to %s for issuer %s. Please try again later. Error:"
               + " Invalid issuer: %s. Issuer must have a valid discovery endpoint ended with '%s'")
              .formatted(discovery, issuer, issuer, DISCOVERY));
    }
  }

  /** The issuer's RSA key of that id; empty where it has none or cannot be asked. */
  Optional<RSAKey> key(String issuer, String keyId) {
    return Optional.ofNullable(keys.get(issuer))
        .flatMap(known -> rsa(known, keyId))
        .or(
            () ->
                ask(issuer) instanceof Found.Keys(JWKSet found)
                    ? rsa(found, keyId)
                    : Optional.empty());
  }

  private static Optional<RSAKey> rsa(JWKSet keys, String keyId) {
    JWK key = keys.getKeyByKeyId(keyId);
    return key instanceof RSAKey rsa ? Optional.of(rsa) : Optional.empty();
  }

  private String get(URI uri) throws IOException {
    try {
      HttpResponse<String> answer =
          http.send(HttpRequest.newBuilder(uri).timeout(TIMEOUT).build(), BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new IOException(uri + " answers " + answer.statusCode());
      }
      return answer.body();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("stopped while an issuer was asked", e);
    }
  }

  @Override
  public void close() {
    http.close();
  }
}
