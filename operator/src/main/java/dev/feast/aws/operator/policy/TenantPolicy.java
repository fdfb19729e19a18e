package dev.feast.aws.operator.policy;

import java.util.Map;

/**
 * The rules of each namespace.
 *
 * @param defaults of namespaces without rules of their own
 * @param namespaces complete rules by namespace
 */
public record TenantPolicy(TenantRules defaults, Map<String, TenantRules> namespaces) {
  public static final TenantPolicy DEFAULT = new TenantPolicy(TenantRules.DEFAULT, Map.of());

  public TenantPolicy {
    namespaces = Map.copyOf(namespaces);
  }

  public TenantRules of(String namespace) {
    return namespaces.getOrDefault(namespace, defaults);
  }
}
