package dev.feast.aws.localaws.s3;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.feast.aws.localaws.files.FileTrees;
import dev.feast.aws.localaws.spi.AwsError;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * A bucket's uploads in parts that are neither completed nor aborted; each a folder, each part a
 * file in it.
 */
final class MultipartUploads {
  /** Of every part but the last, in bytes. */
  static final long MIN_PART_BYTES = 5L << 20;

  static final int MAX_PART_NUMBER = 10_000;

  private static final JsonMapper JSON = new JsonMapper();
  private static final Pattern ID = Pattern.compile("[0-9a-f]{32}");
  private static final String DESCRIPTION = "upload.json";

  /** What an upload was begun with. */
  record Begun(String key, Map<String, String> headers, long startedMillis) {}

  /** A part that CompleteMultipartUpload names. */
  record Part(int number, String etag) {}

  private final Path folder;
  private final Bucket bucket;

  MultipartUploads(Path folder, Bucket bucket) throws IOException {
    this.folder = folder;
    this.bucket = bucket;
    Files.createDirectories(folder);
  }

  /** Returns the upload's id. */
  String begin(String key, Map<String, String> headers, long nowMillis) throws IOException {
    String id = UUID.randomUUID().toString().replace("-", "");
    Path home = Files.createDirectories(folder.resolve(id));
    Files.write(
        home.resolve(DESCRIPTION), JSON.writeValueAsBytes(new Begun(key, headers, nowMillis)));
    return id;
  }

  StoredObject putPart(String id, String key, int number, Upload upload, long nowMillis)
      throws IOException {
    Path home = home(id, key);
    if (number < 1 || number > MAX_PART_NUMBER) {
      throw S3Errors.invalidArgument(
          "Part number must be an integer between 1 and 10000, inclusive");
    }
    Path incoming = bucket.incoming();
    try {
      StoredObject part = Bucket.receive(incoming, key, upload, Map.of(), nowMillis);
      try {
        Files.move(
            incoming,
            partFile(home, number),
            StandardCopyOption.ATOMIC_MOVE,
            StandardCopyOption.REPLACE_EXISTING);
      } catch (java.nio.file.NoSuchFileException e) {
        throw S3Errors.noSuchUpload(id); // aborted while the part was on its way
      }
      return part;
    } finally {
      Files.deleteIfExists(incoming);
    }
  }

  /** The parts that are there, by number. */
  Map<Integer, StoredObject> parts(String id, String key) throws IOException {
    var parts = new TreeMap<Integer, StoredObject>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(home(id, key), "part-*")) {
      for (Path file : files) {
        int number = Integer.parseInt(file.getFileName().toString().substring("part-".length()));
        parts.put(number, ObjectFile.describe(file));
      }
    }
    return parts;
  }

  /** The uploads that are under way, by id. */
  Map<String, Begun> list() throws IOException {
    var uploads = new TreeMap<String, Begun>();
    try (DirectoryStream<Path> homes = Files.newDirectoryStream(folder)) {
      for (Path home : homes) {
        uploads.put(home.getFileName().toString(), begun(home));
      }
    }
    return uploads;
  }

  /** Puts the parts together as the object under the upload's key. */
  StoredObject complete(
      String id,
      String key,
      List<Part> named,
      long nowMillis,
      Consumer<Optional<StoredObject>> precondition)
      throws IOException {
    Path home = home(id, key);
    List<StoredObject> parts = check(named, parts(id, key));
    Path incoming = bucket.incoming();
    try (FileChannel out = Bucket.create(incoming)) {
      Checksum md5 = Checksum.digest("MD5");
      long size = 0;
      for (int i = 0; i < named.size(); i++) {
        StoredObject part = parts.get(i);
        append(partFile(home, named.get(i).number()), part.size(), out);
        size += part.size();
        byte[] partMd5 = HexFormat.of().parseHex(part.etag());
        md5.update(partMd5, 0, partMd5.length);
      }
      String etag = HexFormat.of().formatHex(md5.value()) + "-" + named.size();
      var object = new StoredObject(key, size, etag, nowMillis, begun(home).headers());
      ObjectFile.finish(out, object);
      bucket.replace(incoming, object, precondition);
      FileTrees.delete(home);
      return object;
    } finally {
      Files.deleteIfExists(incoming);
    }
  }

  void abort(String id, String key) throws IOException {
    FileTrees.delete(home(id, key));
  }

  private static List<StoredObject> check(List<Part> named, Map<Integer, StoredObject> there) {
    if (named.isEmpty()) {
      throw S3Errors.malformedXml();
    }
    var parts = new ArrayList<StoredObject>();
    int last = 0;
    for (Part part : named) {
      if (part.number() <= last) {
        throw AwsError.of(
            400,
            "InvalidPartOrder",
            "The list of parts was not in ascending order. Parts must be ordered by part number.");
      }
      last = part.number();
      StoredObject stored = there.get(part.number());
      if (stored == null || !stored.etag().equals(part.etag().replace("\"", ""))) {
        throw AwsError.of(
                400,
                "InvalidPart",
                "One or more of the specified parts could not be found.  The part may not have"
                    + " been uploaded, or the specified entity tag may not match the part's entity"
                    + " tag.")
            .detail("PartNumber", Integer.toString(part.number()))
            .detail("ETag", part.etag());
      }
      parts.add(stored);
    }
    for (StoredObject part : parts.subList(0, parts.size() - 1)) {
      if (part.size() < MIN_PART_BYTES) {
        throw AwsError.of(
                400,
                "EntityTooSmall",
                "Your proposed upload is smaller than the minimum allowed size")
            .detail("ProposedSize", Long.toString(part.size()))
            .detail("MinSizeAllowed", Long.toString(MIN_PART_BYTES));
      }
    }
    return parts;
  }

  private static void append(Path part, long size, FileChannel out) throws IOException {
    try (FileChannel in = FileChannel.open(part, StandardOpenOption.READ)) {
      for (long done = 0; done < size; ) {
        done += in.transferTo(done, size - done, out);
      }
    }
  }

  private Path home(String id, String key) throws IOException {
    Path home = folder.resolve(id);
    if (!ID.matcher(id).matches()
        || !Files.exists(home.resolve(DESCRIPTION))
        || !begun(home).key().equals(key)) {
      throw S3Errors.noSuchUpload(id);
    }
    return home;
  }

  private static Begun begun(Path home) throws IOException {
    return JSON.readValue(home.resolve(DESCRIPTION).toFile(), Begun.class);
  }

  private static Path partFile(Path home, int number) {
    return home.resolve("part-" + number);
  }
}
