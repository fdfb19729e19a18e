package dev.feast.aws.api.v1alpha1;

/**
 * What becomes of values that are older than their feature view's ttl. The constants are spelled as
 * in the YAML.
 */
public enum StaleFeatures {
  /** They are served as any other, as Feast's servers do. */
  Serve,
  /** They are served with the status OUTSIDE_MAX_AGE. */
  Flag,
  /** They are left out, with the status OUTSIDE_MAX_AGE. */
  Withhold
}
