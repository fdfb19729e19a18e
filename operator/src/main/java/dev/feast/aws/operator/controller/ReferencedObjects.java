package dev.feast.aws.operator.controller;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads the ConfigMaps and Secrets that specs refer to. */
final class ReferencedObjects {
  /** The reason of conditions where the operator may not read one. */
  static final String FORBIDDEN = "ReferenceForbidden";

  sealed interface Lookup {
    /**
     * It is there.
     *
     * @param data its entries, decoded
     */
    record Found(Map<String, String> data) implements Lookup {}

    /** Not there; a watch tells when it comes. */
    record Missing() implements Lookup {}

    /** The operator may not read it; no watch tells when it may. */
    record Forbidden(String message) implements Lookup {}
  }

  private final KubernetesClient client;

  ReferencedObjects(KubernetesClient client) {
    this.client = client;
  }

  /**
   * @param referredBy the key of the spec, for messages
   */
  Lookup configMap(String namespace, String name, String referredBy) {
    return lookup(
        "ConfigMap",
        referredBy,
        () -> {
          ConfigMap found = client.configMaps().inNamespace(namespace).withName(name).get();
          return found == null ? null : orEmpty(found.getData());
        });
  }

  /**
   * @param referredBy the key of the spec, for messages
   */
  Lookup secret(String namespace, String name, String referredBy) {
    return lookup(
        "Secret",
        referredBy,
        () -> {
          Secret found = client.secrets().inNamespace(namespace).withName(name).get();
          return found == null ? null : decoded(orEmpty(found.getData()));
        });
  }

  private static Lookup lookup(
      String kind, String referredBy, Supplier<@Nullable Map<String, String>> read) {
    try {
      Map<String, String> data = read.get();
      return data == null ? new Lookup.Missing() : new Lookup.Found(data);
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_FORBIDDEN) {
        throw e;
      }
      return new Lookup.Forbidden(
          "%s: the operator may not read this %s: allow its ServiceAccount to get and watch it in this namespace."
              .formatted(referredBy, kind));
    }
  }

  private static Map<String, String> orEmpty(@Nullable Map<String, String> data) {
    return data == null ? Map.of() : data;
  }

  private static Map<String, String> decoded(Map<String, String> data) {
    Map<String, String> decoded = new HashMap<>();
    data.forEach(
        (key, value) ->
            decoded.put(
                key, new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8)));
    return decoded;
  }
}
