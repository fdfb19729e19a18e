package dev.feast.aws.runtime.image;

import dev.feast.aws.image.InputDigest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Comparator;

/**
 * AOT caches that were made on this machine, each under the digest of what went into it.
 *
 * <p>No two training runs give the same bytes (class loading order and profiles differ), so a cache
 * is kept for as long as its inputs stay the same, {@code mvn clean} included: an unchanged runtime
 * keeps its image's digest, and an operator built from it leaves the functions alone.
 */
final class AotCache {
  /** A cache has 40 MB; older ones are made again when somebody goes back. */
  private static final int KEPT = 6;

  /** Makes a cache and writes it to a file. */
  interface Maker {
    void make(Path file) throws IOException, InterruptedException;
  }

  private final Path folder;

  AotCache(Path folder) {
    this.folder = folder;
  }

  /** The user's own cache folder, as the XDG base directory specification has it. */
  static AotCache ofUser() {
    String configured = System.getenv("XDG_CACHE_HOME");
    Path base =
        configured == null || configured.isBlank()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(configured);
    return new AotCache(base.resolve("feast-feature-server").resolve("aot"));
  }

  /**
   * Puts the cache of these inputs at {@code target}, made only if there is none yet.
   *
   * @param inputs digest of everything that decides what is in the cache, see {@link InputDigest}
   * @return whether it had to be made
   */
  boolean provide(String inputs, Path target, Maker maker)
      throws IOException, InterruptedException {
    Path kept = folder.resolve(inputs + ".aot");
    if (Files.exists(kept)) {
      Files.copy(kept, target, StandardCopyOption.REPLACE_EXISTING);
      Files.setLastModifiedTime(kept, FileTime.from(Instant.now()));
      return false;
    }
    maker.make(target);
    Files.createDirectories(folder);
    // Renamed into place: two builds at once each keep a whole file, and the later one wins.
    Path partial = Files.createTempFile(folder, "made", ".part");
    Files.copy(target, partial, StandardCopyOption.REPLACE_EXISTING);
    Files.move(partial, kept, StandardCopyOption.ATOMIC_MOVE);
    forgetOldest();
    return true;
  }

  private void forgetOldest() throws IOException {
    try (var files = Files.list(folder)) {
      var oldest =
          files
              .filter(file -> file.toString().endsWith(".aot"))
              .sorted(Comparator.comparing((Path file) -> file.toFile().lastModified()).reversed())
              .skip(KEPT)
              .toList();
      for (Path file : oldest) {
        Files.deleteIfExists(file);
      }
    }
  }
}
