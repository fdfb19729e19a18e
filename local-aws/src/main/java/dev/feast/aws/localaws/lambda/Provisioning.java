package dev.feast.aws.localaws.lambda;

import java.time.Clock;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts the environments that provisioned concurrency asks for, and those that take their place.
 */
final class Provisioning {
  private static final Logger LOG = LoggerFactory.getLogger(Provisioning.class);

  private final Invoker invoker;
  private final Background background;
  private final Clock clock;

  /**
   * @param background in which IN_PROGRESS lasts
   */
  Provisioning(Invoker invoker, Background background, Clock clock) {
    this.invoker = invoker;
    this.background = background;
    this.clock = clock;
  }

  /** Begins; what a version or alias had before is replaced. */
  Provisioned begin(Function function, String qualifier, int requested) {
    Provisioned begun = Provisioned.begun(requested, clock.instant());
    function.provision(qualifier, begun);
    background.run(
        () -> keep(function, qualifier, requested),
        ready -> function.provisioned(qualifier, begun.ended(ready)));
    return begun;
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
}
