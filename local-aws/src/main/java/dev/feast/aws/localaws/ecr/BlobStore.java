package dev.feast.aws.localaws.ecr;

import dev.feast.aws.localaws.files.FileTrees;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Blobs as files named by their digest, each stored once however many repositories hold it. Content
 * is streamed: nothing here holds a whole blob in memory.
 */
final class BlobStore {
  private final Path blobs;
  private final Path uploads;
  private final Map<String, Upload> underway = new ConcurrentHashMap<>();

  /**
   * Starts empty: which repository holds which blob is not kept over a restart, so neither are the
   * blobs.
   */
  BlobStore(Path directory) throws IOException {
    FileTrees.delete(directory);
    this.blobs = Files.createDirectories(directory.resolve("sha256"));
    this.uploads = Files.createDirectories(directory.resolve("uploads"));
  }

  record Blob(Digest digest, Path file, long size) {}

  Optional<Blob> find(Digest digest) {
    Path file = blobs.resolve(digest.hex());
    try {
      return Files.exists(file)
          ? Optional.of(new Blob(digest, file, Files.size(file)))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // deleted between the two looks
    }
  }

  void delete(Digest digest) throws IOException {
    Files.deleteIfExists(blobs.resolve(digest.hex()));
  }

  Upload begin() throws IOException {
    var id = UUID.randomUUID().toString();
    var upload = new Upload(id, uploads.resolve(id));
    underway.put(id, upload);
    return upload;
  }

  Optional<Upload> upload(String id) {
    return Optional.ofNullable(underway.get(id));
  }

  /** One blob on its way in; hashed as it arrives. */
  final class Upload {
    private final String id;
    private final Path file;
    private final MessageDigest hash = Digest.sha256();
    private long size;

    private Upload(String id, Path file) throws IOException {
      this.id = id;
      this.file = Files.createFile(file);
    }

    String id() {
      return id;
    }

    synchronized long size() {
      return size;
    }

    /** Appends what the stream holds and returns the bytes received so far. */
    synchronized long append(InputStream content) throws IOException {
      var buffer = new byte[64 * 1024];
      try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.APPEND)) {
        for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
          out.write(buffer, 0, read);
          hash.update(buffer, 0, read);
          size += read;
        }
      }
      return size;
    }

    /**
     * Keeps the blob when its content has this digest; else the upload is void and the answer
     * empty.
     */
    synchronized Optional<Blob> finish(Digest expected) throws IOException {
      underway.remove(id);
      if (!Digest.finish(hash).equals(expected)) {
        Files.deleteIfExists(file);
        return Optional.empty();
      }
      Path kept = blobs.resolve(expected.hex());
      Files.move(file, kept, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      return Optional.of(new Blob(expected, kept, size));
    }

    synchronized void cancel() throws IOException {
      underway.remove(id);
      Files.deleteIfExists(file);
    }
  }
}
