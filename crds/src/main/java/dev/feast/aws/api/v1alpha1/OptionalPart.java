package dev.feast.aws.api.v1alpha1;

/**
 * What a FeatureServer has in AWS only where its spec asks for it, or where something went wrong.
 */
public enum OptionalPart {
  /** Of one or more versions of the function. */
  ProvisionedConcurrency,
  /** The function's, made by the operator. */
  LogGroup,
  /** Of the API. */
  JwtAuthorizer,
  /** One that was made before and that AWS did not show when it was looked for. */
  SecondApi
}
