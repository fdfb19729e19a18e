package dev.feast.aws.localaws.ecr;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.feast.aws.localaws.ecr.AuthorizationTokens.Token;
import dev.feast.aws.localaws.spi.Caller;
import java.net.URI;
import java.util.function.Supplier;

/** GetAuthorizationToken: the way from the API to the registry. */
final class TokenOperations {
  private final AuthorizationTokens tokens;
  private final Supplier<URI> endpoint;

  TokenOperations(AuthorizationTokens tokens, Supplier<URI> endpoint) {
    this.tokens = tokens;
    this.endpoint = endpoint;
  }

  JsonNode get(JsonNode input, Caller caller) {
    Token token = tokens.issue(caller);
    var output = JsonNodeFactory.instance.objectNode();
    output
        .putArray("authorizationData")
        .addObject()
        .put("authorizationToken", token.value())
        .put("expiresAt", token.expiresAt().toEpochMilli() / 1000.0)
        .put("proxyEndpoint", endpoint.get().toString());
    return output;
  }
}
