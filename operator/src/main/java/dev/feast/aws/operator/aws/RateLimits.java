package dev.feast.aws.operator.aws;

/**
 * Control-plane calls per second that the operator allows itself for each account and region. The
 * defaults are AWS' own limits; where other tools use the same account, less leaves room for them.
 *
 * @param lambda all operations without a limit of their own but Invoke, which is none of the
 *     control plane's (AWS: 15)
 * @param lambdaGetFunction GetFunction (AWS: 100)
 * @param lambdaGetPolicy GetPolicy (AWS: 15)
 * @param apiGateway all operations together (AWS: 10)
 * @param apiGatewayBurst how many of them at once (AWS: 40)
 * @param sts GetCallerIdentity, over all accounts and regions; AWS allows far more, and one a
 *     minute and region is all there should be
 * @param ecr all operations together; AWS allows most of them far more
 */
public record RateLimits(
    double lambda,
    double lambdaGetFunction,
    double lambdaGetPolicy,
    double apiGateway,
    int apiGatewayBurst,
    double ecr,
    double sts) {

  /**
   * CloudWatch Logs, all operations together (AWS: 10 for the slowest). Only FeatureServers with
   * {@code logRetentionDays} call it.
   */
  static final double LOGS = 10;

  public static final RateLimits AWS_QUOTAS = new RateLimits(15, 100, 15, 10, 40, 50, 5);
}
