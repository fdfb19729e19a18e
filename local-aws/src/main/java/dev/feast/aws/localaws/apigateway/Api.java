package dev.feast.aws.localaws.apigateway;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** An HTTP API with all that belongs to it. Callers that read and then change hold its lock. */
final class Api {
  private final String id;
  private final String account;
  private final String region;
  private final Instant createdAt;
  private final TreeMap<String, Integration> integrations = new TreeMap<>();
  private final TreeMap<String, Authorizer> authorizers = new TreeMap<>();
  private final TreeMap<String, Route> routes = new TreeMap<>();
  private final TreeMap<String, Stage> stages = new TreeMap<>();
  private final TreeMap<String, String> tags = new TreeMap<>();
  private String name;
  private String description = "";
  private boolean endpointDisabled;
  private Optional<Cors> cors = Optional.empty();

  Api(String id, String account, String region, String name, Instant createdAt) {
    this.id = id;
    this.account = account;
    this.region = region;
    this.name = name;
    this.createdAt = createdAt;
  }

  /** As it is now, whatever becomes of it. */
  synchronized Api copy() {
    var copy = new Api(id, account, region, name, createdAt);
    copy.integrations.putAll(integrations);
    copy.authorizers.putAll(authorizers);
    copy.routes.putAll(routes);
    copy.stages.putAll(stages);
    copy.tags.putAll(tags);
    copy.description = description;
    copy.endpointDisabled = endpointDisabled;
    copy.cors = cors;
    return copy;
  }

  String id() {
    return id;
  }

  String account() {
    return account;
  }

  String region() {
    return region;
  }

  Instant createdAt() {
    return createdAt;
  }

  synchronized String name() {
    return name;
  }

  synchronized void name(String value) {
    name = value;
  }

  synchronized String description() {
    return description;
  }

  synchronized void description(String value) {
    description = value;
  }

  synchronized boolean endpointDisabled() {
    return endpointDisabled;
  }

  synchronized void endpointDisabled(boolean value) {
    endpointDisabled = value;
  }

  /** Empty where preflight requests are answered as any other. */
  synchronized Optional<Cors> cors() {
    return cors;
  }

  synchronized void cors(Optional<Cors> value) {
    cors = value;
  }

  synchronized Map<String, String> tags() {
    return new TreeMap<>(tags);
  }

  synchronized void tag(Map<String, String> more) {
    tags.putAll(more);
  }

  synchronized void untag(Collection<String> keys) {
    tags.keySet().removeAll(keys);
  }

  synchronized List<Integration> integrations() {
    return List.copyOf(integrations.values());
  }

  synchronized Optional<Integration> integration(String integrationId) {
    return Optional.ofNullable(integrations.get(integrationId));
  }

  synchronized void put(Integration integration) {
    integrations.put(integration.id(), integration);
  }

  synchronized void removeIntegration(String integrationId) {
    integrations.remove(integrationId);
  }

  synchronized List<Authorizer> authorizers() {
    return List.copyOf(authorizers.values());
  }

  synchronized Optional<Authorizer> authorizer(String authorizerId) {
    return Optional.ofNullable(authorizers.get(authorizerId));
  }

  synchronized void put(Authorizer authorizer) {
    authorizers.put(authorizer.id(), authorizer);
  }

  synchronized void removeAuthorizer(String authorizerId) {
    authorizers.remove(authorizerId);
  }

  synchronized List<Route> routes() {
    return List.copyOf(routes.values());
  }

  synchronized Optional<Route> route(String routeId) {
    return Optional.ofNullable(routes.get(routeId));
  }

  synchronized void put(Route route) {
    routes.put(route.id(), route);
  }

  synchronized void removeRoute(String routeId) {
    routes.remove(routeId);
  }

  synchronized List<Stage> stages() {
    return List.copyOf(stages.values());
  }

  synchronized Optional<Stage> stage(String stageName) {
    return Optional.ofNullable(stages.get(stageName));
  }

  synchronized void put(Stage stage) {
    stages.put(stage.name(), stage);
  }

  synchronized void removeStage(String stageName) {
    stages.remove(stageName);
  }
}
