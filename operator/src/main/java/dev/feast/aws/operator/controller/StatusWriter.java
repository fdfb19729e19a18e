package dev.feast.aws.operator.controller;

import dev.feast.aws.api.v1alpha1.FeatureServer;
import io.fabric8.kubernetes.client.KubernetesClient;

/** Writes a status at once, where JOSDK's own write at the end of a pass would be too late. */
final class StatusWriter {
  private final KubernetesClient client;

  StatusWriter(KubernetesClient client) {
    this.client = client;
  }

  /**
   * @throws IllegalStateException when the resource was deleted and made anew meanwhile: the status
   *     is not the new one's
   */
  void write(FeatureServer resource) {
    var metadata = resource.getMetadata();
    client
        .resources(FeatureServer.class)
        .inNamespace(metadata.getNamespace())
        .withName(metadata.getName())
        .editStatus(
            current -> {
              if (!current.getMetadata().getUid().equals(metadata.getUid())) {
                throw new IllegalStateException("Another FeatureServer has this name now");
              }
              current.setStatus(resource.getStatus());
              return current;
            });
  }
}
