package dev.feast.aws.image;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;

/**
 * An image whose layers lie unpacked in a folder, and which is started as Lambda or a kubelet does:
 * its entrypoint with the image's environment in its working directory, in its own root, as its own
 * user.
 *
 * <p>The root is entered with util-linux' {@code unshare}, by root only; for any other user the
 * entrypoint and the working directory are taken below the folder, and the user stays.
 */
public final class UnpackedImage {
  /** The devices of a container that a JVM opens: major and minor number, as Linux fixes them. */
  private static final Map<String, List<String>> DEVICES =
      Map.of("null", List.of("1", "3"), "random", List.of("1", "8"), "urandom", List.of("1", "9"));

  private final Path root;
  private final ImageLayout layout;

  private UnpackedImage(Path root, ImageLayout layout) {
    this.root = root;
    this.layout = layout;
  }

  /**
   * Unpacks the layers, the lowest first.
   *
   * @param root folder to unpack into
   */
  public static UnpackedImage of(ImageLayout layout, Path root) throws IOException {
    for (ImageLayout.Blob layer : layout.layers()) {
      layout.forEachEntry(layer, (entry, content) -> unpack(entry, content, root));
    }
    return new UnpackedImage(root, layout);
  }

  public Path root() {
    return root;
  }

  /** Whether processes are started in the image's own root and not below it. */
  public boolean hasItsOwnRoot() {
    return "root".equals(System.getProperty("user.name"))
        && Files.isExecutable(Path.of("/usr/bin/unshare"));
  }

  /**
   * Adds what a container has mounted at /dev: without it Java makes random numbers by itself,
   * which takes seconds.
   */
  public void addDevices() throws IOException, InterruptedException {
    if (!hasItsOwnRoot()) {
      return;
    }
    Path dev = Files.createDirectories(root.resolve("dev"));
    for (var device : DEVICES.entrySet()) {
      var command =
          new ArrayList<>(
              List.of("mknod", "-m", "666", dev.resolve(device.getKey()).toString(), "c"));
      command.addAll(device.getValue());
      int status = new ProcessBuilder(command).inheritIO().start().waitFor();
      if (status != 0) {
        throw new IOException(String.join(" ", command) + " ended with status " + status);
      }
    }
  }

  /**
   * A process with the image's environment, working directory and root, not started yet.
   *
   * @param entrypoint the image's own, or a variation of it
   * @param environment what is set beside the image's own
   */
  public ProcessBuilder process(List<String> entrypoint, Map<String, String> environment) {
    var command = new ArrayList<>(entrypoint);
    var builder = new ProcessBuilder(command);
    if (hasItsOwnRoot()) {
      command.addAll(0, enterRoot());
    } else {
      command.set(0, root + command.getFirst());
      builder.directory(Path.of(root + layout.workingDirectory()).toFile());
    }
    builder.environment().clear();
    builder.environment().putAll(layout.environment());
    builder.environment().putAll(environment);
    return builder;
  }

  private List<String> enterRoot() {
    var command =
        new ArrayList<>(
            List.of("/usr/bin/unshare", "--root=" + root, "--wd=" + layout.workingDirectory()));
    if (!layout.user().isEmpty()) {
      String[] ids = layout.user().split(":", 2);
      command.addAll(List.of("--setuid=" + ids[0], "--setgid=" + ids[1]));
    }
    return command;
  }

  private static void unpack(TarArchiveEntry entry, InputStream content, Path root)
      throws IOException {
    Path path = root.resolve(entry.getName());
    if (entry.isDirectory()) {
      Files.createDirectories(path);
      return;
    }
    Files.copy(content, path);
    boolean executable = (entry.getMode() & 0100) != 0;
    Files.setPosixFilePermissions(
        path, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
    Files.setLastModifiedTime(path, FileTime.from(entry.getLastModifiedTime().toInstant()));
  }
}
