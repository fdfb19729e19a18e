package dev.feast.aws.operator.controller;

import dev.feast.aws.operator.admission.AdmissionServer;
import dev.feast.aws.operator.config.OperatorSettings;
import dev.feast.aws.operator.config.WebhookSettings;
import dev.feast.aws.operator.metrics.Recorder;
import dev.feast.aws.operator.validation.FeatureServerValidator;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The validating webhook with what it reads from the cluster. */
record Webhook(ConfigMapTexts texts, AdmissionServer server) {

  static Webhook start(
      WebhookSettings webhook,
      OperatorSettings settings,
      KubernetesClient client,
      Recorder recorder,
      InstantSource clock)
      throws IOException {
    var texts = new ConfigMapTexts(client, ConfigMapTexts.BOUND);
    try {
      return new Webhook(
          texts,
          new AdmissionServer(
              webhook.port(),
              webhook.tls(),
              settings.namespaces(),
              new FeatureServerValidator(),
              settings.policy(),
              texts,
              client.getKubernetesSerialization(),
              recorder,
              clock));
    } catch (IOException e) {
      texts.close();
      throw e;
    }
  }

  int port() {
    return server.port();
  }

  /** Why it cannot answer; empty where it can. */
  Optional<String> problem() {
    return server.problem();
  }

  /** Answers for that time still, unless the thread is interrupted. */
  void close(Duration linger) {
    try {
      boolean unused = new CountDownLatch(1).await(linger.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    server.close();
    texts.close();
  }
}
