package dev.feast.aws.operator.model;

/**
 * What there is in AWS only where a spec asks for it, or did. It is looked for only then: that
 * takes calls, and permissions that few need.
 */
public enum OptionalPart {
  PROVISIONED_CONCURRENCY,
  LOG_GROUP
}
