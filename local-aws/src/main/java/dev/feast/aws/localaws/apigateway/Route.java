package dev.feast.aws.localaws.apigateway;

import java.util.Optional;

/**
 * Which requests go to which integration.
 *
 * @param target {@code integrations/<id>}; empty for a route that leads nowhere yet
 */
record Route(String id, RouteKey key, Optional<String> target, RouteAuthorization authorization) {
  Optional<String> integrationId() {
    return target.map(text -> text.substring("integrations/".length()));
  }
}
