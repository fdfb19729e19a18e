package dev.feast.aws.runtime.lookup;

/** Feast's {@code FieldStatus}, as far as its servers use it. */
enum Status {
  PRESENT,
  NOT_FOUND,
  OUTSIDE_MAX_AGE
}
