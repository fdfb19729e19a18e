package dev.feast.aws.runtime.entitykey;

/** Feast's {@code entity_key_serialization_version}. */
public enum EntityKeyVersion {
  /** INT64 in four bytes. */
  V1,
  /** INT64 in eight bytes. */
  V2,
  /** Counts and lengths before the names, so that a key can be read back. */
  V3;

  /**
   * @param number 1, 2 or 3
   */
  public static EntityKeyVersion of(int number) {
    return values()[number - 1];
  }
}
