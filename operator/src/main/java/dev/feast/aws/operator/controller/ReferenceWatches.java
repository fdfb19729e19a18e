package dev.feast.aws.operator.controller;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
  }

  /**
   * A watch.
   *
   * @param firstSeen resource version of what it found first; empty where it found nothing. Not
   *     done before its first list is
   */
  private record Watched(
      SharedIndexInformer<? extends HasMetadata> informer,
      Set<ResourceID> by,
      CompletableFuture<Optional<String>> firstSeen) {}

  /** How long a pass waits for a new watch; without it, one pass more than needed is made. */
  private static final Duration FIRST_LIST = Duration.ofSeconds(5);

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

  /**
   * From now on {@code resource} refers to exactly these. What is there when this returns is not
   * told of as new: the pass that asks for the watch reads it after that.
   */
  void refer(ResourceID resource, Set<Reference> references) {
    for (Watched watched : watching(resource, references)) {
      try {
        watched.firstSeen().get(FIRST_LIST.toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException | ExecutionException e) {
        // Not listed yet, perhaps not allowed to: what it finds later is told of.
        watched.firstSeen().complete(Optional.empty());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private synchronized List<Watched> watching(ResourceID resource, Set<Reference> references) {
    var watching = new ArrayList<Watched>();
    for (Reference reference : references) {
      Watched watched = watches.computeIfAbsent(reference, this::watch);
      watched.by().add(resource);
      watching.add(watched);
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
    return watching;
  }

  @Override
  public synchronized void close() {
    watches.values().forEach(ReferenceWatches::stop);
    watches.clear();
  }

  private Watched watch(Reference reference) {
    var firstSeen = new CompletableFuture<Optional<String>>();
    return new Watched(start(reference.kind(), reference, firstSeen), new HashSet<>(), firstSeen);
  }

  private <T extends HasMetadata> SharedIndexInformer<T> start(
      Class<T> kind, Reference reference, CompletableFuture<Optional<String>> firstSeen) {
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
            firstSeen.thenAccept(
                first -> {
                  if (!first.equals(Optional.of(added.getMetadata().getResourceVersion()))) {
                    changed(reference);
                  }
                });
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
    informer
        .start()
        .thenRun(
            () ->
                firstSeen.complete(
                    informer.getStore().list().stream()
                        .map(found -> found.getMetadata().getResourceVersion())
                        .findFirst()));
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
