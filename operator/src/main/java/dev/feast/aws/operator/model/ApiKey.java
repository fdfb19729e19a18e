package dev.feast.aws.operator.model;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A key with which callers may ask. It is sent by the probe and nowhere else; what a function is
 * given is its digest. Its text form shows nothing of it: records end up in logs.
 */
public record ApiKey(String value) {

  /** SHA-256 of its UTF-8, in lower-case hex. */
  public String sha256() {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(value.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  @Override
  public String toString() {
    return "ApiKey[***]";
  }
}
