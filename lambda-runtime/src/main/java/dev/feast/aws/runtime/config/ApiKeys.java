package dev.feast.aws.runtime.config;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The API keys that open the feature server, as {@value #VARIABLE} holds them: only their SHA-256
 * digests, several while a key is being replaced. The keys themselves are nowhere.
 */
public final class ApiKeys {

  static final String VARIABLE = "FEATURE_SERVER_API_KEY_SHA256";

  private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

  private final List<byte[]> digests;

  private ApiKeys(List<byte[]> digests) {
    this.digests = List.copyOf(digests);
  }

  /**
   * Returns nothing where the variable is not set, which means that no key is needed. Whatever else
   * holds no digest is refused, so that a mistake never opens the server.
   */
  public static Optional<ApiKeys> of(Map<String, String> environment) throws ConfigException {
    String text = environment.get(VARIABLE);
    if (text == null) {
      return Optional.empty();
    }
    String[] entries = text.split(",", -1);
    List<byte[]> digests = new ArrayList<>();
    for (int i = 0; i < entries.length; i++) {
      if (!DIGEST.matcher(entries[i]).matches()) {
        // Without what was found: it may be the key itself.
        throw new ConfigException(
            VARIABLE
                + " is set, but entry "
                + (i + 1)
                + " of "
                + entries.length
                + " is no SHA-256 digest: 64 digits 0-9a-f are needed, with commas between"
                + " digests");
      }
      digests.add(HexFormat.of().parseHex(entries[i]));
    }
    return Optional.of(new ApiKeys(digests));
  }

  /** Takes the same time whichever digest fits, and whether one does. */
  public boolean accept(String key) {
    byte[] given = sha256(key);
    boolean accepted = false;
    for (byte[] digest : digests) {
      accepted |= MessageDigest.isEqual(digest, given);
    }
    return accepted;
  }

  private static byte[] sha256(String key) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
