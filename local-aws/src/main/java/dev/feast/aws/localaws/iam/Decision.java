package dev.feast.aws.localaws.iam;

/** What policies say of a call. */
enum Decision {
  ALLOWED,
  /** Nothing allows it. */
  NOT_ALLOWED,
  /** Something denies it, whatever else allows it. */
  DENIED
}
