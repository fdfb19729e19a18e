package dev.feast.aws.api.v1alpha1;

/** Whether a new version has to prove itself before it gets the traffic. */
public enum RolloutStrategy {
  /** It is probed first; one that fails gets no traffic. */
  Verified,
  /** It gets the traffic as soon as Lambda has prepared it. */
  Direct
}
