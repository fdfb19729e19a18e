package dev.feast.aws.operator.model;

import java.util.Collection;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/** The VPC that a function is attached to, by subnets and security groups; their order is none. */
public record VpcAttachment(SortedSet<String> subnetIds, SortedSet<String> securityGroupIds) {

  /** Attached to none. */
  public static final VpcAttachment NONE =
      new VpcAttachment(Collections.emptySortedSet(), Collections.emptySortedSet());

  public static VpcAttachment of(
      Collection<String> subnetIds, Collection<String> securityGroupIds) {
    return new VpcAttachment(new TreeSet<>(subnetIds), new TreeSet<>(securityGroupIds));
  }

  public VpcAttachment {
    subnetIds = Collections.unmodifiableSortedSet(subnetIds);
    securityGroupIds = Collections.unmodifiableSortedSet(securityGroupIds);
  }
}
