package dev.feast.aws.localaws.lambda.process;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.feast.aws.localaws.http.Request;
import dev.feast.aws.localaws.http.Response;
import dev.feast.aws.localaws.sts.SessionKeys;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Gives a process the keys of its role when it asks for them, as Lambda does where a snapshot would
 * outlive those of an environment variable.
 */
final class KeyServer {
  static final String PATH = "/2021-04-23/credentials";

  private final Supplier<SessionKeys> keys;
  private final String token = UUID.randomUUID().toString();

  /**
   * @param keys new ones each time
   */
  KeyServer(Supplier<SessionKeys> keys) {
    this.keys = keys;
  }

  /** What AWS_CONTAINER_AUTHORIZATION_TOKEN is to be. */
  String token() {
    return token;
  }

  Response answer(Request request) {
    if (!request.header("Authorization").equals(java.util.Optional.of(token))) {
      return Response.json(403, "{\"code\":\"AccessDenied\",\"message\":\"another token\"}");
    }
    SessionKeys given = keys.get();
    return Response.json(
        200,
        JsonNodeFactory.instance
            .objectNode()
            .put("AccessKeyId", given.accessKeyId())
            .put("SecretAccessKey", given.secretAccessKey())
            .put("Token", given.sessionToken())
            .put("Expiration", given.expiration().truncatedTo(ChronoUnit.SECONDS).toString())
            .toString());
  }
}
