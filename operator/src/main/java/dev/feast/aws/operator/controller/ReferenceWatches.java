package dev.feast.aws.operator.controller;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One watch for each ConfigMap or Secret that some FeatureServer refers to, and none of all of
 * them: the operator holds no Secret in memory that nobody pointed it at, and may be allowed single
 * Secrets by name.
 */
final class ReferenceWatches implements AutoCloseable {

  /** An object that FeatureServers may refer to. */
  record Reference(Class<? extends HasMetadata> kind, String namespace, String name) {
    static Reference configMap(String namespace, String name) {
      return new Reference(ConfigMap.class, namespace, name);
    }

    static Reference secret(String namespace, String name) {
      return new Reference(Secret.class, namespace, name);
    }

    String displayName() {
      return kind.getSimpleName() + " " + name;
    }
  }

  private record Watched(SharedIndexInformer<? extends HasMetadata> informer, Set<ResourceID> by) {}

  private final KubernetesClient client;
  private final Map<Reference, Watched> watches = new HashMap<>();
  private volatile Consumer<ResourceID> trigger = resource -> {};

  ReferenceWatches(KubernetesClient client) {
    this.client = client;
  }

  /** What is told when something that a FeatureServer refers to appears, changes or goes. */
  void triggering(Consumer<ResourceID> newTrigger) {
    trigger = newTrigger;
  }

  /** From now on {@code resource} refers to exactly these. */
  synchronized void refer(ResourceID resource, Set<Reference> references) {
    for (Reference reference : references) {
      watches.computeIfAbsent(reference, this::watch).by().add(resource);
    }
    var unused = new HashSet<Reference>();
    watches.forEach(
        (reference, watched) -> {
          if (!references.contains(reference)
              && watched.by().remove(resource)
              && watched.by().isEmpty()) {
            unused.add(reference);
          }
        });
    unused.forEach(reference -> stop(watches.remove(reference)));
  }

  @Override
  public synchronized void close() {
    watches.values().forEach(ReferenceWatches::stop);
    watches.clear();
  }

  private Watched watch(Reference reference) {
    var by = new HashSet<ResourceID>();
    return new Watched(start(reference.kind(), reference), by);
  }

  private <T extends HasMetadata> SharedIndexInformer<T> start(Class<T> kind, Reference reference) {
    SharedIndexInformer<T> informer =
        client
            .resources(kind)
            .inNamespace(reference.namespace())
            .withName(reference.name())
            .runnableInformer(0);
    informer.addEventHandler(
        new ResourceEventHandler<T>() {
          @Override
          public void onAdd(T added) {
            changed(reference);
          }

          @Override
          public void onUpdate(T before, T now) {
            if (!Objects.equals(
                before.getMetadata().getResourceVersion(),
                now.getMetadata().getResourceVersion())) {
              changed(reference);
            }
          }

          @Override
          public void onDelete(T gone, boolean finalStateUnknown) {
            changed(reference);
          }
        });
    // Never gives up: the permission to read it, or the API server, may come back.
    informer.exceptionHandler((isStarted, error) -> true);
    informer.start();
    return informer;
  }

  private void changed(Reference reference) {
    Set<ResourceID> concerned;
    synchronized (this) {
      Watched watched = watches.get(reference);
      concerned = watched == null ? Set.of() : Set.copyOf(watched.by());
    }
    concerned.forEach(trigger);
  }

  private static void stop(@Nullable Watched watched) {
    if (watched != null) {
      watched.informer().stop();
    }
  }
}
