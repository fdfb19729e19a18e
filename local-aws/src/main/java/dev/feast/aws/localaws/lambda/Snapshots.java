package dev.feast.aws.localaws.lambda;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands in for the snapshots of versions with SnapStart: a process cannot be put into one here.
 * The environment that is initialized when the version is published is held for its first
 * invocation, and all others are initialized anew.
 */
final class Snapshots {
  private static final Logger LOG = LoggerFactory.getLogger(Snapshots.class);

  private final Invoker invoker;
  private final Background background;

  /**
   * @param background in which Pending lasts
   */
  Snapshots(Invoker invoker, Background background) {
    this.invoker = invoker;
    this.background = background;
  }

  /** What a version with such settings is once it is published and its image there. */
  static Status published(Settings settings) {
    return settings.snapStart() == SnapStart.NONE ? new Status.Active() : new Status.Pending();
  }

  /** Takes the snapshot of a version that is Pending for it, and settles its state. */
  void begin(Function function, FunctionVersion version) {
    background.run(
        () -> initialize(function, version),
        initialized -> {
          synchronized (function) {
            function.replace(
                version.with(
                    initialized ? new Status.Active() : new Status.Failed(Status.Reason.NOT_INIT)));
            if (function.version(version.version()).isEmpty()) {
              function.instances().retire(version.version()); // deleted meanwhile
            }
          }
        });
  }

  private boolean initialize(Function function, FunctionVersion version) {
    try {
      return invoker.start(function, version);
    } catch (RuntimeException e) {
      LOG.error("{} cannot be initialized", function.key().arn(version.version()), e);
      return false;
    }
  }
}
