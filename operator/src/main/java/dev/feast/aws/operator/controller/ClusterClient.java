package dev.feast.aws.operator.controller;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.net.ConnectException;
import java.net.http.HttpTimeoutException;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The client of the API server. It reads whatever an API server may hold: an object that cannot be
 * read is no object but an error, on which the watch of all of its kind ends, for good.
 */
public final class ClusterClient {
  /** Past what API servers take: 10,000 levels (Go's encoding/json) of 1.5 MiB (etcd). */
  private static final StreamReadConstraints ANYTHING =
      StreamReadConstraints.builder()
          .maxNestingDepth(100_000)
          .maxNameLength(100_000_000)
          .maxNumberLength(100_000_000)
          .build();

  private ClusterClient() {}

  public static KubernetesClient connect(Config config) {
    return new KubernetesClientBuilder()
        .withConfig(config)
        .withKubernetesSerialization(new KubernetesSerialization(mapper(), true))
        .build();
  }

  /**
   * What is wrong where the operator cannot start. Whoever asks an API server that is away learns
   * of it under other names, of what was asked or of what was being started.
   */
  public static String explained(Exception e, Config config) {
    return Stream.<@Nullable Throwable>iterate(e, Objects::nonNull, Throwable::getCause)
        .filter(ClusterClient::isUnanswered)
        .findFirst()
        .map(
            unanswered ->
                ("the API server at %s does not answer (%s). This process ends, and begins anew"
                        + " when it is started again.")
                    .formatted(
                        config.getMasterUrl(),
                        Objects.requireNonNullElse(
                            unanswered.getMessage(), unanswered.getClass().getSimpleName())))
        .orElseGet(() -> String.valueOf(e.getMessage()));
  }

  private static boolean isUnanswered(Throwable e) {
    return e instanceof ConnectException || e instanceof HttpTimeoutException;
  }

  private static ObjectMapper mapper() {
    return JsonMapper.builder(JsonFactory.builder().streamReadConstraints(ANYTHING).build())
        .addModule(new SimpleModule().addDeserializer(JsonNode.class, new BoundedTree()))
        .addMixIn(ObjectMeta.class, WithoutManagedFields.class)
        .build();
  }

  /** They nest as deep as what they are about, and nobody here reads them. */
  @JsonIgnoreProperties("managedFields")
  private interface WithoutManagedFields {}
}
