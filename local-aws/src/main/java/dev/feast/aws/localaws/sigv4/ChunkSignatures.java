package dev.feast.aws.localaws.sigv4;

import dev.feast.aws.localaws.http.Headers;
import dev.feast.aws.localaws.spi.AwsError;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/**
 * Checks the signatures of a body's chunks, each of which covers the one before it, the first the
 * request's.
 */
final class ChunkSignatures {
  private static final String NOTHING = SigningKey.sha256("");

  private final SigningKey key;
  private final String time;
  private final String scope;
  private final AwsError wrong;
  private final MessageDigest chunk;
  private String previous;

  /**
   * Begins with the request's own signature.
   *
   * @param time as the request's date header has it
   * @param wrong what is thrown where a signature is not the one calculated here
   */
  ChunkSignatures(
      SigningKey key, String time, String scope, String requestSignature, AwsError wrong) {
    this.key = key;
    this.time = time;
    this.scope = scope;
    this.previous = requestSignature;
    this.wrong = wrong;
    try {
      this.chunk = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  void update(byte[] bytes, int offset, int length) {
    chunk.update(bytes, offset, length);
  }

  /** To be called at the end of each chunk. */
  void checkChunk(String signature) {
    check(
        String.join(
            "\n",
            "AWS4-HMAC-SHA256-PAYLOAD",
            time,
            scope,
            previous,
            NOTHING,
            HexFormat.of().formatHex(chunk.digest())),
        signature);
  }

  void checkTrailers(Headers trailers, String signature) {
    var canonical = new StringBuilder();
    for (Headers.Field field : trailers.fields()) {
      canonical
          .append(field.name().toLowerCase(Locale.ROOT))
          .append(':')
          .append(field.value())
          .append('\n');
    }
    check(
        String.join(
            "\n",
            "AWS4-HMAC-SHA256-TRAILER",
            time,
            scope,
            previous,
            SigningKey.sha256(canonical.toString())),
        signature);
  }

  private void check(String stringToSign, String signature) {
    if (!key.sign(stringToSign).equals(signature)) {
      throw wrong;
    }
    previous = signature;
  }
}
