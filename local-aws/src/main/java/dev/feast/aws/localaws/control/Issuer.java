package dev.feast.aws.localaws.control;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.feast.aws.localaws.http.Request;
import dev.feast.aws.localaws.http.Response;
import java.io.IOException;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An OpenID provider for JWT authorizers to trust: a discovery document, one key that lives as long
 * as the process, and a token for whoever asks, with whatever claims.
 */
final class Issuer {
  static final String PATH = "issuer/";

  private static final Duration LIFE = Duration.ofHours(1);
  private static final JsonMapper JSON = new JsonMapper();

  private final InstantSource clock;
  private @Nullable RSAKey key;

  Issuer(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * Empty where it knows no such path.
   *
   * @param path what follows {@link #PATH}
   */
  Optional<Response> handle(String path, Request request) throws IOException {
    String url =
        "http://%s%sissuer".formatted(request.header("Host").orElse("localhost"), Control.PREFIX);
    return switch (request.method() + " " + path) {
      case "GET .well-known/openid-configuration" ->
          Optional.of(
              Response.json(
                  200,
                  JSON.createObjectNode()
                      .put("issuer", url)
                      .put("jwks_uri", url + "/keys")
                      .toString()));
      case "GET keys" ->
          Optional.of(Response.json(200, new JWKSet(key().toPublicJWK()).toString()));
      case "POST tokens" -> Optional.of(token(url, request.bytes()));
      default -> Optional.empty();
    };
  }

  private Response token(String url, byte[] body) throws IOException {
    Instant now = clock.instant();
    ObjectNode claims =
        JSON.createObjectNode()
            .put("iss", url)
            .put("iat", now.getEpochSecond())
            .put("exp", now.plus(LIFE).getEpochSecond());
    try {
      JsonNode given = body.length == 0 ? JSON.createObjectNode() : JSON.readTree(body);
      given.properties().forEach(claim -> claims.set(claim.getKey(), claim.getValue()));
      return Response.json(
          200,
          JSON.createObjectNode()
              .put("token", signed(JWTClaimsSet.parse(claims.toString())))
              .toString());
    } catch (JsonProcessingException | ParseException e) {
      return Control.problem(400, "The claims are no JSON object of claims: " + e.getMessage());
    }
  }

  private String signed(JWTClaimsSet claims) {
    RSAKey with = key();
    try {
      var token =
          new SignedJWT(
              new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(with.getKeyID()).build(), claims);
      token.sign(new RSASSASigner(with));
      return token.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Made when it is first needed: that takes a while. */
  private synchronized RSAKey key() {
    if (key == null) {
      try {
        key = new RSAKeyGenerator(2048).keyID("local-aws").generate();
      } catch (JOSEException e) {
        throw new IllegalStateException(e);
      }
    }
    return key;
  }
}
