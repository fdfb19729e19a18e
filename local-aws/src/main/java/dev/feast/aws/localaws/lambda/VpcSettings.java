package dev.feast.aws.localaws.lambda;

import java.util.List;

/**
 * The subnets and security groups of a function that is attached to a VPC; empty lists: it is not.
 */
record VpcSettings(List<String> subnetIds, List<String> securityGroupIds) {
  static final VpcSettings NONE = new VpcSettings(List.of(), List.of());

  VpcSettings {
    subnetIds = List.copyOf(subnetIds);
    securityGroupIds = List.copyOf(securityGroupIds);
  }

  boolean isNone() {
    return subnetIds.isEmpty();
  }
}
