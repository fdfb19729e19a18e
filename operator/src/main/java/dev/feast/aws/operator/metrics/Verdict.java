package dev.feast.aws.operator.metrics;

/** What the webhook says to a change of a FeatureServer. */
public enum Verdict {
  ADMITTED,
  /** Admitted, with something to think about. */
  WARNED,
  REFUSED,
  /** The operator failed: the chart's failurePolicy decides. */
  ERROR
}
