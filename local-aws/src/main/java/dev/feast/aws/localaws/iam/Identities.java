package dev.feast.aws.localaws.iam;

import com.fasterxml.jackson.databind.JsonNode;
import dev.feast.aws.localaws.sts.IssuedKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The roles that there are, and the keys that belong to them. Roles may be added and changed at any
 * time; a change holds from the next call on.
 */
public final class Identities {
  private static final Set<String> MEMBERS = Set.of("roles");
  private static final Set<String> ROLE_MEMBERS =
      Set.of("arn", "trustPolicy", "policies", "accessKeys");
  private static final Set<String> KEY_MEMBERS = Set.of("accessKeyId", "secretAccessKey");

  private final Map<Principal.RoleName, Role> roles = new ConcurrentHashMap<>();
  private final List<AccessKey> accessKeys = new ArrayList<>();

  /**
   * Keys that do not expire.
   *
   * @param role ARN of the role that they are
   */
  public record AccessKey(String accessKeyId, String secretAccessKey, String role) {}

  /**
   * Reads {@code {"roles": [{"arn", "trustPolicy", "policies", "accessKeys": [{"accessKeyId",
   * "secretAccessKey"}]}]}}. A policy is IAM's JSON, or the name of a file that holds it, relative
   * to this one.
   *
   * @throws IOException saying what cannot be read, or what local-aws does not know
   */
  public static Identities read(Path file) throws IOException {
    var identities = new Identities();
    try {
      JsonNode json =
          PolicyJson.object("The file", PolicyJson.parse(Files.readString(file)), MEMBERS);
      for (JsonNode role : PolicyJson.elements(json.path("roles"))) {
        identities.add(role, file);
      }
    } catch (IllegalArgumentException e) {
      throw new IOException("%s: %s".formatted(file, e.getMessage()), e);
    }
    return identities;
  }

  private void add(JsonNode json, Path file) throws IOException {
    PolicyJson.object("The role", json, ROLE_MEMBERS);
    String arn = PolicyJson.text("A role's arn", json.path("arn"));
    try {
      var policies = new ArrayList<Policy>();
      for (JsonNode policy : PolicyJson.elements(json.path("policies"))) {
        policies.add(Policy.of(document(policy, file)));
      }
      put(new Role(arn, TrustPolicy.of(document(json.path("trustPolicy"), file)), policies));
      for (JsonNode key : PolicyJson.elements(json.path("accessKeys"))) {
        PolicyJson.object("The access key", key, KEY_MEMBERS);
        accessKeys.add(
            new AccessKey(
                PolicyJson.text("accessKeyId", key.path("accessKeyId")),
                PolicyJson.text("secretAccessKey", key.path("secretAccessKey")),
                arn));
      }
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("Role %s: %s".formatted(arn, e.getMessage()), e);
    }
  }

  private static JsonNode document(JsonNode json, Path file) throws IOException {
    if (!json.isTextual()) {
      return json;
    }
    Path named = file.resolveSibling(json.asText());
    try {
      return PolicyJson.parse(Files.readString(named));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(named + ": " + e.getMessage(), e);
    }
  }

  /** Adds a role, or replaces the one of that name. */
  public void put(Role role) {
    roles.put(name(role.arn()), role);
  }

  /** All roles, by ARN. */
  public List<Role> roles() {
    return roles.values().stream().sorted(Comparator.comparing(Role::arn)).toList();
  }

  /** The keys that were named with their role. */
  public List<AccessKey> accessKeys() {
    return List.copyOf(accessKeys);
  }

  Optional<Role> role(String arn) {
    return role(name(arn)).filter(role -> role.arn().equals(arn));
  }

  Optional<Role> role(Principal.RoleName name) {
    return Optional.ofNullable(roles.get(name));
  }

  /** Names are unique in an account, whatever the path before them. */
  private static Principal.RoleName name(String arn) {
    return new Principal.RoleName(
        IssuedKeys.accountOf(arn), arn.substring(arn.lastIndexOf('/') + 1));
  }
}
