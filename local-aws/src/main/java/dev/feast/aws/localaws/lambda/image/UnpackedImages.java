package dev.feast.aws.localaws.lambda.image;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.feast.aws.localaws.ecr.Digest;
import dev.feast.aws.localaws.ecr.Manifest;
import dev.feast.aws.localaws.ecr.Repositories;
import dev.feast.aws.localaws.ecr.Repository;
import dev.feast.aws.localaws.ecr.StoredImage;
import dev.feast.aws.localaws.files.FileTrees;
import dev.feast.aws.localaws.lambda.FunctionImage;
import dev.feast.aws.localaws.lambda.ImageRefused;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Images by digest, each unpacked once and kept: {@code <digest>/config.json} and {@code
 * <digest>/root}. A folder is there only when it is complete.
 */
public final class UnpackedImages {
  private static final String CONFIG = "config.json";
  private static final String ROOT = "root";
  private static final String UNFINISHED = ".unpacking-";
  private static final JsonMapper JSON = new JsonMapper();

  private final Repositories repositories;
  private final Path folder;
  private final Map<Digest, Object> locks = new ConcurrentHashMap<>();

  /** Removes what an instance that was killed had not finished. */
  public UnpackedImages(Repositories repositories, Path folder) throws IOException {
    this.repositories = repositories;
    this.folder = Files.createDirectories(folder);
    try (DirectoryStream<Path> left = Files.newDirectoryStream(folder, UNFINISHED + "*")) {
      for (Path unfinished : left) {
        FileTrees.delete(unfinished);
      }
    }
  }

  /**
   * The image, unpacked now where it is not yet. It may be gone from its repository once it was
   * unpacked.
   *
   * @throws ImageRefused where Lambda would not run it
   */
  public UnpackedImage get(FunctionImage image) throws ImageRefused {
    Path unpacked = folder.resolve(image.digest().hex());
    synchronized (locks.computeIfAbsent(image.digest(), digest -> new Object())) {
      try {
        if (!Files.exists(unpacked)) {
          unpack(image, unpacked);
        }
        return new UnpackedImage(
            unpacked.resolve(ROOT),
            ImageConfig.of(JSON.readTree(unpacked.resolve(CONFIG).toFile())));
      } catch (IOException e) {
        throw new UncheckedIOException("Image " + image.imageUri() + " cannot be unpacked", e);
      }
    }
  }

  private void unpack(FunctionImage image, Path unpacked) throws IOException, ImageRefused {
    Path unfinished = Files.createTempDirectory(folder, UNFINISHED);
    try {
      Repository repository = repositories.find(image.repository()).orElseThrow(() -> gone(image));
      StoredImage stored = repository.image(image.digest()).orElseThrow(() -> gone(image));
      Manifest.Descriptor config = stored.manifest().config().orElseThrow(() -> gone(image));
      Files.copy(blob(repository, config, image), unfinished.resolve(CONFIG));
      if (!isForLinux(unfinished.resolve(CONFIG))) {
        throw new ImageRefused(
            "InvalidImage",
            "The image manifest, config or layer media type for the source image "
                + image.imageUri()
                + " is not supported.");
      }
      Path root = Files.createDirectory(unfinished.resolve(ROOT));
      for (Manifest.Descriptor layer : stored.manifest().layers()) {
        try (InputStream content = Files.newInputStream(blob(repository, layer, image))) {
          new LayerUnpacker(root, layer).unpack(content);
        }
      }
      // What Lambda mounts for every function has to have a place.
      for (String mounted : new String[] {"tmp", "dev", "proc"}) {
        Files.createDirectories(root.resolve(mounted));
      }
      // Where /tmp cannot be mounted, functions write to the image's own.
      Files.setPosixFilePermissions(
          root.resolve("tmp"), PosixFilePermissions.fromString("rwxrwxrwx"));
      Files.move(unfinished, unpacked, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      FileTrees.delete(unfinished);
    }
  }

  private static boolean isForLinux(Path config) throws IOException {
    try {
      return ImageConfig.of(JSON.readTree(config.toFile())).os().equals("linux");
    } catch (JsonProcessingException e) {
      return false;
    }
  }

  private static Path blob(
      Repository repository, Manifest.Descriptor descriptor, FunctionImage image)
      throws ImageRefused {
    return repository.blobFile(descriptor.digest()).orElseThrow(() -> gone(image));
  }

  private static ImageRefused gone(FunctionImage image) {
    return new ImageRefused("ImageDeleted", "The image " + image.imageUri() + " was deleted.");
  }
}
