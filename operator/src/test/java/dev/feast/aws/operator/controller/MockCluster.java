package dev.feast.aws.operator.controller;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMixedDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.ServerRequest;
import io.fabric8.mockwebserver.ServerResponse;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;

/** fabric8's mock API server, which can go away and come back with all that it holds. */
final class MockCluster implements AutoCloseable {
  private final Map<ServerRequest, Queue<ServerResponse>> expected = new HashMap<>();
  private final KubernetesMixedDispatcher objects =
      new KubernetesMixedDispatcher(expected) {
        /**
         * One request after the other, each with the events that it makes: else a change may be
         * seen, and be followed by another, before watches are told of it; they are then told of
         * the two in the wrong order, as no API server does.
         */
        @Override
        public synchronized MockResponse dispatch(RecordedRequest request) {
          return super.dispatch(request);
        }
      };
  private final Config config;
  private final int port;
  private KubernetesMockServer server = newServer();

  MockCluster() {
    server.init();
    port = server.getPort();
    try (KubernetesClient client = server.createClient()) {
      config = client.getConfiguration();
    }
  }

  private KubernetesMockServer newServer() {
    return new KubernetesMockServer(
        new Context(Serialization.jsonMapper()), new MockWebServer(), expected, objects, false);
  }

  /** Where it is, for any number of clients. */
  Config config() {
    return config;
  }

  /** To answer some requests otherwise. */
  KubernetesMockServer server() {
    return server;
  }

  /** Ends all connections, watches too, and takes no new one. */
  void goAway() {
    server.destroy();
  }

  void comeBack() {
    server = newServer();
    server.init(InetAddress.getLoopbackAddress(), port);
  }

  @Override
  public void close() {
    server.destroy();
  }
}
