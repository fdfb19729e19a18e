package dev.feast.aws.e2e.process;

import java.nio.file.Path;
import java.util.Map;

/**
 * What outlives one clone of the repository: built programs, and which processes a run has started.
 */
public record CacheFolder(Path root) {
  /**
   * The project's part of the user's cache folder, as the XDG base directory specification has it.
   */
  public static CacheFolder of(Map<String, String> environment) {
    String xdg = environment.get("XDG_CACHE_HOME");
    Path base =
        xdg != null && Path.of(xdg).isAbsolute()
            ? Path.of(xdg)
            : Path.of(System.getProperty("user.home"), ".cache");
    return new CacheFolder(base.resolve("feast-feature-server"));
  }

  /** Programs of the control plane, in the layout of fabric8's kube-api-test. */
  public Path programs() {
    return root.resolve("control-plane");
  }

  /** One file for each run that has not cleaned up after itself yet. */
  public Path runs() {
    return root.resolve("runs");
  }
}
