package dev.feast.aws.e2e.scale;

import dev.feast.aws.e2e.ChartRelease;
import dev.feast.aws.e2e.Operator;
import dev.feast.aws.e2e.Repository;
import dev.feast.aws.e2e.controlplane.ControlPlane;
import dev.feast.aws.e2e.controlplane.ProgramProvider;
import dev.feast.aws.e2e.process.CacheFolder;
import dev.feast.aws.e2e.process.ChildProcess;
import dev.feast.aws.e2e.process.Run;
import dev.feast.aws.e2e.process.Runs;
import dev.feast.aws.localaws.LocalAws;
import dev.feast.aws.localaws.lambda.FunctionLauncher;
import dev.feast.aws.localaws.limits.CallRates;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A kube-apiserver with the chart installed and local-aws in this JVM, whose functions answer here;
 * the operator runs as a process of its own, with its Pod's heap and collector.
 */
final class Cluster implements AutoCloseable {
  static final List<String> REGIONS = List.of("us-west-2", "eu-west-1");
  static final String NAMESPACE = "scale";

  /** The chart's memory limit; the kernel ends a Pod that takes more. */
  static final int POD_MIB = 512;

  /**
   * 60 % of the Pod's memory, as the operator's image says, and the collector that the JVM takes
   * with so little of it.
   */
  static final List<String> POD_JVM =
      List.of("-Xmx" + POD_MIB * 60 / 100 + "m", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError");

  private static final String HEALTHY =
      """
      {"statusCode":200,"body":"{\\"status\\":\\"ok\\",\\"project\\":\\"scale\\",\\"registry\\":{\\"state\\":\\"loaded\\",\
      \\"lastUpdated\\":\\"2026-01-01T00:00:00Z\\",\\"entities\\":1,\\"featureViews\\":1,\\"featureServices\\":0}}"}\
      """;

  private final Repository repository;
  private final Run run;
  private final ChartRelease release;
  private final LocalAws aws;
  private final KubernetesClient client;
  private final Map<String, String> settings;

  private Cluster(
      Repository repository,
      Run run,
      ControlPlane controlPlane,
      ChartRelease release,
      LocalAws aws,
      Map<String, String> settings) {
    this.repository = repository;
    this.run = run;
    this.release = release;
    this.aws = aws;
    this.client =
        new KubernetesClientBuilder()
            .withConfig(Config.fromKubeconfig(read(controlPlane.adminKubeconfig())))
            .build();
    this.settings = settings;
  }

  /**
   * Starts all but the operator.
   *
   * @param folder of its logs and data
   * @param settings environment variables of the operator, beside the chart's
   */
  static Cluster start(
      Repository repository, Path folder, CallRates rates, Map<String, String> settings)
      throws IOException, InterruptedException {
    CacheFolder cache = CacheFolder.of(System.getenv());
    Run run = new Runs(cache).begin(folder);
    LocalAws aws = null;
    try {
      aws =
          LocalAws.builder()
              .dataDir(run.folder().resolve("local-aws"))
              .functions(FunctionLauncher.inProcess(invocation -> HEALTHY))
              .callRates(rates)
              .start();
      ControlPlane controlPlane =
          ControlPlane.start(
              new ProgramProvider(run, cache, System.getenv(), System.err::println).provide(), run);
      ChartRelease release = ChartRelease.install(controlPlane, repository);
      controlPlane.admin().output("create", "namespace", NAMESPACE);
      Map<String, String> all = new HashMap<>(settings);
      all.put(
          "FEAST_OPERATOR_RUNTIME_IMAGE",
          StubImage.write(run.folder().resolve("stub-image")).toString());
      return new Cluster(repository, run, controlPlane, release, aws, all);
    } catch (IOException | InterruptedException | RuntimeException e) {
      if (aws != null) {
        aws.close();
      }
      run.close();
      throw e;
    }
  }

  /** Starts an operator; it is ready when this returns. */
  ChildProcess startOperator() throws IOException, InterruptedException {
    return Operator.start(run, repository, release, aws.endpoint(), POD_JVM, settings);
  }

  LocalAws aws() {
    return aws;
  }

  /** As a member of system:masters. */
  KubernetesClient client() {
    return client;
  }

  @Override
  public void close() {
    client.close();
    run.close();
    aws.close();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
