package dev.feast.aws.operator.policy;

/**
 * What the FeatureServers of a namespace may ask for.
 *
 * @param executionRoles for their functions, as the spec gives them: by ARN or by name
 * @param publicEndpoints whether an endpoint may answer everybody who knows its URL
 * @param imageHosts registries that the operator may copy their images from
 */
public record TenantRules(Patterns executionRoles, boolean publicEndpoints, ImageHosts imageHosts) {

  /** What an operator without a policy file allows: all that its own IAM role allows. */
  public static final TenantRules DEFAULT = new TenantRules(Patterns.ALL, true, ImageHosts.PUBLIC);
}
