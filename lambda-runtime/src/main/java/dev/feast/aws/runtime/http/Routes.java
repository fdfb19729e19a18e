package dev.feast.aws.runtime.http;

import dev.feast.aws.runtime.log.Log;
import java.util.Map;

/** Finds the handler of a request, and turns every way to fail into an answer. */
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
          ErrorCode.NOT_FOUND,
          "there is no "
              + Excerpt.of(request.path())
              + "; there are "
              + String.join(", ", sortedPaths()));
    }
    if (!route.method().equals(request.method())) {
      return Answer.error(
          ErrorCode.METHOD_NOT_ALLOWED,
          Map.of("allow", route.method()),
          request.path() + " takes " + route.method() + ", not " + Excerpt.of(request.method()));
    }
    try {
      return route.handler().handle(request);
    } catch (Refusal refusal) {
      return Answer.error(refusal.code(), refusal.detail());
    } catch (RuntimeException e) {
      Log.error("a request was not answered: a fault in the feature server", e);
      return Answer.error(ErrorCode.INTERNAL, "a fault in the feature server; its log says more");
    }
  }

  private Iterable<String> sortedPaths() {
    return routes.keySet().stream().sorted().toList();
  }
}
