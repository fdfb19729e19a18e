package dev.feast.aws.localaws.apigateway;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.feast.aws.localaws.http.Request;
import dev.feast.aws.localaws.spi.AwsError;
import java.text.ParseException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Checks tokens as JWT authorizers do ("Control access to HTTP APIs with JWT authorizers", API
 * Gateway developer guide): RSA only; kid, iss, aud or else client_id, exp, nbf, iat, and one of
 * the route's scopes.
 */
final class Tokens {
  private final Issuers issuers;
  private final InstantSource clock;

  Tokens(Issuers issuers, InstantSource clock) {
    this.issuers = issuers;
    this.clock = clock;
  }

  /**
   * Whose token the request brings.
   *
   * @throws AwsError 401 for no token or one that is not good, 403 for one without a scope
   */
  Authorized authorize(Request request, Authorizer authorizer, List<String> scopes) {
    String token =
        authorizer.token(request).orElseThrow(() -> EndpointErrors.unauthorized("Bearer"));
    JWTClaimsSet claims = verified(token, authorizer, scopes);
    List<String> granted = scopes(claims);
    if (!scopes.isEmpty() && scopes.stream().noneMatch(granted::contains)) {
      throw EndpointErrors.forbidden()
          .header(
              "www-authenticate",
              "Bearer scope=\"%s\" error=\"insufficient_scope\" error_description=\"the token has none of the scopes\""
                  .formatted(String.join(" ", scopes)));
    }
    return new Authorized.ByToken(
        texts(claims),
        scopes.isEmpty() ? null : scopes.stream().filter(granted::contains).toList());
  }

  private JWTClaimsSet verified(String token, Authorizer authorizer, List<String> scopes) {
    try {
      SignedJWT jwt = SignedJWT.parse(token);
      JWSAlgorithm algorithm = jwt.getHeader().getAlgorithm();
      if (!JWSAlgorithm.Family.RSA.contains(algorithm)) {
        throw invalid(scopes, "signing method " + algorithm + " is invalid");
      }
      String keyId = jwt.getHeader().getKeyID();
      JWTClaimsSet claims = jwt.getJWTClaimsSet();
      if (!authorizer.issuer().equals(claims.getIssuer())) {
        throw invalid(scopes, "the token does not have a valid issuer");
      }
      RSAKey key =
          issuers
              .key(authorizer.issuer(), keyId == null ? "" : keyId)
              .orElseThrow(() -> invalid(scopes, "the token's key is not one of the issuer's"));
      if (!jwt.verify(new RSASSAVerifier(key))) {
        throw invalid(scopes, "the token's signature is not valid");
      }
      checkAudience(claims, authorizer, scopes);
      checkTimes(claims, scopes);
      return claims;
    } catch (ParseException | JOSEException e) {
      throw invalid(scopes, "the token is not a signed JSON Web Token");
    }
  }

  /** "API Gateway validates client_id only if aud is not present." */
  private static void checkAudience(
      JWTClaimsSet claims, Authorizer authorizer, List<String> scopes) {
    List<String> audience =
        claims.getAudience().isEmpty()
            ? List.of(String.valueOf(claims.getClaim("client_id")))
            : claims.getAudience();
    if (audience.stream().noneMatch(authorizer.audience()::contains)) {
      throw invalid(scopes, "the token does not have a valid audience");
    }
  }

  private void checkTimes(JWTClaimsSet claims, List<String> scopes) {
    Instant now = clock.instant();
    Date expires = claims.getExpirationTime();
    if (expires == null || !expires.toInstant().isAfter(now)) {
      throw invalid(scopes, "the token has expired");
    }
    if (isLater(claims.getNotBeforeTime(), now) || isLater(claims.getIssueTime(), now)) {
      throw invalid(scopes, "the token is not valid yet");
    }
  }

  private static boolean isLater(@Nullable Date time, Instant now) {
    return time != null && time.toInstant().isAfter(now);
  }

  /** Those of {@code scope}, a text with blanks, or of {@code scp}, which some have as a list. */
  private static List<String> scopes(JWTClaimsSet claims) {
    var scopes = new ArrayList<String>();
    for (String name : List.of("scope", "scp")) {
      switch (claims.getClaim(name)) {
        case String text -> scopes.addAll(List.of(text.split(" ")));
        case Collection<?> list -> list.forEach(scope -> scopes.add(String.valueOf(scope)));
        case null, default -> {}
      }
    }
    return scopes;
  }

  private static Map<String, String> texts(JWTClaimsSet claims) {
    var texts = new TreeMap<String, String>();
    claims.toJSONObject().forEach((name, value) -> texts.put(name, text(value)));
    return texts;
  }

  private static String text(@Nullable Object value) {
    return value instanceof Collection<?> list
        ? list.stream().map(String::valueOf).collect(Collectors.joining(" ", "[", "]"))
        : String.valueOf(value);
  }

  private static AwsError invalid(List<String> scopes, String why) {
    return EndpointErrors.unauthorized(
        "Bearer scope=\"%s\" error=\"invalid_token\" error_description=\"%s\""
            .formatted(String.join(" ", scopes), why));
  }
}
