package dev.feast.aws.api.v1alpha1;

/** Whether requests are traced with X-Ray. */
public enum Tracing {
  /** Those that their callers trace. */
  PassThrough,
  /** A sample of all, and those that their callers trace. */
  Active
}
