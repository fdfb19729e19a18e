package dev.feast.aws.operator.controller;

import dev.feast.aws.api.v1alpha1.ApiKeys;
import dev.feast.aws.api.v1alpha1.FeatureServer;
import dev.feast.aws.api.v1alpha1.FeatureStoreSource;
import dev.feast.aws.api.v1alpha1.KeyReference;
import dev.feast.aws.operator.controller.ReferenceWatches.Reference;
import dev.feast.aws.operator.controller.ReferencedObjects.Lookup;
import dev.feast.aws.operator.validation.Referenced;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a FeatureServer only refers to: its feature_store.yaml, where that is in a ConfigMap or
 * Secret, and its API keys.
 */
final class ReferenceReader {

  sealed interface Reading {
    /** All of it is there. */
    record Found(Referenced referenced) implements Reading {}

    /** Something is not there; a watch tells when it comes. */
    record Missing(String reason, String message) implements Reading {}

    /** The operator may not read it; no watch tells when it may. */
    record Forbidden(String message) implements Reading {}
  }

  private static final String FEATURE_STORE = "spec.featureStoreFrom";
  private static final String API_KEYS = "spec.endpoint.apiKeys.secretName";

  /** Ends a reading where something cannot be had. */
  private static final class Absent extends Exception {
    private static final long serialVersionUID = 1;
    private final transient Reading reading;

    private Absent(Reading reading) {
      super(null, null, false, false);
      this.reading = reading;
    }
  }

  private final ReferencedObjects objects;

  ReferenceReader(KubernetesClient client) {
    this.objects = new ReferencedObjects(client);
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
    ApiKeys apiKeys = resource.getSpec().endpoint().apiKeys();
    if (apiKeys != null) {
      references.add(Reference.secret(namespace, apiKeys.secretName()));
    }
    var image = resource.getSpec().image();
    if (image != null && image.pullSecret() != null) {
      references.add(Reference.secret(namespace, image.pullSecret().name()));
    }
    return references;
  }

  Reading read(FeatureServer resource) {
    String namespace = resource.getMetadata().getNamespace();
    FeatureStoreSource from = resource.getSpec().featureStoreFrom();
    ApiKeys apiKeys = resource.getSpec().endpoint().apiKeys();
    try {
      return new Reading.Found(
          new Referenced(
              from == null ? null : featureStore(namespace, from),
              apiKeys == null ? null : secret(namespace, apiKeys.secretName(), API_KEYS)));
    } catch (Absent e) {
      return e.reading;
    }
  }

  private String featureStore(String namespace, FeatureStoreSource from) throws Absent {
    KeyReference inConfigMap = from.configMapKeyRef();
    if (inConfigMap != null) {
      Lookup lookup = objects.configMap(namespace, inConfigMap.name(), FEATURE_STORE);
      return entry(
          "ConfigMap", inConfigMap, data("ConfigMap", inConfigMap.name(), lookup, FEATURE_STORE));
    }
    KeyReference inSecret = from.secretKeyRef();
    if (inSecret != null) {
      return entry("Secret", inSecret, secret(namespace, inSecret.name(), FEATURE_STORE));
    }
    throw new IllegalArgumentException("featureStoreFrom refers to nothing, which the CRD forbids");
  }

  private Map<String, String> secret(String namespace, String name, String referredBy)
      throws Absent {
    return data("Secret", name, objects.secret(namespace, name, referredBy), referredBy);
  }

  private static Map<String, String> data(
      String kind, String name, Lookup lookup, String referredBy) throws Absent {
    return switch (lookup) {
      case Lookup.Found(Map<String, String> data) -> data;
      case Lookup.Forbidden(String message) -> throw new Absent(new Reading.Forbidden(message));
      case Lookup.Missing() ->
          throw new Absent(
              new Reading.Missing(
                  kind + "NotFound",
                  "%s: there is no %s %s in this namespace; it is waited for."
                      .formatted(referredBy, kind, name)));
    };
  }

  private static String entry(String kind, KeyReference reference, Map<String, String> data)
      throws Absent {
    @Nullable String value = data.get(reference.key());
    if (value == null) {
      throw new Absent(
          new Reading.Missing(
              kind + "KeyNotFound",
              "%s: %s %s has no key %s (it has %s); it is waited for."
                  .formatted(
                      FEATURE_STORE, kind, reference.name(), reference.key(), data.keySet())));
    }
    return value;
  }
}
