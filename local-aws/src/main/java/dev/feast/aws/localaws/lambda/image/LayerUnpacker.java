package dev.feast.aws.localaws.lambda.image;

import dev.feast.aws.localaws.ecr.Manifest;
import dev.feast.aws.localaws.files.FileTrees;
import dev.feast.aws.localaws.lambda.ImageRefused;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Puts one layer over those before it. Refuses what Lambda's unpacker refuses and Docker's takes:
 * layers that are not gzip, hard links, devices, and entries whose folders have no entry of their
 * own.
 */
final class LayerUnpacker {
  private static final String UNSUPPORTED = "UnsupportedImageLayerDetected";
  private static final String WHITEOUT = ".wh.";
  private static final String OPAQUE = ".wh..wh..opq";
  private static final Set<String> GZIP_TYPES =
      Set.of(
          "application/vnd.oci.image.layer.v1.tar+gzip",
          "application/vnd.docker.image.rootfs.diff.tar.gzip");

  private final Path root;
  private final Manifest.Descriptor layer;
  private final Set<String> folders = new HashSet<>(Set.of(""));
  private final Set<Path> written = new HashSet<>();
  // Set last: a folder that may not be written has to be filled first.
  private final SequencedMap<Path, TarArchiveEntry> finalModes = new LinkedHashMap<>();

  LayerUnpacker(Path root, Manifest.Descriptor layer) {
    this.root = root;
    this.layer = layer;
  }

  void unpack(InputStream content) throws IOException, ImageRefused {
    try (var tar = new TarArchiveInputStream(uncompressed(new BufferedInputStream(content)))) {
      for (TarArchiveEntry entry = next(tar); entry != null; entry = next(tar)) {
        unpack(entry, new Content(tar));
      }
    } catch (Unreadable | InvalidPathException e) {
      throw refused(UNSUPPORTED);
    }
    for (var folder : finalModes.reversed().entrySet()) {
      setAttributes(folder.getKey(), folder.getValue());
    }
  }

  /** The layer's fault, as against that of the disk it is unpacked to. */
  private static final class Unreadable extends IOException {
    private static final long serialVersionUID = 1;

    Unreadable(IOException cause) {
      super(cause);
    }
  }

  /** What a layer holds: a stream whose failures are {@link Unreadable}. */
  private static final class Content extends FilterInputStream {
    Content(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      try {
        return super.read();
      } catch (IOException e) {
        throw new Unreadable(e);
      }
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      try {
        return super.read(buffer, offset, length);
      } catch (IOException e) {
        throw new Unreadable(e);
      }
    }
  }

  private static @Nullable TarArchiveEntry next(TarArchiveInputStream tar) throws Unreadable {
    try {
      return tar.getNextEntry();
    } catch (IOException e) {
      throw new Unreadable(e);
    }
  }

  private InputStream uncompressed(InputStream content) throws IOException, ImageRefused {
    if (GZIP_TYPES.contains(layer.mediaType())) {
      try {
        return new GZIPInputStream(content, 64 * 1024);
      } catch (IOException e) {
        throw new Unreadable(e);
      }
    }
    throw refused(UNSUPPORTED);
  }

  private void unpack(TarArchiveEntry entry, InputStream content) throws IOException, ImageRefused {
    String name = normalised(entry.getName());
    if (name.isEmpty()) {
      return;
    }
    int slash = name.lastIndexOf('/');
    String parent = slash < 0 ? "" : name.substring(0, slash);
    String base = name.substring(slash + 1);
    if (!folders.contains(parent)) {
      throw refused("MissingParentDirectory");
    }
    Path folder = parent.isEmpty() ? root : root.resolve(parent);
    if (!folder.toRealPath().startsWith(root.toRealPath())) {
      throw refused(UNSUPPORTED); // a symbolic link that leads out of the image
    }
    Path path = folder.resolve(base);
    if (base.equals(OPAQUE)) {
      hideAll(folder);
    } else if (base.startsWith(WHITEOUT)) {
      hide(folder, base.substring(WHITEOUT.length()));
    } else {
      create(entry, content, name, path);
    }
  }

  /** "Whiteout files MUST only apply to resources in lower/parent layers", as OCI has it. */
  private void hide(Path folder, String name) throws IOException, ImageRefused {
    if (name.isEmpty() || name.equals(".") || name.equals("..")) {
      throw refused(UNSUPPORTED);
    }
    Path hidden = folder.resolve(name);
    if (!written.contains(hidden)) {
      FileTrees.delete(hidden);
    }
  }

  private String normalised(String name) throws ImageRefused {
    String trimmed = name.replaceFirst("^(\\./|/)+", "").replaceFirst("/+$", "");
    if (trimmed.equals(".")) {
      return "";
    }
    for (String segment : trimmed.split("/", -1)) {
      if (segment.equals("..") || segment.equals(".")) {
        throw refused(UNSUPPORTED);
      }
    }
    return trimmed;
  }

  private void create(TarArchiveEntry entry, InputStream content, String name, Path path)
      throws IOException, ImageRefused {
    if (entry.isLink() || entry.isCharacterDevice() || entry.isBlockDevice() || entry.isFIFO()) {
      throw refused(UNSUPPORTED);
    }
    boolean isFolder = Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
    if (entry.isDirectory()) {
      if (!isFolder) {
        FileTrees.delete(path);
        Files.createDirectory(path);
      }
      folders.add(name);
      finalModes.put(path, entry);
    } else {
      FileTrees.delete(path);
      if (isFolder) {
        forget(name, path);
      }
      if (entry.isSymbolicLink()) {
        Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
      } else {
        Files.copy(content, path);
        setAttributes(path, entry);
      }
    }
    written.add(path);
  }

  /** What replaces a folder has nothing below it, and does not get its mode. */
  private void forget(String name, Path path) {
    folders.removeIf(folder -> folder.equals(name) || folder.startsWith(name + "/"));
    finalModes.keySet().removeIf(folder -> folder.startsWith(path));
  }

  /** Hides what the layers below have in a folder; what this layer has put there stays. */
  private void hideAll(Path folder) throws IOException {
    try (var children = Files.list(folder)) {
      for (Path child : children.filter(c -> !written.contains(c)).toList()) {
        FileTrees.delete(child);
      }
    }
  }

  private static void setAttributes(Path path, TarArchiveEntry entry) throws IOException {
    var permissions = EnumSet.noneOf(PosixFilePermission.class);
    PosixFilePermission[] bits = {
      PosixFilePermission.OTHERS_EXECUTE,
      PosixFilePermission.OTHERS_WRITE,
      PosixFilePermission.OTHERS_READ,
      PosixFilePermission.GROUP_EXECUTE,
      PosixFilePermission.GROUP_WRITE,
      PosixFilePermission.GROUP_READ,
      PosixFilePermission.OWNER_EXECUTE,
      PosixFilePermission.OWNER_WRITE,
      PosixFilePermission.OWNER_READ
    };
    for (int bit = 0; bit < bits.length; bit++) {
      if ((entry.getMode() & (1 << bit)) != 0) {
        permissions.add(bits[bit]);
      }
    }
    // Never through a link, which may lead out of the image.
    PosixFileAttributeView view =
        Objects.requireNonNull(
            Files.getFileAttributeView(
                path, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS));
    view.setTimes(FileTime.from(entry.getLastModifiedTime().toInstant()), null, null);
    view.setPermissions(permissions);
  }

  private ImageRefused refused(String what) {
    return new ImageRefused(
        "InvalidImage", "ImageLayerFailure: " + what + " - Layer Digest " + layer.digest());
  }
}
