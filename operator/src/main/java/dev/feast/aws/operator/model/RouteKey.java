package dev.feast.aws.operator.model;

import java.util.List;
import java.util.Locale;

/** A route of the HTTP API, as in {@code POST /get-online-features}. */
public record RouteKey(String method, String path) {

  /**
   * Every route that the runtime answers; all exist from the start, under the same authorization.
   */
  public static final List<RouteKey> ALL =
      List.of(
          new RouteKey("POST", "/get-online-features"),
          new RouteKey("POST", "/v2/get-online-features"),
          new RouteKey("GET", "/health"));

  /** API Gateway's own notation. */
  public String key() {
    return method + " " + path;
  }

  /**
   * The id of the permission statement that lets the API invoke the function for this route. The
   * same for the same route always, so that a second AddPermission conflicts instead of adding a
   * second statement.
   */
  public String statementId() {
    return STATEMENT_PREFIX + method.toLowerCase(Locale.ROOT) + path.replace('/', '-');
  }

  /** Statements whose id starts so are the operator's; others on the alias are left alone. */
  public static final String STATEMENT_PREFIX = "feast-";
}
