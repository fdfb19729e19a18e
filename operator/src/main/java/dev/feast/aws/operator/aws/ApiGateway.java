package dev.feast.aws.operator.aws;

import dev.feast.aws.operator.model.ObservedStack.Api;
import dev.feast.aws.operator.model.ObservedStack.Integration;
import dev.feast.aws.operator.model.ObservedStack.Route;
import dev.feast.aws.operator.model.ObservedStack.Stage;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * API Gateway's HTTP APIs in one account and region. Each method is one call (a listing: one for
 * each page) and throws {@link AwsException}.
 */
public interface ApiGateway {

  /** The API alone; its integrations, routes and stage are read by the methods below. */
  Optional<Api> find(String apiId);

  /**
   * All APIs of the account and region, oldest first; calls that come together share one listing.
   */
  List<Api> list();

  List<Integration> integrations(String apiId);

  List<Route> routes(String apiId);

  Optional<Stage> stage(String apiId, String stage);

  Api create(String name, Map<String, String> tags);

  /** Sets the name and switches the endpoint on. */
  void update(String apiId, String name);

  void tag(String apiArn, Map<String, String> tags);

  void untag(String apiArn, Collection<String> keys);

  Integration createIntegration(String apiId, String uri, String payloadFormat);

  Integration updateIntegration(
      String apiId, String integrationId, String uri, String payloadFormat);

  void deleteIntegration(String apiId, String integrationId);

  /** An open route. */
  Route createRoute(String apiId, String routeKey, String target);

  Route updateRoute(String apiId, String routeId, String routeKey, String target);

  void deleteRoute(String apiId, String routeId);

  /** A stage to which changes are deployed by themselves. */
  Stage createStage(String apiId, String stage);

  Stage updateStage(String apiId, String stage);

  void delete(String apiId);
}
