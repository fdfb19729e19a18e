package dev.feast.aws.operator.model;

import java.util.EnumSet;
import java.util.Set;

/**
 * What there is in AWS only where a spec asks for it, or did, or where something went wrong. It is
 * looked for only then: that takes calls, and permissions that few need.
 */
public enum OptionalPart {
  PROVISIONED_CONCURRENCY,
  LOG_GROUP,
  JWT_AUTHORIZER,

  /** An API that nobody knows of, as AWS' answer to its creation was lost and listings are late. */
  SECOND_API;

  /** What is in either, in an order that never changes. */
  public static Set<OptionalPart> union(Set<OptionalPart> one, Set<OptionalPart> other) {
    Set<OptionalPart> all = EnumSet.noneOf(OptionalPart.class);
    all.addAll(one);
    all.addAll(other);
    return all;
  }
}
