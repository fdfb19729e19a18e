package dev.feast.aws.operator.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchException;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class ClusterClientTest {
  /** And not that a permission is missing, as whoever asks first takes it to be. */
  @Test
  void saysThatTheApiServerDoesNotAnswer() throws Exception {
    Config nowhere = nowhere();
    Exception asked;
    try (KubernetesClient client = ClusterClient.connect(nowhere)) {
      asked = catchException(() -> ClusterId.of(client));
    }

    assertThat(ClusterClient.explained(new IllegalStateException("Starting", asked), nowhere))
        .startsWith(
            "the API server at %s does not answer (Connect".formatted(nowhere.getMasterUrl()))
        .doesNotContain("kube-system", "--cluster-id");
  }

  @Test
  void leavesEverythingElseAsItIs() {
    assertThat(ClusterClient.explained(new IllegalStateException("no such port"), nowhere()))
        .isEqualTo("no such port");
  }

  /** Where nobody listens, and it is asked once. */
  private static Config nowhere() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return new ConfigBuilder(Config.empty())
          .withMasterUrl("http://127.0.0.1:" + socket.getLocalPort())
          .withRequestRetryBackoffLimit(0)
          .build();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
