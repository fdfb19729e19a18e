package dev.feast.aws.localaws.lambda;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts the environments that provisioned concurrency asks for, and those that take their place.
 */
final class Provisioning implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Provisioning.class);

  private final Invoker invoker;
  private final Duration atLeast;
  private final Clock clock;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /**
   * @param atLeast how long IN_PROGRESS lasts, for clients to meet it
   */
  Provisioning(Invoker invoker, Duration atLeast, Clock clock) {
    this.invoker = invoker;
    this.atLeast = atLeast;
    this.clock = clock;
  }

  /** Begins; what a version or alias had before is replaced. */
  Provisioned begin(Function function, String qualifier, int requested) {
    Provisioned begun = Provisioned.begun(requested, clock.instant());
    function.provision(qualifier, begun);
    threads.execute(() -> allocate(function, qualifier, begun));
    return begun;
  }

  private void allocate(Function function, String qualifier, Provisioned begun) {
    Instant until = Instant.now().plus(atLeast);
    boolean ready = keep(function, qualifier, begun.requested());
    try {
      Thread.sleep(Duration.between(Instant.now(), until));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return; // local-aws is closing
    }
    function.provisioned(qualifier, begun.ended(ready));
  }

  /** Environments that ended are replaced. */
  void refill(Function function) {
    function
        .provisioned()
        .forEach(
            (qualifier, config) -> {
              if (config.state() == Provisioned.State.READY) {
                keep(function, qualifier, config.requested());
              }
            });
  }

  private boolean keep(Function function, String qualifier, int requested) {
    Optional<FunctionVersion> version = function.qualified(Optional.of(qualifier));
    try {
      return version.isEmpty() || invoker.keep(function, version.get(), requested);
    } catch (RuntimeException e) {
      LOG.error("Environments of {} cannot be started", function.key().arn(qualifier), e);
      return false;
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
