package dev.feast.aws.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * One verb on one resource: the smallest part of a rule of RBAC, or what a request needed.
 *
 * @param namespace empty: any, or none
 * @param resource as {@code resource.group/subresource}
 * @param name empty: any, or none
 */
record Permission(String namespace, String verb, String resource, String name) {

  /** All parts of a Role or ClusterRole. */
  static List<Permission> of(JsonNode role) {
    List<Permission> permissions = new ArrayList<>();
    for (JsonNode rule : role.path("rules")) {
      for (JsonNode group : rule.path("apiGroups")) {
        for (JsonNode resource : rule.path("resources")) {
          for (JsonNode verb : rule.path("verbs")) {
            for (String name : names(rule)) {
              permissions.add(
                  new Permission(
                      role.at("/metadata/namespace").asText(),
                      verb.asText(),
                      resource(group.asText(), resource.asText()),
                      name));
            }
          }
        }
      }
    }
    return permissions;
  }

  private static List<String> names(JsonNode rule) {
    List<String> names = new ArrayList<>();
    rule.path("resourceNames").forEach(name -> names.add(name.asText()));
    return names.isEmpty() ? List.of("") : names;
  }

  /** What a request needed, an Event of the audit log with an {@code objectRef}. */
  static Permission needed(JsonNode request) {
    JsonNode object = request.path("objectRef");
    String subresource = object.path("subresource").asText();
    return new Permission(
        object.path("namespace").asText(),
        request.path("verb").asText(),
        resource(
            object.path("apiGroup").asText(),
            object.path("resource").asText() + (subresource.isEmpty() ? "" : "/" + subresource)),
        object.path("name").asText());
  }

  private static String resource(String group, String resource) {
    int slash = resource.indexOf('/');
    String subresource = slash < 0 ? "" : resource.substring(slash);
    String plain = slash < 0 ? resource : resource.substring(0, slash);
    return group.isEmpty() ? resource : plain + "." + group + subresource;
  }

  /** Whether this, granted, allows what a request needed. */
  boolean allows(Permission needed) {
    return verb.equals(needed.verb)
        && resource.equals(needed.resource)
        && (name.isEmpty() || name.equals(needed.name))
        && (namespace.isEmpty() || namespace.equals(needed.namespace));
  }

  @Override
  public String toString() {
    return verb
        + " "
        + resource
        + (name.isEmpty() ? "" : " " + name)
        + (namespace.isEmpty() ? "" : " in " + namespace);
  }
}
