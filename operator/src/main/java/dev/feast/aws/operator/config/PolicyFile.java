package dev.feast.aws.operator.config;

import dev.feast.aws.operator.policy.ImageHosts;
import dev.feast.aws.operator.policy.Patterns;
import dev.feast.aws.operator.policy.TenantPolicy;
import dev.feast.aws.operator.policy.TenantRules;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * Reads a {@link TenantPolicy}:
 *
 * <pre>{@code
 * defaults:
 *   allowedExecutionRoles: ["*"]
 *   allowedAssumeRoles: []
 *   allowPublicEndpoints: true
 *   allowedImageHosts: ["*"]
 *   allowedAdoptions: ["*"]
 * namespaces:
 *   team-a:
 *     allowedExecutionRoles: ["arn:aws:iam::123456789012:role/team-a-*"]
 * }</pre>
 *
 * A key that {@code defaults} leaves out is as above; one that a namespace leaves out is as in
 * {@code defaults}. An unknown key is a mistake: misspelt, it would allow what it should deny.
 */
final class PolicyFile {
  private static final String EXECUTION_ROLES = "allowedExecutionRoles";
  private static final String ASSUME_ROLES = "allowedAssumeRoles";
  private static final String PUBLIC_ENDPOINTS = "allowPublicEndpoints";
  private static final String IMAGE_HOSTS = "allowedImageHosts";
  private static final String ADOPTIONS = "allowedAdoptions";
  private static final List<String> RULES =
      List.of(EXECUTION_ROLES, ASSUME_ROLES, PUBLIC_ENDPOINTS, IMAGE_HOSTS, ADOPTIONS);

  private static final String ROLE_ARN = "arn:[a-z*-]+:iam::[0-9*]{1,12}:role/[\\x21-\\x7e]+";
  private static final Pattern ROLE = Pattern.compile(ROLE_ARN + "|[\\w+=,.@*-]{1,64}");
  private static final Pattern ARN = Pattern.compile(ROLE_ARN + "|\\*");
  private static final Pattern HOST =
      Pattern.compile("[A-Za-z0-9*]([A-Za-z0-9.*-]*[A-Za-z0-9*])?(:([0-9]{1,5}|\\*))?");
  private static final Pattern ADOPTION =
      Pattern.compile("\\*|feast-alpha[*]?|feast-alpha/[a-z0-9*]+|cluster/[A-Za-z0-9._:/=+@*-]+");
  private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

  private final Consumer<String> mistakes;

  /**
   * @param mistakes gets each one as a sentence that starts with the key
   */
  PolicyFile(Consumer<String> mistakes) {
    this.mistakes = mistakes;
  }

  /** The policy; where there are mistakes in it, some other. */
  TenantPolicy read(Path file) {
    Map<?, ?> tree = mapping("", parse(file));
    unknown("", tree, List.of("defaults", "namespaces"));
    TenantRules defaults =
        rules("defaults", mapping("defaults", tree.get("defaults")), TenantRules.DEFAULT);
    Map<String, TenantRules> namespaces = new TreeMap<>();
    mapping("namespaces", tree.get("namespaces"))
        .forEach(
            (name, rules) -> {
              String key = "namespaces." + name;
              if (!NAMESPACE.matcher(String.valueOf(name)).matches()) {
                mistakes.accept(key + ": \"" + name + "\" is no name of a namespace");
              }
              namespaces.put(String.valueOf(name), rules(key, mapping(key, rules), defaults));
            });
    return new TenantPolicy(defaults, namespaces);
  }

  private @Nullable Object parse(Path file) {
    var options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    try {
      return new Yaml(new SafeConstructor(options))
          .load(Files.readString(file, StandardCharsets.UTF_8));
    } catch (IOException e) {
      mistakes.accept("it cannot be read: " + e);
    } catch (YAMLException e) {
      mistakes.accept("it is no YAML: " + e.getMessage());
    }
    return null;
  }

  private TenantRules rules(String key, Map<?, ?> tree, TenantRules otherwise) {
    unknown(key + ".", tree, RULES);
    return new TenantRules(
        patterns(key, tree, EXECUTION_ROLES, ROLE, "the ARN or name of a role")
                instanceof List<String> roles
            ? new Patterns(roles)
            : otherwise.executionRoles(),
        patterns(key, tree, ASSUME_ROLES, ARN, "the ARN of a role") instanceof List<String> roles
            ? new Patterns(roles)
            : otherwise.assumeRoles(),
        flag(key, tree, otherwise.publicEndpoints()),
        patterns(key, tree, IMAGE_HOSTS, HOST, "a host or host:port, without scheme and path,")
                instanceof List<String> hosts
            ? new ImageHosts(hosts)
            : otherwise.imageHosts(),
        patterns(key, tree, ADOPTIONS, ADOPTION, "feast-alpha, feast-alpha/ID or cluster/ID")
                instanceof List<String> adoptions
            ? new Patterns(adoptions)
            : otherwise.adoptions());
  }

  /** Null where the key is not there. */
  private @Nullable List<String> patterns(
      String parent, Map<?, ?> tree, String name, Pattern form, String what) {
    if (!tree.containsKey(name)) {
      return null;
    }
    String key = parent + "." + name;
    if (!(tree.get(name) instanceof List<?> list)) {
      mistakes.accept("%s: \"%s\" is no list".formatted(key, tree.get(name)));
      return List.of();
    }
    List<String> patterns = new ArrayList<>();
    for (Object entry : list) {
      if (entry instanceof String text && form.matcher(text).matches()) {
        patterns.add(text);
      } else {
        mistakes.accept(
            "%s: \"%s\" is not %s in which * may stand for any characters"
                .formatted(key, entry, what));
      }
    }
    return patterns;
  }

  private boolean flag(String parent, Map<?, ?> tree, boolean otherwise) {
    if (!tree.containsKey(PUBLIC_ENDPOINTS)) {
      return otherwise;
    }
    if (tree.get(PUBLIC_ENDPOINTS) instanceof Boolean flag) {
      return flag;
    }
    mistakes.accept(
        "%s.%s: \"%s\" is neither true nor false"
            .formatted(parent, PUBLIC_ENDPOINTS, tree.get(PUBLIC_ENDPOINTS)));
    return false;
  }

  /** What is left out is an empty one. */
  private Map<?, ?> mapping(String key, @Nullable Object value) {
    if (value == null) {
      return Map.of();
    }
    if (value instanceof Map<?, ?> map) {
      return map;
    }
    mistakes.accept(
        key.isEmpty() ? "it holds no mapping" : "%s: \"%s\" is no mapping".formatted(key, value));
    return Map.of();
  }

  private void unknown(String prefix, Map<?, ?> tree, List<String> known) {
    for (Object key : tree.keySet()) {
      if (!(key instanceof String name && known.contains(name))) {
        mistakes.accept(
            "%s%s: there is no such key; there are %s"
                .formatted(prefix, key, String.join(", ", known)));
      }
    }
  }
}
