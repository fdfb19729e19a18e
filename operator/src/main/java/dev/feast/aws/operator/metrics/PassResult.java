package dev.feast.aws.operator.metrics;

/** What a pass over a FeatureServer came to. */
public enum PassResult {
  /** The endpoint serves the spec. */
  COMPLETE,
  /** It does, and something that no caller notices is left to do. */
  TIDYING,
  /** Work goes on, or waits for something. */
  RECONCILING,
  /** Nothing more will happen until someone changes something. */
  STALLED,
  /** Suspended or disabled. */
  OFF,
  /** It was deleted, and nothing keeps it any more. */
  GONE,
  /** The pass threw. */
  ERROR
}
