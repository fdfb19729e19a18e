package dev.feast.aws.operator.model;

/**
 * A region of an account, and the ARNs of what lies in it. ARNs are put together here only:
 * partitions (China, GovCloud) differ in the second field.
 *
 * @param partition the ARN's second field, as in the caller's own ARN
 * @param principalSuffix what follows the service in a service principal; the commercial
 *     partition's DNS suffix, which Lambda and API Gateway use in every partition
 * @param account twelve digits
 */
public record Location(String partition, String principalSuffix, String account, String region) {

  public String function(String name) {
    return "arn:%s:lambda:%s:%s:function:%s".formatted(partition, region, account, name);
  }

  /** An alias or a version of a function: it has a resource policy of its own. */
  public String qualifiedFunction(String name, String qualifier) {
    return function(name) + ":" + qualifier;
  }

  public String logGroup(String name) {
    return "arn:%s:logs:%s:%s:log-group:%s".formatted(partition, region, account, name);
  }

  public String api(String apiId) {
    return "arn:%s:apigateway:%s::/apis/%s".formatted(partition, region, apiId);
  }

  /** What API Gateway names as the source when it invokes a function for this route. */
  public String invocation(String apiId, String stage, RouteKey route) {
    return "arn:%s:execute-api:%s:%s:%s/%s/%s%s"
        .formatted(partition, region, account, apiId, stage, route.method(), route.path());
  }

  public String servicePrincipal(String service) {
    return service + "." + principalSuffix;
  }
}
