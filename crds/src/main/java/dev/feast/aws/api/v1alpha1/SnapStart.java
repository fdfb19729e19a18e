package dev.feast.aws.api.v1alpha1;

/** Which versions of the function start from a snapshot; the names are Lambda's own. */
public enum SnapStart {
  /** None: each environment is initialized. */
  None,
  /** Those that are published, so all that serve. */
  PublishedVersions
}
