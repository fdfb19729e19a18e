package dev.feast.aws.runtime.entitykey;

/** A join key's value in one of the types that Feast can put into an entity key. */
public sealed interface KeyValue {

  record Text(String value) implements KeyValue {}

  record Int32(int value) implements KeyValue {}

  record Int64(long value) implements KeyValue {}

  /**
   * @param seconds since 1970
   */
  record UnixTimestamp(long seconds) implements KeyValue {}

  /**
   * @param value not copied
   */
  @SuppressWarnings("ArrayRecordComponent") // Only ever written out, never compared.
  record Bytes(byte[] value) implements KeyValue {}
}
