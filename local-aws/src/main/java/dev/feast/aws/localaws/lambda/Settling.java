package dev.feast.aws.localaws.lambda;

import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What goes on after a create or update was answered: the image is fetched, then the states change.
 */
final class Settling {
  private static final Logger LOG = LoggerFactory.getLogger(Settling.class);

  private final Functions functions;
  private final FunctionLauncher launcher;
  private final Background background;
  private final Snapshots snapshots;

  /**
   * @param background in which Pending and InProgress last
   */
  Settling(
      Functions functions, FunctionLauncher launcher, Background background, Snapshots snapshots) {
    this.functions = functions;
    this.launcher = launcher;
    this.background = background;
    this.snapshots = snapshots;
  }

  /** Settles $LATEST, which was just changed, and what was published with the change. */
  void begin(Function function, Optional<FunctionVersion> published) {
    FunctionVersion changed = function.latest();
    background.run(
        () -> prepare(changed.settings().image()),
        problem -> settle(function, changed, published, problem));
  }

  private void settle(
      Function function,
      FunctionVersion changed,
      Optional<FunctionVersion> published,
      Optional<Status.Reason> problem) {
    synchronized (function) {
      if (functions.find(function.key()).filter(f -> f == function).isEmpty()) {
        return; // deleted meanwhile
      }
      boolean created = changed.status() instanceof Status.Pending;
      function.latest(changed.with(after(problem, created)));
      published.ifPresent(version -> settle(function, version, problem));
      if (problem.isEmpty()) {
        function.serving(changed.settings());
      }
    }
  }

  private void settle(
      Function function, FunctionVersion published, Optional<Status.Reason> problem) {
    if (problem.isPresent()) {
      function.replace(published.with(new Status.Failed(problem.get())));
      return;
    }
    FunctionVersion settled = published.with(Snapshots.published(published.settings()));
    function.replace(settled);
    if (settled.status() instanceof Status.Pending) {
      snapshots.begin(function, settled);
    }
  }

  private Optional<Status.Reason> prepare(FunctionImage image) {
    try {
      launcher.prepare(image);
      return Optional.empty();
    } catch (ImageRefused e) {
      return Optional.of(new Status.Reason(e.code(), e.text()));
    } catch (RuntimeException e) {
      // Else the function would stay Pending or InProgress for ever, and nobody could change it.
      LOG.error("{} cannot be made ready", image.imageUri(), e);
      Throwable cause = e.getCause() == null ? e : e.getCause();
      return Optional.of(new Status.Reason("InternalError", "local-aws failed: " + cause));
    }
  }

  private static Status after(Optional<Status.Reason> problem, boolean created) {
    if (problem.isEmpty()) {
      return new Status.Active();
    }
    return created ? new Status.Failed(problem.get()) : new Status.UpdateFailed(problem.get());
  }
}
