package dev.feast.aws.operator.model;

/** Whose an AWS object is. */
public sealed interface Ownership {
  record Ours() implements Ownership {}

  /**
   * Somebody else's, or nobody's.
   *
   * @param whose a clause for people, as in "it belongs to FeatureServer team/dev"
   */
  record Foreign(String whose) implements Ownership {}
}
