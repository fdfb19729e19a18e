package dev.feast.aws.localaws.lambda.process;

import dev.feast.aws.localaws.ecr.Repositories;
import dev.feast.aws.localaws.files.FileTrees;
import dev.feast.aws.localaws.lambda.ExecutionEnvironment;
import dev.feast.aws.localaws.lambda.FunctionImage;
import dev.feast.aws.localaws.lambda.FunctionLauncher;
import dev.feast.aws.localaws.lambda.ImageRefused;
import dev.feast.aws.localaws.lambda.Launch;
import dev.feast.aws.localaws.lambda.image.UnpackedImages;
import dev.feast.aws.localaws.spi.Installation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs functions as processes, from their images. */
public final class ProcessLauncher implements FunctionLauncher {
  private static final Logger LOG = LoggerFactory.getLogger(ProcessLauncher.class);

  /** "The Init phase is limited to 10 seconds". */
  private static final Duration INIT_LIMIT = Duration.ofSeconds(10);

  private final UnpackedImages images;
  private final Installation installation;
  private final Isolation isolation;
  private final Duration initLimit;
  private final Optional<Watchdog> watchdog;
  private final Set<ProcessEnvironment> running = ConcurrentHashMap.newKeySet();
  private final ExecutorService starterThread =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("function-starter").factory());

  private ProcessLauncher(
      Repositories repositories, Installation installation, Isolation isolation, Duration initLimit)
      throws IOException {
    // What an instance that was killed left behind.
    FileTrees.delete(installation.folder("lambda").resolve("tmp"));
    this.images = new UnpackedImages(repositories, installation.folder("lambda").resolve("images"));
    this.installation = installation;
    this.isolation = isolation;
    this.initLimit = initLimit;
    this.watchdog = isolation.watchdog();
  }

  /**
   * Finds out how far functions can be kept apart here, and unpacks images below the data folder.
   */
  public static ProcessLauncher create(Repositories repositories, Installation installation)
      throws IOException {
    return create(repositories, installation, Isolation.best(), INIT_LIMIT);
  }

  static ProcessLauncher create(
      Repositories repositories, Installation installation, Isolation isolation, Duration initLimit)
      throws IOException {
    LOG.info("Functions run in {}", isolation.getClass().getSimpleName());
    return new ProcessLauncher(repositories, installation, isolation, initLimit);
  }

  @Override
  public void prepare(FunctionImage image) throws ImageRefused {
    images.get(image);
  }

  @Override
  public ExecutionEnvironment launch(Launch launch) {
    try {
      var starter =
          new ProcessStarter(
              launch, images.get(launch.image()), isolation, installation, starterThread, watchdog);
      var environment = new ProcessEnvironment(launch, starter, initLimit, running::remove);
      running.add(environment);
      return environment;
    } catch (ImageRefused e) {
      throw new IllegalStateException(launch.image().imageUri() + " was ready before", e);
    } catch (IOException e) {
      throw new UncheckedIOException("Function " + launch.function().name(), e);
    }
  }

  @Override
  public void close() {
    running.forEach(ProcessEnvironment::close);
    starterThread.shutdownNow();
    watchdog.ifPresent(Watchdog::close);
  }
}
