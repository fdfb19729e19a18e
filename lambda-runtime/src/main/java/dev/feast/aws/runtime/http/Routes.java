package dev.feast.aws.runtime.http;

import java.util.Map;

/** The routes; they exist whatever the endpoint's authorization is. */
public final class Routes implements Handler {

  private final Map<String, Route> routes;

  /**
   * @param method the one that the route takes
   */
  public record Route(String method, Handler handler) {}

  /**
   * @param routes by their exact path
   */
  public Routes(Map<String, Route> routes) {
    this.routes = Map.copyOf(routes);
  }

  @Override
  public Answer handle(Request request) {
    Route route = routes.get(request.path());
    if (route == null) {
      return Answer.error(
          404,
          Map.of(),
          "NOT_FOUND",
          "there is no " + request.path() + "; there are " + String.join(", ", sortedPaths()));
    }
    if (!route.method().equals(request.method())) {
      return Answer.error(
          405,
          Map.of("allow", route.method()),
          "METHOD_NOT_ALLOWED",
          request.path() + " takes " + route.method() + ", not " + request.method());
    }
    return route.handler().handle(request);
  }

  private Iterable<String> sortedPaths() {
    return routes.keySet().stream().sorted().toList();
  }
}
