package dev.feast.aws.operator.aws;

import org.jspecify.annotations.Nullable;

/** AWS by region, with the operator's own credentials or those of a role that it assumes. */
public interface AwsRegions {

  /**
   * The region, as the account that the credentials belong to sees it; that account is asked for
   * again from time to time.
   *
   * @param role null: the operator acts as itself
   * @throws AwsException when there are no usable credentials, or no such region
   */
  AwsRegion in(String region, @Nullable AssumedRole role);
}
