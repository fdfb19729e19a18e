package dev.feast.aws.operator.policy;

/**
 * What the FeatureServers of a namespace may ask for.
 *
 * @param executionRoles for their functions, as the spec gives them: by ARN or by name
 * @param assumeRoles ARNs of roles that the operator may act as for them
 * @param publicEndpoints whether an endpoint may answer everybody who knows its URL
 * @param imageHosts registries that the operator may copy their images from
 * @param adoptions whose API they may take over, as the annotation says it
 */
public record TenantRules(
    Patterns executionRoles,
    Patterns assumeRoles,
    boolean publicEndpoints,
    ImageHosts imageHosts,
    Patterns adoptions) {

  /** What an operator without a policy file allows: all that it may do as itself. */
  public static final TenantRules DEFAULT =
      new TenantRules(Patterns.ALL, Patterns.NONE, true, ImageHosts.PUBLIC, Patterns.ALL);
}
