package dev.feast.aws.localaws.apigateway;

import dev.feast.aws.localaws.lambda.Invoker;
import dev.feast.aws.localaws.logs.LogGroups;
import dev.feast.aws.localaws.rest.RestOperation;
import dev.feast.aws.localaws.spi.Installation;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * API Gateway as a whole.
 *
 * @param control told by SigV4's scope
 * @param endpoints everything under {@code /_apis/}
 */
public record ApiGateway(ApiGatewayService control, Endpoints endpoints) {
  /**
   * Starts with no APIs.
   *
   * @param deployTime until callers meet what was changed of one
   */
  public static ApiGateway start(
      Installation installation, Invoker functions, LogGroups logGroups, Duration deployTime) {
    var apis = new Apis();
    var deployments = new Deployments(apis, deployTime, installation.clock());
    var issuers = new Issuers();
    List<RestOperation> operations =
        Stream.of(
                new ApiOperations(apis, installation.endpoint(), installation.clock()).operations(),
                new IntegrationOperations(apis).operations(),
                new AuthorizerOperations(apis, issuers).operations(),
                new RouteOperations(apis).operations(),
                new StageOperations(apis, logGroups, installation.iam(), installation.clock())
                    .operations())
            .flatMap(List::stream)
            .map(deployments::deploying)
            .toList();
    return new ApiGateway(
        new ApiGatewayService(operations, new ApiGatewayPermissions(apis)),
        new Endpoints(
            apis,
            deployments,
            functions,
            new Gatekeeper(
                issuers,
                new Tokens(issuers, installation.clock()),
                new Signers(installation.keys(), installation.iam()),
                new Throttle(installation.clock())),
            new AccessLogs(logGroups),
            installation.clock()));
  }
}
