package dev.feast.aws.operator.controller;

import dev.feast.aws.api.v1alpha1.KeyReference;
import dev.feast.aws.operator.admission.FeatureStoreTexts;
import dev.feast.aws.operator.controller.ReferencedObjects.Lookup;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** feature_store.yamls in ConfigMaps, for admission: within a bound, or not at all. */
final class ConfigMapTexts implements FeatureStoreTexts, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ConfigMapTexts.class);

  /** The API server waits 5 s for a review, which may read two. */
  static final Duration BOUND = Duration.ofMillis(1_500);

  private static final String KEY = "spec.featureStoreFrom";

  private final ReferencedObjects objects;
  private final Duration bound;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

  ConfigMapTexts(KubernetesClient client, Duration bound) {
    this.objects = new ReferencedObjects(client);
    this.bound = bound;
  }

  @Override
  public Text inConfigMap(String namespace, KeyReference reference) {
    Future<Lookup> reading =
        executor.submit(() -> objects.configMap(namespace, reference.name(), KEY));
    try {
      return switch (reading.get(bound.toMillis(), TimeUnit.MILLISECONDS)) {
        case Lookup.Found found when found.data().get(reference.key()) instanceof String text ->
            new Text.Found(text);
        case Lookup.Found _, Lookup.Missing _ ->
            new Text.Absent(
                "%s: there is no ConfigMap %s with a key %s in this namespace; it is waited for."
                    .formatted(KEY, reference.name(), reference.key()));
        case Lookup.Forbidden(String message) -> new Text.Absent(message);
      };
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn("ConfigMap {}/{} cannot be read for admission", namespace, reference.name(), e);
      return unread(reference);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return unread(reference);
    } finally {
      reading.cancel(true);
    }
  }

  private static Text unread(KeyReference reference) {
    return new Text.Absent(
        "%s: ConfigMap %s cannot be read now; the condition SpecAccepted will tell."
            .formatted(KEY, reference.name()));
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
