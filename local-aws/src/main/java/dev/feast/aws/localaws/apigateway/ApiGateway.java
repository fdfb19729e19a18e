package dev.feast.aws.localaws.apigateway;

import dev.feast.aws.localaws.lambda.Invoker;
import dev.feast.aws.localaws.rest.RestOperation;
import dev.feast.aws.localaws.spi.Installation;
import java.util.List;
import java.util.stream.Stream;

/**
 * API Gateway as a whole.
 *
 * @param control told by SigV4's scope
 * @param endpoints everything under {@code /_apis/}
 */
public record ApiGateway(ApiGatewayService control, Endpoints endpoints) {
  /** Starts with no APIs. */
  public static ApiGateway start(Installation installation, Invoker functions) {
    var apis = new Apis();
    List<RestOperation> operations =
        Stream.of(
                new ApiOperations(apis, installation.endpoint(), installation.clock()).operations(),
                new IntegrationOperations(apis).operations(),
                new RouteOperations(apis).operations(),
                new StageOperations(apis, installation.clock()).operations())
            .flatMap(List::stream)
            .toList();
    return new ApiGateway(
        new ApiGatewayService(operations), new Endpoints(apis, functions, installation.clock()));
  }
}
