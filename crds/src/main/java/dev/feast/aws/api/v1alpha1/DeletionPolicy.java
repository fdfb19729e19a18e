package dev.feast.aws.api.v1alpha1;

/** What deletion leaves behind in AWS. The constants are spelled as in the YAML. */
public enum DeletionPolicy {
  /** API, function and repository are deleted. */
  Delete,
  /** Everything is left as it is, serving. */
  Retain
}
