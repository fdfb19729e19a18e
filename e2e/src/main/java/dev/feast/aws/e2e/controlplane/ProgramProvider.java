package dev.feast.aws.e2e.controlplane;

import static dev.feast.aws.e2e.controlplane.Programs.ETCD;
import static dev.feast.aws.e2e.controlplane.Programs.HELM;
import static dev.feast.aws.e2e.controlplane.Programs.KUBECTL;
import static dev.feast.aws.e2e.controlplane.Programs.KUBE_APISERVER;

import dev.feast.aws.e2e.process.CacheFolder;
import dev.feast.aws.e2e.process.Execution;
import dev.feast.aws.e2e.process.FileLock;
import dev.feast.aws.e2e.process.FileTree;
import dev.feast.aws.e2e.process.Run;
import io.fabric8.kubeapitest.KubeAPIServerConfig;
import io.fabric8.kubeapitest.KubeAPIServerConfigBuilder;
import io.fabric8.kubeapitest.KubeAPITestException;
import io.fabric8.kubeapitest.binary.BinaryManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Provides the programs from the first of: the cache; {@code KUBEBUILDER_ASSETS}; a build from
 * source where Go is installed; kube-api-test's download. What is found goes into the cache. Any
 * number of processes may ask at once: one does the work, the others wait for it.
 */
public final class ProgramProvider {
  private static final List<String> CONTROL_PLANE = List.of(KUBE_APISERVER, ETCD, KUBECTL);
  private static final String ASSETS = "KUBEBUILDER_ASSETS";

  private final Run run;
  private final ProgramCache cache;
  private final Pins pins;
  private final Map<String, String> environment;
  private final Consumer<String> progress;

  /**
   * @param run what a build belongs to, and its log
   * @param environment KUBEBUILDER_ASSETS and PATH are read from it
   * @param progress one line at a time, for whoever waits
   */
  public ProgramProvider(
      Run run, CacheFolder cache, Map<String, String> environment, Consumer<String> progress)
      throws IOException {
    this.run = run;
    this.cache = new ProgramCache(cache);
    this.pins = Pins.read();
    this.environment = environment;
    this.progress = progress;
  }

  /**
   * Finds or makes all of them, which takes minutes the first time.
   *
   * @throws MissingProgramException when a program can be had in none of the ways
   */
  public Programs provide() throws IOException, InterruptedException {
    try (FileLock _ =
        cache.lock(() -> progress.accept("Waiting for another process that builds the programs"))) {
      cache.deleteAbandonedStaging();
      requireAWayToHelm();
      ControlPlaneFolder controlPlane = controlPlane();
      return new Programs(controlPlane.path(), controlPlane.version(), helm());
    }
  }

  private record ControlPlaneFolder(Path path, String version) {}

  private ControlPlaneFolder controlPlane() throws IOException, InterruptedException {
    Path pinned = cache.controlPlane(pins.kubernetes());
    if (ProgramCache.holds(pinned, CONTROL_PLANE)) {
      return new ControlPlaneFolder(pinned, pins.kubernetes());
    }
    Optional<Path> assets = assets();
    if (assets.isPresent()) {
      return copied(assets.get());
    }
    Optional<GoToolchain> go = go();
    if (go.isPresent()) {
      Path staged = cache.staging();
      try {
        new GoBuild(run, go.get().program(), pins, progress).controlPlane(staged);
        ProgramCache.publish(staged, pinned);
      } finally {
        FileTree.delete(staged);
      }
      return new ControlPlaneFolder(pinned, pins.kubernetes());
    }
    return downloaded();
  }

  private Optional<Path> assets() throws MissingProgramException {
    String value = environment.getOrDefault(ASSETS, "");
    if (value.isEmpty()) {
      return Optional.empty();
    }
    Path folder = Path.of(value);
    if (!ProgramCache.holds(folder, CONTROL_PLANE)) {
      throw new MissingProgramException(
          "KUBEBUILDER_ASSETS is %s, and that folder does not hold all of %s: point it to one that does, or unset it."
              .formatted(value, String.join(", ", CONTROL_PLANE)));
    }
    return Optional.of(folder);
  }

  private ControlPlaneFolder copied(Path assets) throws IOException, InterruptedException {
    String version = versionOf(assets);
    Path place = cache.controlPlane(version);
    if (!ProgramCache.holds(place, CONTROL_PLANE)) {
      progress.accept("Copying the control plane %s from %s".formatted(version, assets));
      Path staged = cache.staging();
      try {
        for (String program : CONTROL_PLANE) {
          Files.copy(
              assets.resolve(program), staged.resolve(program), StandardCopyOption.COPY_ATTRIBUTES);
        }
        ProgramCache.publish(staged, place);
      } finally {
        FileTree.delete(staged);
      }
    }
    return new ControlPlaneFolder(place, version);
  }

  /** What {@code kube-apiserver --version} says: "Kubernetes v1.34.1". */
  private String versionOf(Path assets) throws IOException, InterruptedException {
    String said =
        Execution.run(
                run,
                List.of(assets.resolve(KUBE_APISERVER).toString(), "--version"),
                Map.of(),
                assets,
                Duration.ofSeconds(30))
            .successfulOutput()
            .strip();
    return said.substring(said.lastIndexOf('v') + 1);
  }

  private ControlPlaneFolder downloaded() throws IOException, InterruptedException {
    // Not every patch release is published for download: any of the same minor version will do.
    String minor = pins.kubernetes().substring(0, pins.kubernetes().lastIndexOf('.') + 1);
    Optional<Path> earlier = cache.anyControlPlane(minor, CONTROL_PLANE);
    if (earlier.isPresent()) {
      return named(earlier.get());
    }
    progress.accept("Downloading a control plane, for there is no Go to build one with");
    ProgramCache downloads = new ProgramCache(cache.staging());
    try {
      KubeAPIServerConfig config =
          KubeAPIServerConfigBuilder.anAPIServerConfig()
              .withTestDir(downloads.root().toString())
              .withApiServerVersion(minor + "*")
              .withOfflineMode(false)
              .build();
      new BinaryManager(config).initAndDownloadIfRequired();
      Path staged =
          downloads
              .anyControlPlane(minor, CONTROL_PLANE)
              .orElseThrow(() -> new KubeAPITestException("The archive holds not all programs."));
      Path place = cache.controlPlane(named(staged).version());
      ProgramCache.publish(staged, place);
      return named(place);
    } catch (KubeAPITestException e) {
      throw new MissingProgramException(
          "There is no Kubernetes control plane (%s) on this machine and none could be downloaded (%s): %s, or set KUBEBUILDER_ASSETS to a folder that holds them."
              .formatted(String.join(", ", CONTROL_PLANE), e.getMessage(), installGo()),
          e);
    } finally {
      FileTree.delete(downloads.root());
    }
  }

  /** A folder whose name begins with its version, as kube-api-test and this cache have it. */
  private static ControlPlaneFolder named(Path folder) {
    String name = String.valueOf(folder.getFileName());
    return new ControlPlaneFolder(folder, name.substring(0, name.indexOf('-')));
  }

  private Path helm() throws IOException, InterruptedException {
    Path pinned = cache.helm(pins.helm());
    if (ProgramCache.holds(pinned, List.of(HELM))) {
      return pinned.resolve(HELM);
    }
    Optional<GoToolchain> go = go();
    if (go.isPresent()) {
      Path staged = cache.staging();
      try {
        new GoBuild(run, go.get().program(), pins, progress).helm(staged);
        ProgramCache.publish(staged, pinned);
      } finally {
        FileTree.delete(staged);
      }
      return pinned.resolve(HELM);
    }
    return onPath(HELM).orElseThrow();
  }

  /** Asked first: a control plane would take minutes, and be of no use without helm. */
  private void requireAWayToHelm() throws IOException, InterruptedException {
    if (!ProgramCache.holds(cache.helm(pins.helm()), List.of(HELM))
        && go().isEmpty()
        && onPath(HELM).isEmpty()) {
      throw new MissingProgramException(
          "There is no helm on this machine and no Go to build it with: %s, or install Helm 3 or 4 (https://helm.sh/docs/intro/install)."
              .formatted(installGo()));
    }
  }

  /** Go, if there is one that can build the module. */
  private Optional<GoToolchain> go() throws IOException, InterruptedException {
    return installedGo().filter(GoToolchain::buildsNewerModules);
  }

  private Optional<GoToolchain> installedGo() throws IOException, InterruptedException {
    Optional<Path> program = onPath("go");
    return program.isPresent() ? GoToolchain.of(program.get(), run) : Optional.empty();
  }

  private String installGo() throws IOException, InterruptedException {
    return "install Go %s or newer (https://go.dev/dl%s)"
        .formatted(
            pins.go(),
            installedGo().map(go -> "; the one that is installed is " + go.version()).orElse(""));
  }

  private Optional<Path> onPath(String program) {
    return ProgramCache.onPath(program, environment.getOrDefault("PATH", ""));
  }
}
