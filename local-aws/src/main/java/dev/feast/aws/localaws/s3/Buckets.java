package dev.feast.aws.localaws.s3;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.feast.aws.localaws.files.FileTrees;
import dev.feast.aws.localaws.spi.AwsError;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.regex.Pattern;

/** All buckets, each a folder with a {@code bucket.json} in it. */
final class Buckets {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String DESCRIPTION = "bucket.json";
  private static final Pattern NAME =
      Pattern.compile(
          "(?!xn--|\\d+\\.\\d+\\.\\d+\\.\\d+$)[a-z0-9](?:[a-z0-9-]|\\.(?!\\.)){1,61}[a-z0-9]");

  private final Path folder;
  private final ConcurrentSkipListMap<String, Bucket> byName = new ConcurrentSkipListMap<>();

  private Buckets(Path folder) {
    this.folder = folder;
  }

  /** Reads what an earlier process left. */
  static Buckets open(Path folder) throws IOException {
    Files.createDirectories(folder);
    var buckets = new Buckets(folder);
    try (DirectoryStream<Path> children = Files.newDirectoryStream(folder)) {
      for (Path child : children) {
        Path description = child.resolve(DESCRIPTION);
        if (Files.exists(description)) {
          var properties = JSON.readValue(description.toFile(), Bucket.Properties.class);
          buckets.byName.put(properties.name(), Bucket.open(child, properties));
        }
      }
    }
    return buckets;
  }

  synchronized Bucket create(Bucket.Properties properties) throws IOException {
    if (!NAME.matcher(properties.name()).matches()) {
      throw AwsError.of(400, "InvalidBucketName", "The specified bucket is not valid.")
          .detail("BucketName", properties.name());
    }
    Bucket there = byName.get(properties.name());
    if (there != null) {
      throw there.properties().owner().equals(properties.owner())
          ? AwsError.of(
                  409,
                  "BucketAlreadyOwnedByYou",
                  "Your previous request to create the named bucket succeeded and you already own"
                      + " it.")
              .detail("BucketName", properties.name())
          : AwsError.of(
                  409,
                  "BucketAlreadyExists",
                  "The requested bucket name is not available. The bucket namespace is shared by"
                      + " all users of the system. Please select a different name and try again.")
              .detail("BucketName", properties.name());
    }
    Path home = folder.resolve(properties.name());
    Files.createDirectories(home);
    Bucket bucket = Bucket.open(home, properties);
    Files.write(home.resolve(DESCRIPTION), JSON.writeValueAsBytes(properties));
    byName.put(properties.name(), bucket);
    return bucket;
  }

  Optional<Bucket> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /** In the order of their names. */
  Collection<Bucket> all() {
    return byName.values();
  }

  synchronized void delete(Bucket bucket) throws IOException {
    if (!bucket.isEmpty()) {
      throw AwsError.of(409, "BucketNotEmpty", "The bucket you tried to delete is not empty")
          .detail("BucketName", bucket.name());
    }
    // Without its description the folder is no bucket any more, whatever becomes of the rest.
    Files.delete(bucket.folder().resolve(DESCRIPTION));
    byName.remove(bucket.name());
    FileTrees.delete(bucket.folder());
  }
}
