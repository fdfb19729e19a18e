package dev.feast.aws.localaws.sts;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The access keys of roles, most of them issued here, for as long as the process lives. */
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

  /**
   * The account of a role.
   *
   * @throws IllegalArgumentException when that is not the ARN of a role; see {@link #isRoleArn}
   */
  public static String accountOf(String roleArn) {
    return role(roleArn).group(1);
  }

  private static Matcher role(String arn) {
    Matcher role = ROLE_ARN.matcher(arn);
    if (!role.matches()) {
      throw new IllegalArgumentException(arn + " is not the ARN of an IAM role");
    }
    return role;
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
    SessionKeys keys =
        keys(
            "ASIA" + randomId(16),
            randomBase64(30),
            randomBase64(192),
            clock.instant().plus(validity),
            roleArn,
            sessionName);
    byAccessKeyId.put(keys.accessKeyId(), keys);
    return keys;
  }

  /**
   * Makes keys known that somebody chose, as those of a role, without a session token or an end.
   *
   * @throws IllegalArgumentException when that is not the ARN of a role; see {@link #isRoleArn}
   */
  public void add(String accessKeyId, String secretAccessKey, String roleArn) {
    byAccessKeyId.put(
        accessKeyId, keys(accessKeyId, secretAccessKey, "", Instant.MAX, roleArn, accessKeyId));
  }

  private static SessionKeys keys(
      String accessKeyId,
      String secretAccessKey,
      String sessionToken,
      Instant expiration,
      String roleArn,
      String sessionName) {
    Matcher role = role(roleArn);
    return new SessionKeys(
        accessKeyId,
        secretAccessKey,
        sessionToken,
        expiration,
        role.group(1),
        "arn:aws:sts::%s:assumed-role/%s/%s".formatted(role.group(1), role.group(2), sessionName),
        roleId(roleArn) + ":" + sessionName);
  }

  /** The keys under that id, expired ones included; empty for an id that is no role's. */
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
