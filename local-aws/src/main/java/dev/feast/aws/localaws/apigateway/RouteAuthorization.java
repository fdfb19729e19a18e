package dev.feast.aws.localaws.apigateway;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Who may use a route.
 *
 * @param authorizerId of the authorizer that {@code JWT} needs; others have none
 * @param scopes of which a token has to have one; empty where it needs none
 */
record RouteAuthorization(Type type, Optional<String> authorizerId, List<String> scopes) {
  static final RouteAuthorization NONE =
      new RouteAuthorization(Type.NONE, Optional.empty(), List.of());

  /** The constants are API Gateway's words. */
  enum Type {
    NONE,
    AWS_IAM,
    JWT
  }

  RouteAuthorization {
    scopes = List.copyOf(scopes);
  }

  /** What a request makes of what a route has. */
  static RouteAuthorization read(JsonNode input, RouteAuthorization before, Api api) {
    Type type = type(input.path("authorizationType").asText(before.type.name()));
    List<String> scopes = scopes(input.path("authorizationScopes"), before.scopes);
    if (type != Type.JWT) {
      if (input.path("authorizationScopes").size() > 0) {
        throw ApiErrors.badRequest("Authorization scopes go with authorizationType JWT only");
      }
      return new RouteAuthorization(type, Optional.empty(), List.of());
    }
    String authorizer = input.path("authorizerId").asText(before.authorizerId.orElse(""));
    if (api.authorizer(authorizer).isEmpty()) {
      throw ApiErrors.badRequest("Invalid authorizer identifier specified: " + authorizer);
    }
    return new RouteAuthorization(type, Optional.of(authorizer), scopes);
  }

  private static Type type(String name) {
    for (Type type : Type.values()) {
      if (type.name().equals(name)) {
        return type;
      }
    }
    throw ApiErrors.badRequest(
        "local-aws has routes with authorizationType NONE, AWS_IAM and JWT only");
  }

  private static List<String> scopes(JsonNode array, List<String> otherwise) {
    if (!array.isArray()) {
      return otherwise;
    }
    var scopes = new ArrayList<String>();
    array.forEach(scope -> scopes.add(scope.asText()));
    return scopes;
  }
}
