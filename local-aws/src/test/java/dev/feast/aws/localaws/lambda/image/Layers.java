package dev.feast.aws.localaws.lambda.image;

import dev.feast.aws.localaws.ecr.Digest;
import dev.feast.aws.localaws.ecr.Manifest;
import dev.feast.aws.localaws.lambda.ImageRefused;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Builds the archive of a layer in memory. */
public final class Layers {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes);
  private final Set<String> folders = new LinkedHashSet<>();

  private Layers() {
    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
  }

  public static Layers layer() {
    return new Layers();
  }

  /** A folder, with those above it. */
  public Layers folder(String name) {
    return folder(name, 0755);
  }

  public Layers folder(String name, int mode) {
    Path path = Path.of(name);
    if (path.getParent() != null) {
      folder(path.getParent().toString());
    }
    if (folders.add(name)) {
      add(entry(name + "/", mode, 0), new byte[0]);
    }
    return this;
  }

  /** A file, with the folders above it. */
  public Layers file(String name, int mode, byte[] content) {
    Path parent = Path.of(name).getParent();
    if (parent != null) {
      folder(parent.toString());
    }
    return add(entry(name, mode, content.length), content);
  }

  public Layers file(String name, String content) {
    return file(name, 0644, content.getBytes(StandardCharsets.UTF_8));
  }

  /** A file whose folders get no entries. */
  public Layers orphan(String name) {
    return add(entry(name, 0644, 0), new byte[0]);
  }

  public Layers symbolicLink(String name, String target) {
    var link = new TarArchiveEntry(name, TarConstants.LF_SYMLINK);
    link.setLinkName(target);
    return add(link, new byte[0]);
  }

  public Layers hardLink(String name, String target) {
    var link = new TarArchiveEntry(name, TarConstants.LF_LINK);
    link.setLinkName(target);
    return add(link, new byte[0]);
  }

  private static TarArchiveEntry entry(String name, int mode, long size) {
    var entry = new TarArchiveEntry(name);
    entry.setMode(mode);
    entry.setSize(size);
    return entry;
  }

  private Layers add(TarArchiveEntry entry, byte[] content) {
    try {
      tar.putArchiveEntry(entry);
      tar.write(content);
      tar.closeArchiveEntry();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public byte[] gzipped() {
    try {
      tar.close();
      var zipped = new ByteArrayOutputStream();
      try (var gzip = new GZIPOutputStream(zipped)) {
        bytes.writeTo(gzip);
      }
      return zipped.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Unpacks a layer as an image's would be. */
  public static void unpack(byte[] layer, Path root) throws IOException, ImageRefused {
    var descriptor =
        new Manifest.Descriptor(
            "application/vnd.oci.image.layer.v1.tar+gzip",
            new Digest("a".repeat(64)),
            layer.length);
    new LayerUnpacker(root, descriptor).unpack(new ByteArrayInputStream(layer));
  }
}
