package dev.feast.aws.api.v1alpha1;

/** Who may ask an endpoint. The constants are spelled as in the YAML. */
public enum Authorization {
  /** Everybody who knows the URL. */
  None,
  /** Who sends one of the keys of {@link ApiKeys}. */
  APIKey,
  /** Who signs requests with AWS credentials of the account that allow execute-api:Invoke. */
  IAM,
  /** Who sends a token of the issuer of {@link JwtSpec}. */
  JWT
}
