package dev.feast.aws.runtime.http;

import dev.feast.aws.runtime.config.ApiKeys;
import org.jspecify.annotations.Nullable;

/**
 * Hands on only requests that bring an API key: as {@code x-api-key: KEY}, else as {@code
 * Authorization: Bearer KEY}. Stands in front of all routes, those that do not exist among them.
 */
public final class Authorization implements Handler {

  private static final String BEARER = "Bearer ";

  private final ApiKeys keys;
  private final Handler handler;

  public Authorization(ApiKeys keys, Handler handler) {
    this.keys = keys;
    this.handler = handler;
  }

  @Override
  public Answer handle(Request request) {
    String key = keyOf(request);
    if (key == null) {
      return Answer.error(
          ErrorCode.UNAUTHORIZED,
          "an API key is needed, as x-api-key: KEY or Authorization: Bearer KEY");
    }
    if (!keys.accept(key)) {
      return Answer.error(ErrorCode.FORBIDDEN, "the API key is not one of this feature server's");
    }
    return handler.handle(request);
  }

  private static @Nullable String keyOf(Request request) {
    String key = request.headers().get("x-api-key");
    if (key != null && !key.isBlank()) {
      return key.strip();
    }
    String authorization = request.headers().get("authorization");
    if (authorization == null
        || !authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
        || authorization.substring(BEARER.length()).isBlank()) {
      return null;
    }
    return authorization.substring(BEARER.length()).strip();
  }
}
