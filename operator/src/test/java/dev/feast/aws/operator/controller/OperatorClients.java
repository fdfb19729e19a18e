package dev.feast.aws.operator.controller;

import dev.feast.aws.localaws.LocalAws;
import dev.feast.aws.operator.aws.RateLimits;
import dev.feast.aws.operator.aws.SdkRegions;
import dev.feast.aws.operator.metrics.OperatorMetrics;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import software.amazon.awssdk.auth.credentials.AwsCredentials;

/**
 * What one operator reaches Kubernetes and AWS by. Once it is dead no request leaves it any more,
 * as none leaves a process that was killed.
 */
final class OperatorClients implements AutoCloseable {
  final KubernetesClient kubernetes;
  final SdkRegions regions;

  OperatorClients(
      KubernetesClient like,
      LocalAws aws,
      Supplier<AwsCredentials> credentials,
      BooleanSupplier isDead,
      OperatorMetrics metrics) {
    this.kubernetes =
        new KubernetesClientBuilder()
            .withConfig(like.getConfiguration())
            .withKubernetesSerialization(like.getKubernetesSerialization())
            .withHttpClientBuilderConsumer(
                http -> http.addOrReplaceInterceptor("dead", silenced(isDead)))
            .build();
    this.regions =
        new SdkRegions(
            new RateLimits(2_000, 2_000, 2_000, 2_000, 2_000, 2_000, 2_000),
            builder ->
                builder
                    .endpointOverride(aws.endpoint())
                    .credentialsProvider(
                        () -> {
                          refuseToThe(isDead);
                          return credentials.get();
                        }),
            Duration.ZERO,
            InstantSource.system(),
            metrics);
  }

  private static Interceptor silenced(BooleanSupplier isDead) {
    return new Interceptor() {
      @Override
      public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
        refuseToThe(isDead);
      }
    };
  }

  private static void refuseToThe(BooleanSupplier isDead) {
    if (isDead.getAsBoolean()) {
      throw new IllegalStateException("This operator was killed");
    }
  }

  @Override
  public void close() {
    regions.close();
    kubernetes.close();
  }
}
