package dev.feast.aws.localaws.apigateway;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Who a request was found to be from; what the function and the access log are told of it. */
sealed interface Authorized {

  /** The event's {@code requestContext.authorizer}. */
  ObjectNode json();

  /** Variables of the access log. */
  Map<String, String> variables();

  /** Nobody was asked. */
  record Anyone() implements Authorized {
    @Override
    public ObjectNode json() {
      return JsonNodeFactory.instance.objectNode();
    }

    @Override
    public Map<String, String> variables() {
      return Map.of();
    }
  }

  /**
   * Who signed it.
   *
   * @param userId what GetCallerIdentity calls so
   */
  record ByIam(String accessKeyId, String accountId, String userId, String userArn)
      implements Authorized {
    @Override
    public ObjectNode json() {
      ObjectNode json = JsonNodeFactory.instance.objectNode();
      json.putObject("iam")
          .put("accessKey", accessKeyId)
          .put("accountId", accountId)
          .put("callerId", userId)
          .putNull("cognitoIdentity")
          .putNull("principalOrgId")
          .put("userArn", userArn)
          .put("userId", userId);
      return json;
    }

    @Override
    public Map<String, String> variables() {
      return Map.of(
          "identity.accountId", accountId,
          "identity.caller", userId,
          "identity.user", userId,
          "identity.userArn", userArn);
    }
  }

  /**
   * Whose token it brought.
   *
   * @param claims as texts; a list in brackets, its items with a space between them
   * @param scopes those that the route asks for and the token has; null where the route asks for
   *     none
   */
  record ByToken(Map<String, String> claims, @Nullable List<String> scopes) implements Authorized {
    @Override
    public ObjectNode json() {
      ObjectNode json = JsonNodeFactory.instance.objectNode();
      ObjectNode jwt = json.putObject("jwt");
      claims.forEach(jwt.putObject("claims")::put);
      if (scopes == null) {
        jwt.putNull("scopes");
      } else {
        scopes.forEach(jwt.putArray("scopes")::add);
      }
      return json;
    }

    @Override
    public Map<String, String> variables() {
      return claims.entrySet().stream()
          .collect(
              Collectors.toMap(
                  claim -> "authorizer.claims." + claim.getKey(), Map.Entry::getValue));
    }
  }
}
