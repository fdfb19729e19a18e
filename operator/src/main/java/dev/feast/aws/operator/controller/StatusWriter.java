package dev.feast.aws.operator.controller;

import dev.feast.aws.api.v1alpha1.FeatureServer;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.event.ResourceID;

/**
 * Writes a status at once, in the middle of a pass or at its end.
 *
 * <p>JOSDK's own write at the end of a pass would be a JSON patch from the resource as the pass got
 * it: of what was written in the middle and is at the end as it was before, it would take back
 * nothing. Here each patch starts from what the API server has.
 */
final class StatusWriter {
  private final KubernetesClient client;

  StatusWriter(KubernetesClient client) {
    this.client = client;
  }

  /**
   * Writes the resource's status; passes that begin from now on find it.
   *
   * @throws IllegalStateException when the resource was deleted and made anew meanwhile: the status
   *     is not the new one's
   */
  void write(FeatureServer resource, Context<FeatureServer> context) {
    var metadata = resource.getMetadata();
    FeatureServer written =
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
    // JOSDK does the same after its own writes: its watch may come later than the next pass.
    context
        .eventSourceRetriever()
        .getControllerEventSource()
        .handleRecentResourceUpdate(ResourceID.fromResource(resource), written, resource);
    metadata.setResourceVersion(written.getMetadata().getResourceVersion());
  }
}
