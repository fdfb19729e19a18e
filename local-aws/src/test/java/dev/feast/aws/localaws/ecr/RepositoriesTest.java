package dev.feast.aws.localaws.ecr;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feast.aws.localaws.ecr.BlobStore.Upload;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RepositoriesTest {
  private static final byte[] BLOB = "a layer".getBytes(StandardCharsets.UTF_8);
  private static final Digest DIGEST = Digest.of(BLOB);

  /** Both at once, often: the file went when the other had just become its owner. */
  @Test
  void keepsABlobThatIsPushedWhileAnotherRepositoryThatHasItIsDeleted(@TempDir Path folder)
      throws Exception {
    var blobs = new BlobStore(folder.resolve("ecr"));
    var repositories = new Repositories(blobs, Clock.systemUTC());
    try (var threads = Executors.newFixedThreadPool(2)) {
      for (int i = 0; i < 500; i++) {
        Repository goes = repositories.create(key("goes-" + i)).orElseThrow();
        Repository stays = repositories.create(key("stays-" + i)).orElseThrow();
        repositories.keep(goes, upload(blobs), DIGEST);
        Upload second = upload(blobs);
        var together = new CyclicBarrier(2);
        var pushed =
            threads.submit(
                () -> {
                  together.await();
                  return repositories.keep(stays, second, DIGEST);
                });
        var deleted =
            threads.submit(
                () -> {
                  together.await();
                  repositories.delete(goes);
                  return "";
                });
        pushed.get();
        deleted.get();

        assertThat(stays.blob(DIGEST)).isPresent();
        repositories.delete(stays);
      }
    }
  }

  @Test
  void keepsNoBlobForARepositoryThatIsGone(@TempDir Path folder) throws Exception {
    var blobs = new BlobStore(folder.resolve("ecr"));
    var repositories = new Repositories(blobs, Clock.systemUTC());
    Repository gone = repositories.create(key("gone")).orElseThrow();
    Upload upload = upload(blobs);
    repositories.delete(gone);

    assertThat(repositories.keep(gone, upload, DIGEST)).isEmpty();
    assertThat(blobs.find(DIGEST)).isEmpty();
  }

  private static RepositoryKey key(String name) {
    return new RepositoryKey("000000000000", "us-west-2", name);
  }

  private static Upload upload(BlobStore blobs) throws Exception {
    Upload upload = blobs.begin();
    upload.append(new ByteArrayInputStream(BLOB));
    return upload;
  }
}
