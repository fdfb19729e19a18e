package dev.feast.aws.localaws.s3;

import dev.feast.aws.localaws.files.FileTrees;
import dev.feast.aws.localaws.http.Body;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;

/** A bucket's objects. Which there are is held in memory, their content on disk. */
final class Bucket {
  /** S3 lists keys in the order of their UTF-8 bytes, which is not that of Java's strings. */
  static final Comparator<String> KEY_ORDER =
      (a, b) ->
          Arrays.compareUnsigned(
              a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));

  /**
   * What a bucket was made with.
   *
   * @param owner account id
   */
  record Properties(String name, String region, String owner, long createdMillis) {}

  /** An object, and bytes of it that are already open. */
  record Opened(StoredObject object, Body.Stream content) {}

  private final Path folder;
  private final Properties properties;
  private final NavigableMap<String, StoredObject> objects = new ConcurrentSkipListMap<>(KEY_ORDER);
  private final MultipartUploads uploads;

  /**
   * Held for writing while a file and the index change; for reading while a file is found and
   * opened.
   */
  private final ReadWriteLock lock = new ReentrantReadWriteLock();

  private Bucket(Path folder, Properties properties) throws IOException {
    this.folder = folder;
    this.properties = properties;
    Files.createDirectories(folder.resolve("objects"));
    FileTrees.delete(folder.resolve("incoming"));
    Files.createDirectories(folder.resolve("incoming"));
    this.uploads = new MultipartUploads(folder.resolve("uploads"), this);
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder.resolve("objects"))) {
      for (Path file : files) {
        StoredObject object = ObjectFile.describe(file);
        objects.put(object.key(), object);
      }
    }
  }

  static Bucket open(Path folder, Properties properties) throws IOException {
    return new Bucket(folder, properties);
  }

  Path folder() {
    return folder;
  }

  Properties properties() {
    return properties;
  }

  String name() {
    return properties.name();
  }

  MultipartUploads uploads() {
    return uploads;
  }

  boolean isEmpty() {
    return objects.isEmpty();
  }

  /** Its objects in the order in which S3 lists them. */
  NavigableMap<String, StoredObject> objects() {
    return java.util.Collections.unmodifiableNavigableMap(objects);
  }

  Optional<StoredObject> find(String key) {
    return Optional.ofNullable(objects.get(key));
  }

  /** The object, with what {@code range} picks of it open. */
  Optional<Opened> read(String key, java.util.function.Function<StoredObject, ByteRange> range)
      throws IOException {
    lock.readLock().lock();
    try {
      StoredObject object = objects.get(key);
      if (object == null) {
        return Optional.empty();
      }
      ByteRange bytes = range.apply(object);
      InputStream in = ObjectFile.open(file(key), bytes.first(), bytes.length());
      return Optional.of(new Opened(object, new Body.Stream(in, bytes.length())));
    } finally {
      lock.readLock().unlock();
    }
  }

  /**
   * Puts an object in place of the one that is there.
   *
   * @param precondition sees what is there when the new one is about to take its place, and throws
   *     where it may not
   */
  StoredObject put(
      String key,
      Upload upload,
      Map<String, String> headers,
      long nowMillis,
      Consumer<Optional<StoredObject>> precondition)
      throws IOException {
    Path incoming = incoming();
    try {
      StoredObject object = receive(incoming, key, upload, headers, nowMillis);
      replace(incoming, object, precondition);
      return object;
    } finally {
      Files.deleteIfExists(incoming);
    }
  }

  /** Writes content and description into a file that nobody reads yet. */
  static StoredObject receive(
      Path file, String key, Upload upload, Map<String, String> headers, long nowMillis)
      throws IOException {
    try (FileChannel channel = create(file);
        OutputStream out = Channels.newOutputStream(channel)) {
      var all = new TreeMap<>(headers);
      all.putAll(upload.copyTo(out));
      String etag = HexFormat.of().formatHex(upload.md5());
      var object = new StoredObject(key, upload.size(), etag, nowMillis, all);
      ObjectFile.finish(channel, object);
      return object;
    }
  }

  static FileChannel create(Path file) throws IOException {
    return FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  /** A file of the bucket's file system for content on its way in. */
  Path incoming() {
    return folder.resolve("incoming").resolve(UUID.randomUUID().toString());
  }

  /** Makes a finished file the object under its key. */
  void replace(Path file, StoredObject object, Consumer<Optional<StoredObject>> precondition)
      throws IOException {
    lock.writeLock().lock();
    try {
      precondition.accept(Optional.ofNullable(objects.get(object.key())));
      Files.move(
          file,
          file(object.key()),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
      objects.put(object.key(), object);
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** Whether there was one. */
  boolean delete(String key) throws IOException {
    lock.writeLock().lock();
    try {
      Files.deleteIfExists(file(key));
      return objects.remove(key) != null;
    } finally {
      lock.writeLock().unlock();
    }
  }

  /**
   * Keys hold any byte and are longer than file names may be: a file is called by its key's hash.
   */
  private Path file(String key) {
    Checksum hash = Checksum.Kind.SHA256.start();
    byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
    hash.update(bytes, 0, bytes.length);
    return folder.resolve("objects").resolve(HexFormat.of().formatHex(hash.value()));
  }
}
