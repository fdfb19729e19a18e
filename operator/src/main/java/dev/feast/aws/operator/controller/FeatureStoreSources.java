package dev.feast.aws.operator.controller;

import dev.feast.aws.api.v1alpha1.FeatureServer;
import dev.feast.aws.api.v1alpha1.FeatureStoreSource;
import dev.feast.aws.api.v1alpha1.KeyReference;
import dev.feast.aws.operator.controller.ReferenceWatches.Reference;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The feature_store.yaml of a FeatureServer, be it in the spec or in a ConfigMap or Secret. */
final class FeatureStoreSources {

  sealed interface Source {
    /**
     * It is there.
     *
     * @param text null where the spec itself holds it
     */
    record Found(@Nullable String text) implements Source {}

    /** Not there; a watch tells when it comes. */
    record Missing(String reason, String message) implements Source {}

    /** The operator may not read it; no watch tells when it may. */
    record Forbidden(String message) implements Source {}
  }

  private final KubernetesClient client;

  FeatureStoreSources(KubernetesClient client) {
    this.client = client;
  }

  /** What the spec refers to, to be watched. */
  static Set<Reference> references(FeatureServer resource) {
    String namespace = resource.getMetadata().getNamespace();
    var references = new HashSet<Reference>();
    FeatureStoreSource from = resource.getSpec().featureStoreFrom();
    if (from != null && from.configMapKeyRef() != null) {
      references.add(Reference.configMap(namespace, from.configMapKeyRef().name()));
    }
    if (from != null && from.secretKeyRef() != null) {
      references.add(Reference.secret(namespace, from.secretKeyRef().name()));
    }
    var image = resource.getSpec().image();
    if (image != null && image.pullSecret() != null) {
      references.add(Reference.secret(namespace, image.pullSecret().name()));
    }
    return references;
  }

  Source read(FeatureServer resource) {
    FeatureStoreSource from = resource.getSpec().featureStoreFrom();
    if (from == null) {
      return new Source.Found(null);
    }
    try {
      return read(resource.getMetadata().getNamespace(), from);
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_FORBIDDEN) {
        throw e;
      }
      String kind = from.configMapKeyRef() == null ? "Secret" : "ConfigMap";
      return new Source.Forbidden(
          "spec.featureStoreFrom: the operator may not read this %s: allow its ServiceAccount to get and watch it in this namespace."
              .formatted(kind));
    }
  }

  private Source read(String namespace, FeatureStoreSource from) {
    if (from.configMapKeyRef() != null) {
      KeyReference key = from.configMapKeyRef();
      ConfigMap found = client.configMaps().inNamespace(namespace).withName(key.name()).get();
      return read("ConfigMap", key, found == null ? null : orEmpty(found.getData()));
    }
    if (from.secretKeyRef() != null) {
      KeyReference key = from.secretKeyRef();
      Secret found = client.secrets().inNamespace(namespace).withName(key.name()).get();
      Source source = read("Secret", key, found == null ? null : orEmpty(found.getData()));
      return source instanceof Source.Found(String encoded) && encoded != null
          ? new Source.Found(
              new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8))
          : source;
    }
    throw new IllegalArgumentException("featureStoreFrom refers to nothing, which the CRD forbids");
  }

  private static Source read(String kind, KeyReference key, @Nullable Map<String, String> data) {
    if (data == null) {
      return new Source.Missing(
          kind + "NotFound",
          "spec.featureStoreFrom: there is no %s %s in this namespace; it is waited for."
              .formatted(kind, key.name()));
    }
    return Optional.ofNullable(data.get(key.key()))
        .<Source>map(Source.Found::new)
        .orElseGet(
            () ->
                new Source.Missing(
                    kind + "KeyNotFound",
                    "spec.featureStoreFrom: %s %s has no key %s (it has %s); it is waited for."
                        .formatted(kind, key.name(), key.key(), data.keySet())));
  }

  private static Map<String, String> orEmpty(@Nullable Map<String, String> data) {
    return data == null ? Map.of() : data;
  }
}
