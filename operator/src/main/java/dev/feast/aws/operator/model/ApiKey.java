package dev.feast.aws.operator.model;

/**
 * A key with which callers may ask. It is sent by the probe and nowhere else; what a function is
 * given is its digest. Its text form shows nothing of it: records end up in logs.
 */
public record ApiKey(String value) {
  /**
   * The variable by which a function has the digests of the keys, with commas; not set where it
   * asks for none.
   */
  public static final String DIGESTS = "FEATURE_SERVER_API_KEY_SHA256";

  /** SHA-256 of its UTF-8, in lower-case hex. */
  public String sha256() {
    return Sha256.hex(value);
  }

  @Override
  public String toString() {
    return "ApiKey[***]";
  }
}
