package dev.feast.aws.operator.model;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * A lookup of the user's own, which a new version must answer with 200.
 *
 * @param route POST and a path of the runtime's
 * @param request the body, JSON
 * @param expected what the answer must hold; null where any will do
 */
public record ProbeLookup(RouteKey route, String request, @Nullable JsonNode expected) {
  /** It names entities, which are nobody's business in a log. */
  @Override
  public String toString() {
    return "ProbeLookup[" + route.key() + "]";
  }
}
