package dev.feast.aws.localaws.sigv4;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The key that is derived from a secret for one day, region and service. */
final class SigningKey {
  private static final String HMAC = "HmacSHA256";

  private final byte[] key;

  private SigningKey(byte[] key) {
    this.key = key;
  }

  static SigningKey derive(String secret, Authorization scope) {
    byte[] secretKey = ("AWS4" + secret).getBytes(StandardCharsets.UTF_8);
    byte[] day = hmac(secretKey, scope.date());
    byte[] region = hmac(day, scope.region());
    byte[] service = hmac(region, scope.service());
    return new SigningKey(hmac(service, "aws4_request"));
  }

  /** In lower-case hexadecimal. */
  String sign(String text) {
    return HexFormat.of().formatHex(hmac(key, text));
  }

  static String sha256(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  static String sha256(String text) {
    return sha256(text.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(key, HMAC));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
