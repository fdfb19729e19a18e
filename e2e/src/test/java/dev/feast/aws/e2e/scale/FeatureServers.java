package dev.feast.aws.e2e.scale;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.feast.aws.e2e.process.Await;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;

/** The FeatureServers of a cluster, watched. */
final class FeatureServers implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** As many as kubectl or a GitOps tool would send at once. */
  private static final int CREATING = 8;

  private final KubernetesClient client;
  private final SharedIndexInformer<GenericKubernetesResource> informer;
  private final Set<String> unready = ConcurrentHashMap.newKeySet();
  private volatile Instant lastChange = Instant.now();

  FeatureServers(KubernetesClient client) {
    this.client = client;
    this.informer = resources().inNamespace(Cluster.NAMESPACE).inform(new Readiness());
  }

  /** Keeps who is not ready, and when that last changed. */
  private final class Readiness implements ResourceEventHandler<GenericKubernetesResource> {
    @Override
    public void onAdd(GenericKubernetesResource added) {
      changed(added);
    }

    @Override
    public void onUpdate(GenericKubernetesResource before, GenericKubernetesResource now) {
      changed(now);
    }

    @Override
    public void onDelete(GenericKubernetesResource gone, boolean finalStateUnknown) {
      changed(unready.remove(gone.getMetadata().getName()));
    }

    private void changed(GenericKubernetesResource resource) {
      String name = resource.getMetadata().getName();
      changed(isReady(resource) ? unready.remove(name) : unready.add(name));
    }

    private void changed(boolean really) {
      if (really) {
        lastChange = Instant.now();
      }
    }
  }

  /** Whether the newest spec serves and nothing is left to do, as kstatus reads it. */
  private static boolean isReady(GenericKubernetesResource resource) {
    JsonNode json = JSON.valueToTree(resource);
    long generation = resource.getMetadata().getGeneration();
    boolean ready = false;
    boolean reconciling = true;
    for (JsonNode condition : json.at("/status/conditions")) {
      boolean holds = condition.path("status").asText().equals("True");
      switch (condition.path("type").asText()) {
        case "Ready" ->
            ready = holds && condition.path("observedGeneration").asLong() == generation;
        case "Reconciling" -> reconciling = holds;
        default -> {}
      }
    }
    return ready && !reconciling && json.at("/status/observedGeneration").asLong() == generation;
  }

  private MixedOperation<
          GenericKubernetesResource,
          GenericKubernetesResourceList,
          Resource<GenericKubernetesResource>>
      resources() {
    return client.genericKubernetesResources("aws.feast.dev/v1alpha1", "FeatureServer");
  }

  /** Creates one; it is in the region of its number. */
  void create(int number) {
    String name = name(number);
    unready.add(name);
    String spec =
        """
        {"apiVersion":"aws.feast.dev/v1alpha1","kind":"FeatureServer","metadata":{"name":"%s","namespace":"%s"},
         "spec":{"featureStore":{"project":"scale","provider":"aws","registry":"s3://feast/registries/scale",
          "online_store":{"type":"dynamodb","region":"%s"},
          "feature_server":{"enabled":true,"execution_role_name":"feast-lambda"}}}}\
        """
            .formatted(
                name, Cluster.NAMESPACE, Cluster.REGIONS.get(number % Cluster.REGIONS.size()));
    resources()
        .inNamespace(Cluster.NAMESPACE)
        .resource(
            client.getKubernetesSerialization().unmarshal(spec, GenericKubernetesResource.class))
        .create();
  }

  /** Creates those of the numbers from 0, several at once. */
  void createAll(int count) throws InterruptedException {
    List<Future<?>> creations = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(CREATING)) {
      for (int i = 0; i < count; i++) {
        int number = i;
        creations.add(threads.submit(() -> create(number)));
      }
      for (Future<?> creation : creations) {
        creation.get();
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("A FeatureServer could not be created", e.getCause());
    }
  }

  /** Changes a spec. */
  void edit(int number, UnaryOperator<Map<String, Object>> change) {
    resources()
        .inNamespace(Cluster.NAMESPACE)
        .withName(name(number))
        .edit(
            resource -> {
              Map<String, Object> spec = resource.get("spec");
              resource.setAdditionalProperty("spec", change.apply(spec));
              return resource;
            });
  }

  void delete(int number) {
    resources().inNamespace(Cluster.NAMESPACE).withName(name(number)).delete();
  }

  /** As the API server has them now. */
  List<GenericKubernetesResource> list() {
    return resources().inNamespace(Cluster.NAMESPACE).list().getItems();
  }

  /**
   * Waits until exactly that many are there, and all are ready.
   *
   * @return when the last one became so
   */
  Instant awaitReady(int count, Duration bound) throws InterruptedException {
    Await.until(
        count + " FeatureServers to be ready",
        bound,
        () -> unready.isEmpty() && informer.getStore().list().size() == count);
    return lastChange;
  }

  /** How many are not ready. */
  int unready() {
    return unready.size();
  }

  static String name(int number) {
    return "fs-%05d".formatted(number);
  }

  @Override
  public void close() {
    informer.close();
  }
}
