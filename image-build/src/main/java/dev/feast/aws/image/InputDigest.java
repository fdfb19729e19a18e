package dev.feast.aws.image;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The SHA-256 of everything that decides how something that was built looks: as long as it stays
 * the same, what was built is kept.
 */
public final class InputDigest {
  private final MessageDigest digest;

  public InputDigest() {
    try {
      this.digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  public InputDigest add(String name, String value) {
    // Lengths first, so that no two lists of inputs run together into the same bytes.
    String framed = name.length() + ":" + name + value.length() + ":" + value;
    digest.update(framed.getBytes(StandardCharsets.UTF_8));
    return this;
  }

  /** Adds a file's name (not its folder: a build that was moved is the same build) and content. */
  public InputDigest addFile(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return add(file.getFileName().toString(), in);
    }
  }

  public InputDigest add(String name, InputStream content) throws IOException {
    var inner = new InputDigest();
    content.transferTo(new DigestOutputStream(OutputStream.nullOutputStream(), inner.digest));
    return add(name, inner.hex());
  }

  /** The digest in hexadecimal; nothing can be added afterwards. */
  public String hex() {
    return HexFormat.of().formatHex(digest.digest());
  }
}
