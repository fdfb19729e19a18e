package dev.feast.aws.runtime.lookup;

/** A value of an entity column as it stands in the request, before it takes a declared type. */
sealed interface EntityValue {

  record Text(String value) implements EntityValue {}

  /** A number without fraction and exponent that fits 64 bits. */
  record Whole(long value) implements EntityValue {}

  /**
   * Any other number.
   *
   * @param literal as the request has it
   */
  record Decimal(String literal) implements EntityValue {}

  record Bool(boolean value) implements EntityValue {}

  record Null() implements EntityValue {}

  /** An array or an object, which no join key can be. */
  record Nested() implements EntityValue {}
}
