package dev.feast.aws.localaws.sts;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The access keys that were issued here, for as long as the process lives. */
public final class IssuedKeys {
  private static final Pattern ROLE_ARN =
      Pattern.compile("arn:[a-z-]+:iam::(\\d{12}):role/(?:[\\x21-\\x7e]*/)?([\\w+=,.@-]{1,64})");
  private static final String ID_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

  private final Clock clock;
  private final SecureRandom random = new SecureRandom();
  private final Map<String, SessionKeys> byAccessKeyId = new ConcurrentHashMap<>();

  public IssuedKeys(Clock clock) {
    this.clock = clock;
  }

  /** Whether that is the ARN of an IAM role. */
  public static boolean isRoleArn(String arn) {
    return ROLE_ARN.matcher(arn).matches();
  }

  /**
   * Issues keys for a role, in the account of its ARN.
   *
   * @throws IllegalArgumentException when that is not the ARN of a role; see {@link #isRoleArn}
   */
  public SessionKeys issue(String roleArn, String sessionName, Duration validity) {
    Matcher role = ROLE_ARN.matcher(roleArn);
    if (!role.matches()) {
      throw new IllegalArgumentException(roleArn + " is not the ARN of an IAM role");
    }
    String account = role.group(1);
    var keys =
        new SessionKeys(
            "ASIA" + randomId(16),
            randomBase64(30),
            randomBase64(192),
            clock.instant().plus(validity),
            account,
            "arn:aws:sts::%s:assumed-role/%s/%s".formatted(account, role.group(2), sessionName),
            roleId(roleArn) + ":" + sessionName);
    byAccessKeyId.put(keys.accessKeyId(), keys);
    return keys;
  }

  /** The keys under that id, expired ones included; empty for an id that was not issued here. */
  public Optional<SessionKeys> find(String accessKeyId) {
    return Optional.ofNullable(byAccessKeyId.get(accessKeyId));
  }

  /** A role keeps its id for as long as it has its name. */
  private static String roleId(String roleArn) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(roleArn.getBytes(StandardCharsets.UTF_8));
      var id = new StringBuilder("AROA");
      for (int i = 0; i < 16; i++) {
        id.append(ID_ALPHABET.charAt(hash[i] & 31));
      }
      return id.toString();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private String randomId(int length) {
    var id = new StringBuilder();
    for (int i = 0; i < length; i++) {
      id.append(ID_ALPHABET.charAt(random.nextInt(ID_ALPHABET.length())));
    }
    return id.toString();
  }

  private String randomBase64(int bytes) {
    byte[] noise = new byte[bytes];
    random.nextBytes(noise);
    return Base64.getEncoder().encodeToString(noise);
  }
}
