package dev.feast.aws.localaws.ecr;

import dev.feast.aws.localaws.spi.Caller;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The passwords that GetAuthorizationToken gave out, and who got each. */
final class AuthorizationTokens {
  /** ECR's: "An authorization token is valid for 12 hours". */
  private static final Duration LIFETIME = Duration.ofHours(12);

  private final Map<String, Grant> grants = new ConcurrentHashMap<>();
  private final SecureRandom random = new SecureRandom();
  private final Clock clock;

  AuthorizationTokens(Clock clock) {
    this.clock = clock;
  }

  private record Grant(Caller holder, Instant expiresAt) {}

  /**
   * @param value base64 of {@code AWS:<password>}
   */
  record Token(String value, Instant expiresAt) {}

  /** What an Authorization header is good for. */
  sealed interface Access {
    /**
     * @param holder who got the token; what is done with it is done by them
     */
    record Granted(Caller holder) implements Access {}

    record Missing() implements Access {}

    record Invalid() implements Access {}

    record Expired() implements Access {}
  }

  Token issue(Caller holder) {
    Instant now = clock.instant();
    grants.values().removeIf(grant -> grant.expiresAt.plus(LIFETIME).isBefore(now));
    var secret = new byte[48];
    random.nextBytes(secret);
    String password = Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
    Instant expiresAt = now.plus(LIFETIME);
    grants.put(password, new Grant(holder, expiresAt));
    return new Token(
        Base64.getEncoder().encodeToString(("AWS:" + password).getBytes(StandardCharsets.UTF_8)),
        expiresAt);
  }

  Access check(Optional<String> authorization) {
    String header = authorization.orElse("");
    if (!header.regionMatches(true, 0, "Basic ", 0, "Basic ".length())) {
      return new Access.Missing();
    }
    String credentials;
    try {
      credentials =
          new String(
              Base64.getDecoder().decode(header.substring("Basic ".length()).strip()),
              StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return new Access.Invalid();
    }
    Grant grant = credentials.startsWith("AWS:") ? grants.get(credentials.substring(4)) : null;
    if (grant == null) {
      return new Access.Invalid();
    }
    return clock.instant().isBefore(grant.expiresAt)
        ? new Access.Granted(grant.holder)
        : new Access.Expired();
  }
}
