package dev.feast.aws.runtime.http;

import java.util.Map;

/** Every error that a client can get; the names are part of the API. */
public enum ErrorCode {
  /** The request cannot be right, whatever the store holds. */
  INVALID_REQUEST(400),
  /** A requested view is found by a join key that the request does not have. */
  MISSING_ENTITY(400),
  /** A join key's value does not fit its declared type. */
  INVALID_ENTITY_VALUE(400),
  /** Two columns of the answer would have one name. */
  FEATURE_NAME_COLLISION(400),
  /** An API key is needed, and none was given. */
  UNAUTHORIZED(401, Map.of("www-authenticate", "Bearer")),
  /** The API key that was given is not one of the feature server's. */
  FORBIDDEN(403),
  NOT_FOUND(404),
  FEATURE_VIEW_NOT_FOUND(404),
  FEATURE_NOT_FOUND(404),
  FEATURE_SERVICE_NOT_FOUND(404),
  METHOD_NOT_ALLOWED(405),
  REQUEST_TOO_LARGE(413),
  RESPONSE_TOO_LARGE(413),
  INTERNAL(500),
  /** The store holds bytes that are no Feast value. */
  CORRUPT_VALUE(500),
  ON_DEMAND_FEATURE_VIEW(501),
  UNSUPPORTED_TYPE(501),
  /** More requests at once than are read at once; on a port only. */
  OVERLOADED(503, Map.of("retry-after", "1")),
  REGISTRY_UNAVAILABLE(503, Map.of("retry-after", "1")),
  ONLINE_STORE_THROTTLED(503, Map.of("retry-after", "1")),
  ONLINE_STORE_UNREACHABLE(503, Map.of("retry-after", "1")),
  /** The online store refuses: permissions or a table are missing. Trying again does not help. */
  ONLINE_STORE_REFUSED(503);

  private final int status;
  private final Map<String, String> headers;

  ErrorCode(int status) {
    this(status, Map.of());
  }

  ErrorCode(int status, Map<String, String> headers) {
    this.status = status;
    this.headers = headers;
  }

  public int status() {
    return status;
  }

  Map<String, String> headers() {
    return headers;
  }
}
