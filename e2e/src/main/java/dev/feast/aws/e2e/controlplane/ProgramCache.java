package dev.feast.aws.e2e.controlplane;

import dev.feast.aws.e2e.process.CacheFolder;
import dev.feast.aws.e2e.process.FileLock;
import dev.feast.aws.e2e.process.FileTree;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Programs by version and platform. The control plane's lie where fabric8's kube-api-test looks for
 * them: {@code k8s/VERSION-OS-ARCH/}; helm's in {@code helm/VERSION-OS-ARCH/}. A folder appears
 * there complete or not at all.
 */
record ProgramCache(Path root) {
  /** The only one that local-aws runs on, in Go's words, as kube-api-test has it. */
  static final String PLATFORM = "linux-amd64";

  private static final String STAGING = "new-";

  ProgramCache(CacheFolder cache) {
    this(cache.programs());
  }

  Path controlPlane(String version) {
    return root.resolve("k8s").resolve(version + "-" + PLATFORM);
  }

  Path helm(String version) {
    return root.resolve("helm").resolve(version + "-" + PLATFORM);
  }

  FileLock lock(Runnable onWait) throws IOException, InterruptedException {
    return FileLock.acquire(root.resolve("lock"), onWait);
  }

  /** The control plane of some patch release, if there is one here. */
  Optional<Path> anyControlPlane(String versionPrefix, Collection<String> programs)
      throws IOException {
    return children(root.resolve("k8s"), versionPrefix).stream()
        .filter(folder -> folder.toString().endsWith("-" + PLATFORM))
        .filter(folder -> holds(folder, programs))
        .findFirst();
  }

  /** A new folder on the same file system, to fill before {@link #publish}. */
  Path staging() throws IOException {
    return Files.createTempDirectory(Files.createDirectories(root), STAGING);
  }

  /** Deletes what a process that was killed had begun to fill; only with the lock held. */
  void deleteAbandonedStaging() throws IOException {
    for (Path folder : children(root, STAGING)) {
      FileTree.delete(folder);
    }
  }

  private static List<Path> children(Path folder, String prefix) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> children = Files.list(folder)) {
      return children
          .filter(child -> child.getFileName().toString().startsWith(prefix))
          .sorted()
          .toList();
    }
  }

  /** Moves a filled folder to its place; only with the lock held. */
  static void publish(Path staged, Path place) throws IOException {
    Files.createDirectories(place.getParent());
    if (Files.exists(place)) {
      FileTree.delete(place);
    }
    Files.move(staged, place, StandardCopyOption.ATOMIC_MOVE);
  }

  static boolean holds(Path folder, Collection<String> programs) {
    return programs.stream().allMatch(name -> Files.isExecutable(folder.resolve(name)));
  }

  /** The first folder of a search path that holds the program. */
  static Optional<Path> onPath(String program, String searchPath) {
    return Stream.of(searchPath.split(File.pathSeparator, -1))
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder).resolve(program))
        .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
        .findFirst();
  }
}
