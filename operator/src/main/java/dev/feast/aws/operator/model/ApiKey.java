package dev.feast.aws.operator.model;

/**
 * A key with which callers may ask. It is sent by the probe and nowhere else; what a function is
 * given is its digest. Its text form shows nothing of it: records end up in logs.
 */
public record ApiKey(String value) {

  /** SHA-256 of its UTF-8, in lower-case hex. */
  public String sha256() {
    return Sha256.hex(value);
  }

  @Override
  public String toString() {
    return "ApiKey[***]";
  }
}
