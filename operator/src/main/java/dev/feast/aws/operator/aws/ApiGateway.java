package dev.feast.aws.operator.aws;

import dev.feast.aws.operator.model.Access;
import dev.feast.aws.operator.model.AccessLog;
import dev.feast.aws.operator.model.Cors;
import dev.feast.aws.operator.model.ObservedStack.Api;
import dev.feast.aws.operator.model.ObservedStack.Authorizer;
import dev.feast.aws.operator.model.ObservedStack.Guard;
import dev.feast.aws.operator.model.ObservedStack.Integration;
import dev.feast.aws.operator.model.ObservedStack.Route;
import dev.feast.aws.operator.model.ObservedStack.Stage;
import dev.feast.aws.operator.model.Throttle;
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

  void setCors(String apiId, Cors cors);

  void deleteCors(String apiId);

  void tag(String apiArn, Map<String, String> tags);

  void untag(String apiArn, Collection<String> keys);

  Integration createIntegration(String apiId, String uri, String payloadFormat);

  Integration updateIntegration(
      String apiId, String integrationId, String uri, String payloadFormat);

  void deleteIntegration(String apiId, String integrationId);

  List<Authorizer> authorizers(String apiId);

  /** API Gateway asks the issuer for its keys before it takes it. */
  Authorizer createAuthorizer(String apiId, Access.ByJwt jwt);

  Authorizer updateAuthorizer(String apiId, String authorizerId, Access.ByJwt jwt);

  /** Refused while a route names it. */
  void deleteAuthorizer(String apiId, String authorizerId);

  Route createRoute(String apiId, String routeKey, String target, Guard guard);

  /** Sets where it leads, and leaves whom it lets through. */
  void updateRoute(String apiId, String routeId, String routeKey, String target);

  /**
   * Sets whom it lets through, and leaves where it leads.
   *
   * @param before what it has until now
   */
  void updateRoute(String apiId, String routeId, String routeKey, Guard before, Guard guard);

  void deleteRoute(String apiId, String routeId);

  /** A stage to which changes are deployed by themselves. */
  Stage createStage(String apiId, String stage);

  /** Has changes deployed by themselves. */
  void updateStage(String apiId, String stage);

  /**
   * Routes that are not named keep what they have; those that are have to be there.
   *
   * @param throttles by route key
   */
  void throttle(String apiId, String stage, Map<String, Throttle> throttles);

  /** Has a route let through what the stage and the account do. */
  void unthrottle(String apiId, String stage, String routeKey);

  void setAccessLog(String apiId, String stage, AccessLog log);

  void deleteAccessLog(String apiId, String stage);

  void delete(String apiId);
}
