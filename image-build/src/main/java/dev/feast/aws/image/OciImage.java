package dev.feast.aws.image;

import com.google.cloud.tools.jib.api.CacheDirectoryCreationException;
import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.InvalidImageReferenceException;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.ImageFormat;
import com.google.cloud.tools.jib.api.buildplan.Platform;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * A container image from scratch, written by jib as an OCI layout: as a tar, and as the folder that
 * it unpacks to.
 *
 * <p>jib follows what Lambda asks of an image: gzip layers without hard links, each folder an entry
 * before the files in it, a manifest with its mediaType; and gives the same bytes for the same
 * files. {@code RuntimeImageIT} holds it to that.
 *
 * @param reference name and tag under which tools find the image in the layout
 * @param architecture as Go and OCI name it: amd64 or arm64
 * @param user the numbers {@code uid:gid} that it runs as; none where who starts it decides
 */
public record OciImage(
    String reference,
    String architecture,
    List<Layer> layers,
    List<String> entrypoint,
    Map<String, String> environment,
    String workingDirectory,
    Optional<String> user,
    Map<String, String> labels,
    Instant created) {

  /**
   * The keys that OCI predefines. The licences are those of the code in every image of ours: our
   * own and our libraries', OpenJDK's, glibc's.
   *
   * @see <a href="https://github.com/opencontainers/image-spec/blob/main/annotations.md">OCI
   *     annotations</a>
   */
  public static Map<String, String> labels(String title, String description, String version) {
    return Map.of(
        "org.opencontainers.image.title", title,
        "org.opencontainers.image.description", description,
        "org.opencontainers.image.version", version,
        "org.opencontainers.image.licenses",
            "Apache-2.0 AND GPL-2.0-only WITH Classpath-exception-2.0 AND LGPL-2.1-or-later");
  }

  /** Writes the layout as one tar. */
  public void writeTar(Path tar) throws IOException, InterruptedException {
    // A cache of its own that goes afterwards: jib knows files by path and time, and ours all have
    // the same time.
    Path cache = Files.createTempDirectory("feast-image");
    try {
      Jib.fromScratch()
          .setFormat(ImageFormat.OCI)
          .setPlatforms(Set.of(new Platform(architecture, "linux")))
          .setFileEntriesLayers(layers.stream().map(layer -> layer.entries(created)).toList())
          .setEntrypoint(entrypoint)
          .setEnvironment(environment)
          .setWorkingDirectory(AbsoluteUnixPath.get(workingDirectory))
          .setUser(user.orElse(null))
          .setLabels(labels)
          .setCreationTime(created)
          .containerize(
              Containerizer.to(TarImage.at(tar).named(reference))
                  .setOfflineMode(true)
                  .setBaseImageLayersCache(cache.resolve("base"))
                  .setApplicationLayersCache(cache.resolve("layers")));
    } catch (ExecutionException
        | RegistryException
        | CacheDirectoryCreationException
        | InvalidImageReferenceException e) {
      throw new IOException(
          "The image " + reference + " could not be written: " + e.getMessage(), e);
    } finally {
      FileTree.delete(cache);
    }
  }

  /** Unpacks the layout in {@code tar} into {@code folder}, which is replaced. */
  public static void unpack(Path tar, Path folder) throws IOException {
    FileTree.delete(folder);
    try (InputStream in = new BufferedInputStream(Files.newInputStream(tar));
        var entries = new TarArchiveInputStream(in)) {
      for (TarArchiveEntry entry = entries.getNextEntry();
          entry != null;
          entry = entries.getNextEntry()) {
        if (entry.isFile()) {
          Path file = folder.resolve(entry.getName());
          Files.createDirectories(file.getParent());
          Files.copy(entries, file);
        }
      }
    }
  }
}
