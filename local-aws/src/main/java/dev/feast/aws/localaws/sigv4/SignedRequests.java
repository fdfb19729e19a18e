package dev.feast.aws.localaws.sigv4;

import dev.feast.aws.localaws.http.Request;
import dev.feast.aws.localaws.spi.AwsError;
import dev.feast.aws.localaws.spi.WireErrors;
import dev.feast.aws.localaws.spi.WireErrors.Refusal;
import dev.feast.aws.localaws.sts.SessionKeys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/**
 * Checks the signatures of requests whose key was issued here, and takes the body out of the
 * wrapping that a signature may have put around it.
 */
public final class SignedRequests {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", java.util.Locale.ROOT);
  private static final Duration MAX_SKEW = Duration.ofMinutes(5);

  /** S3 is more patient. */
  private static final Duration MAX_SKEW_S3 = Duration.ofMinutes(15);

  private static final String UNSIGNED = "UNSIGNED-PAYLOAD";
  private static final String STREAMING = "STREAMING-";
  private static final String STREAMING_SIGNED = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";

  private final Clock clock;

  public SignedRequests(Clock clock) {
    this.clock = clock;
  }

  /** The request with its body decoded, when no signature is to be checked. */
  public static Request decoded(Request request) {
    return payload(request).startsWith(STREAMING) ? decoded(request, Optional.empty()) : request;
  }

  /**
   * The request with its body decoded; the signatures inside the body are checked while it is read.
   *
   * @throws AwsError the service's own, when the signature, the token or the time is wrong
   */
  public Request checked(Request request, Authorization signed, SessionKeys keys, WireErrors errors)
      throws IOException {
    if (!token(request, signed).equals(keys.sessionToken())) {
      throw errors.refused(Refusal.WRONG_TOKEN);
    }
    if (clock.instant().isAfter(keys.expiration())) {
      throw errors.refused(Refusal.EXPIRED);
    }
    String time = time(request, signed);
    checkTime(time, request, signed, errors);
    String payload = payload(request);
    SigningKey key = SigningKey.derive(keys.secretAccessKey(), signed);
    String canonical =
        CanonicalRequest.of(request, signed, payloadHash(request, signed, payload, errors));
    String scope =
        String.join("/", signed.date(), signed.region(), signed.service(), "aws4_request");
    String expected =
        key.sign(
            String.join("\n", Authorization.ALGORITHM, time, scope, SigningKey.sha256(canonical)));
    if (!same(expected, signed.signature()) || !signed.signedHeaders().contains("host")) {
      throw errors.refused(Refusal.WRONG_SIGNATURE);
    }
    if (!payload.startsWith(STREAMING)) {
      return request;
    }
    return decoded(
        request,
        payload.startsWith(STREAMING_SIGNED)
            ? Optional.of(
                new ChunkSignatures(
                    key, time, scope, expected, errors.refused(Refusal.WRONG_SIGNATURE)))
            : Optional.empty());
  }

  private static Request decoded(Request request, Optional<ChunkSignatures> signatures) {
    var body = new AwsChunkedInputStream(request.body(), signatures);
    return request.withBody(body, body::trailers);
  }

  private static String payload(Request request) {
    return request.header("x-amz-content-sha256").orElse("");
  }

  /**
   * What stands for the body in the canonical request. S3 checks a hash of its own accord while it
   * reads the body.
   */
  private static String payloadHash(
      Request request, Authorization signed, String payload, WireErrors errors) throws IOException {
    if (signed.service().equals("s3")) {
      return payload.isEmpty() ? UNSIGNED : payload;
    }
    String hash = SigningKey.sha256(request.bytes());
    if (!payload.isEmpty() && !payload.equals(UNSIGNED) && !payload.equals(hash)) {
      throw errors.refused(Refusal.WRONG_SIGNATURE);
    }
    return payload.isEmpty() ? hash : payload;
  }

  private void checkTime(String time, Request request, Authorization signed, WireErrors errors) {
    Instant signedAt;
    try {
      signedAt = LocalDateTime.parse(time, TIME).toInstant(ZoneOffset.UTC);
    } catch (DateTimeException e) {
      throw errors.refused(Refusal.MALFORMED);
    }
    if (!time.startsWith(signed.date())) {
      throw errors.refused(Refusal.WRONG_SIGNATURE);
    }
    Instant now = clock.instant();
    Duration skew = signed.service().equals("s3") ? MAX_SKEW_S3 : MAX_SKEW;
    if (signedAt.isAfter(now.plus(skew))) {
      throw errors.refused(Refusal.CLOCK_SKEW);
    }
    if (signed.presigned()) {
      if (now.isAfter(signedAt.plus(validity(request, errors)))) {
        throw AwsError.of(403, "AccessDenied", "Request has expired");
      }
    } else if (signedAt.isBefore(now.minus(skew))) {
      throw errors.refused(Refusal.CLOCK_SKEW);
    }
  }

  private static Duration validity(Request request, WireErrors errors) {
    try {
      return Duration.ofSeconds(Long.parseLong(request.query().first("X-Amz-Expires").orElse("")));
    } catch (NumberFormatException e) {
      throw errors.refused(Refusal.MALFORMED);
    }
  }

  private static String time(Request request, Authorization signed) {
    return signed.presigned()
        ? request.query().first("X-Amz-Date").orElse("")
        : request.header("X-Amz-Date").orElse("");
  }

  private static String token(Request request, Authorization signed) {
    return signed.presigned()
        ? request.query().first("X-Amz-Security-Token").orElse("")
        : request.header("X-Amz-Security-Token").orElse("");
  }

  private static boolean same(String a, String b) {
    return MessageDigest.isEqual(
        a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
  }
}
