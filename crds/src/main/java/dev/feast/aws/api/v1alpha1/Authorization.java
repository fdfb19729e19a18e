package dev.feast.aws.api.v1alpha1;

/** Who may ask an endpoint. The constants are spelled as in the YAML. */
public enum Authorization {
  /** Everybody who knows the URL. */
  None,
  /** Who sends one of the keys of {@link ApiKeys}. */
  APIKey
}
