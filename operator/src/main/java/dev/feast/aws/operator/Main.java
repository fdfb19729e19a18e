package dev.feast.aws.operator;

import ch.qos.logback.classic.LoggerContext;
import dev.feast.aws.operator.admission.HttpBounds;
import dev.feast.aws.operator.aws.SdkRegions;
import dev.feast.aws.operator.config.OperatorCommand;
import dev.feast.aws.operator.config.OperatorSettings;
import dev.feast.aws.operator.controller.ClusterClient;
import dev.feast.aws.operator.controller.MirroredImages;
import dev.feast.aws.operator.controller.OperatorProcess;
import dev.feast.aws.operator.iam.PolicyCommand;
import dev.feast.aws.operator.image.ImageMirror;
import dev.feast.aws.operator.metrics.OperatorMetrics;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The operator's process: from its settings until SIGTERM. */
public final class Main {
  private static final Logger LOG = LoggerFactory.getLogger(Main.class);
  private static final int FAILED = 1;

  /**
   * Blobs on their way to ECR at once, over all FeatureServers: enough to fill a line, few enough
   * to share it.
   */
  private static final int IMAGE_TRANSFERS = 8;

  private Main() {}

  public static void main(String[] arguments) {
    HttpBounds.set();
    int code =
        OperatorCommand.commandLine(programs(), Main::run, new PolicyCommand()).execute(arguments);
    // Not after a signal: the exit is under way then, and a second one would wait for it forever.
    if (code != 0) {
      System.exit(code);
    }
  }

  private static Path programs() {
    var source = Main.class.getProtectionDomain().getCodeSource();
    return Path.of(URI.create(source.getLocation().toString())).resolveSibling("");
  }

  private static int run(OperatorSettings settings) {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      context.getLogger(Main.class.getPackageName()).setLevel(settings.logLevel());
    }
    var stopping = new CountDownLatch(1);
    var stopped = new CountDownLatch(1);
    Config cluster = Config.autoConfigure(null);
    try (KubernetesClient client = ClusterClient.connect(cluster);
        OperatorMetrics metrics = new OperatorMetrics();
        SdkRegions regions = new SdkRegions(settings.rateLimits(), metrics);
        ImageMirror mirror = new ImageMirror(IMAGE_TRANSFERS);
        OperatorProcess process =
            new OperatorProcess(
                settings,
                client,
                regions,
                new MirroredImages(client, mirror, settings.runtimeImage(), settings.policy()),
                OperatorProcess.Tempo.PRODUCTION,
                InstantSource.system(),
                metrics)) {
      Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(stopping, stopped), "stop"));
      process
          .webhookPort()
          .ifPresent(port -> LOG.info("The validating webhook, /validate, is on port {}", port));
      LOG.info("Ready; /healthz, /readyz and /metrics are on port {}", process.healthPort());
      stopping.await();
      LOG.info("Stopping");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException | RuntimeException e) {
      LOG.error("The operator cannot start: {}", ClusterClient.explained(e, cluster), e);
      return FAILED;
    } finally {
      stopped.countDown();
    }
    return 0;
  }

  /** The JVM ends when this returns. */
  private static void stop(CountDownLatch stopping, CountDownLatch stopped) {
    stopping.countDown();
    try {
      stopped.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
