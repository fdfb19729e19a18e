package dev.feast.aws.operator.controller;

import dev.feast.aws.api.v1alpha1.Authorization;
import dev.feast.aws.api.v1alpha1.FeatureServer;
import dev.feast.aws.api.v1alpha1.FeatureServerStatus;
import dev.feast.aws.operator.status.Events;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ConfigMap {@code <name>-client} with a feature_store.yaml for the Feast SDK, for Pods to
 * mount. It is there while there is an endpoint that the SDK can ask.
 *
 * <p>One whose owner is not the FeatureServer of that name is somebody else's and never touched.
 * The uid does not count: a FeatureServer that was made anew, from a backup as well, takes its own
 * back.
 */
final class ClientConfigMaps implements ClientConfigs {
  static final String FILE = "feature_store.yaml";

  private static final Logger LOG = LoggerFactory.getLogger(ClientConfigMaps.class);
  private static final Set<Authorization> OF_THE_SDK =
      Set.of(Authorization.None, Authorization.APIKey, Authorization.JWT);

  private final KubernetesClient client;
  private final Events events;

  ClientConfigMaps(KubernetesClient client, Events events) {
    this.client = client;
    this.events = events;
  }

  @Override
  public void follow(FeatureServer resource, @Nullable ClientStore store) {
    FeatureServerStatus status = Facts.of(resource);
    String endpoint = status.endpoint();
    Authorization authorization = status.authorization();
    if (endpoint == null
        || authorization == null
        || !OF_THE_SDK.contains(authorization)
        || isFromSecret(resource)) {
      remove(resource);
    } else if (store != null) {
      never("written", resource, () -> write(resource, store.yaml(endpoint, authorization)));
    }
  }

  @Override
  public void remove(FeatureServer resource) {
    never("removed", resource, () -> delete(resource));
  }

  /** What a Secret holds is shown nowhere else. */
  private static boolean isFromSecret(FeatureServer resource) {
    var from = resource.getSpec().featureStoreFrom();
    return from != null && from.secretKeyRef() != null;
  }

  private void write(FeatureServer resource, String yaml) {
    ConfigMap found = find(resource);
    if (found == null) {
      client.resource(written(new ConfigMap(), resource, yaml)).create();
      return;
    }
    if (!isOurs(found, resource)) {
      events.tell(
          resource,
          Events.Type.Warning,
          "ClientConfigMapTaken",
          "Deploy",
          ("The ConfigMap %s is not this FeatureServer's: it is left as it is, and clients find no"
                  + " %s of the operator in it. Rename or delete it.")
              .formatted(name(resource), FILE));
      return;
    }
    ConfigMap wanted = written(found, resource, yaml);
    if (!wanted.equals(found)) {
      client
          .resource(wanted)
          .lockResourceVersion(found.getMetadata().getResourceVersion())
          .update();
    }
  }

  private void delete(FeatureServer resource) {
    ConfigMap found = find(resource);
    if (found != null && isOurs(found, resource)) {
      client.resource(found).lockResourceVersion(found.getMetadata().getResourceVersion()).delete();
    }
  }

  private @Nullable ConfigMap find(FeatureServer resource) {
    return client
        .configMaps()
        .inNamespace(resource.getMetadata().getNamespace())
        .withName(name(resource))
        .get();
  }

  private static String name(FeatureServer resource) {
    return resource.getMetadata().getName() + "-client";
  }

  private static boolean isOurs(ConfigMap found, FeatureServer resource) {
    return found.getMetadata().getOwnerReferences().stream()
        .anyMatch(
            owner ->
                owner.getKind().equals(resource.getKind())
                    && owner.getApiVersion().equals(resource.getApiVersion())
                    && owner.getName().equals(resource.getMetadata().getName()));
  }

  /** The ConfigMap as it should be; what others added to its labels and annotations stays. */
  private static ConfigMap written(ConfigMap found, FeatureServer resource, String yaml) {
    return new ConfigMapBuilder(found)
        .editOrNewMetadata()
        .withNamespace(resource.getMetadata().getNamespace())
        .withName(name(resource))
        .addToLabels("app.kubernetes.io/managed-by", "feature-server-operator")
        .withOwnerReferences(List.of(owner(resource)))
        .endMetadata()
        .withData(Map.of(FILE, yaml))
        .build();
  }

  /** Kubernetes then collects it as well, should the operator not have come to it. */
  private static OwnerReference owner(FeatureServer resource) {
    return new OwnerReferenceBuilder()
        .withApiVersion(resource.getApiVersion())
        .withKind(resource.getKind())
        .withName(resource.getMetadata().getName())
        .withUid(resource.getMetadata().getUid())
        .withController(true)
        .build();
  }

  /** A convenience for clients is no reason for a pass to fail. */
  private static void never(String what, FeatureServer resource, Runnable call) {
    try {
      call.run();
    } catch (KubernetesClientException e) {
      LOG.warn("The ConfigMap {} could not be {}: {}", name(resource), what, e.getMessage());
    }
  }
}
