package dev.feast.aws.api.v1alpha1;

/** How far the adoption of an API is, in this order. */
public enum AdoptionPhase {
  /** It is about to be tagged as this FeatureServer's; nobody knows yet whether it was. */
  Claiming,
  /** It is this FeatureServer's, and leads to its former function. */
  Claimed,
  /** It leads to this FeatureServer's function; the former one is there still. */
  Switched,
  /** The endpoint has answered since then: what it led to before is being removed. */
  Replaced,
  /** Over: nothing tells the API from another. */
  Ended
}
