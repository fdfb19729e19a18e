package dev.feast.aws.operator.aws;

/** AWS by region, with the operator's own credentials. */
public interface AwsRegions {

  /**
   * The region, as the account that the credentials belong to sees it; that account is asked for
   * again from time to time.
   *
   * @throws AwsException when there are no usable credentials, or no such region
   */
  AwsRegion in(String region);
}
