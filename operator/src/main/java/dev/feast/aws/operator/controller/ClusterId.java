package dev.feast.aws.operator.controller;

import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;

/** What tells this cluster from others in the same AWS account. */
final class ClusterId {
  private static final String EVERY_CLUSTER_HAS = "kube-system";

  private ClusterId() {}

  /**
   * The UID of kube-system, which lives as long as the cluster.
   *
   * @throws IllegalStateException when it may not be read
   */
  static String of(KubernetesClient client) {
    try {
      Namespace namespace = client.namespaces().withName(EVERY_CLUSTER_HAS).get();
      if (namespace != null) {
        return namespace.getMetadata().getUid();
      }
      throw new IllegalStateException("There is no namespace kube-system: give --cluster-id");
    } catch (KubernetesClientException e) {
      throw new IllegalStateException(
          "The UID of kube-system cannot be read (%s): allow it, or give --cluster-id"
              .formatted(e.getMessage()),
          e);
    }
  }
}
