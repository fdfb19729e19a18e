package dev.feast.aws.localaws.ecr;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/** The digest of a blob or manifest; ECR takes SHA-256 only. */
public record Digest(String hex) {
  private static final Pattern FORM = Pattern.compile("sha256:([0-9a-f]{64})");

  /** Reads {@code sha256:<64 hex digits>}; empty for anything else. */
  public static Optional<Digest> parse(String text) {
    var matcher = FORM.matcher(text);
    return matcher.matches() ? Optional.of(new Digest(matcher.group(1))) : Optional.empty();
  }

  static Digest of(byte[] content) {
    return new Digest(HexFormat.of().formatHex(sha256().digest(content)));
  }

  static Digest finish(MessageDigest hash) {
    return new Digest(HexFormat.of().formatHex(hash.digest()));
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  @Override
  public String toString() {
    return "sha256:" + hex;
  }
}
