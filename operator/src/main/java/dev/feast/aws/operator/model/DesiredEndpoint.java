package dev.feast.aws.operator.model;

import org.jspecify.annotations.Nullable;

/**
 * The endpoint beside its routes.
 *
 * @param access who may ask; the function knows the digests of the keys by its environment
 * @param cors which web pages may read its answers; null: none of another origin
 * @param throttle of each route; null: what the stage and the account give
 * @param accessLog null where none is written
 */
public record DesiredEndpoint(
    Access access,
    @Nullable Cors cors,
    @Nullable Throttle throttle,
    @Nullable AccessLogWish accessLog) {

  /** Everybody may ask, and nothing is special. */
  public static final DesiredEndpoint OPEN =
      new DesiredEndpoint(new Access.Open(), null, null, null);

  /**
   * Where a line is to be written for each request.
   *
   * @param logGroup a name
   */
  public record AccessLogWish(String logGroup, String format) {
    AccessLog at(Location location) {
      return new AccessLog(location.logGroup(logGroup), format);
    }
  }

  public DesiredEndpoint with(Access now) {
    return new DesiredEndpoint(now, cors, throttle, accessLog);
  }
}
