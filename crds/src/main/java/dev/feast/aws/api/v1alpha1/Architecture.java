package dev.feast.aws.api.v1alpha1;

/**
 * What a function's processor is, in the words of OCI. The constants are spelled as in the YAML.
 */
public enum Architecture {
  /** Lambda's x86_64. */
  amd64,
  /** Lambda's arm64, Graviton. */
  arm64
}
