package dev.feast.aws.operator.image;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds images and copies them into repositories.
 *
 * <p>Copying is idempotent and may be cut off anywhere: what is there by digest is not copied
 * again, a blob is there whole or not at all, and the manifest comes last. Blobs stream from
 * registry to registry; memory does not grow with their size. All calls block, end within a bound,
 * and give way to an interrupt.
 */
public final class ImageMirror implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ImageMirror.class);

  private static final long MIB = 1024 * 1024;

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient http =
      HttpClient.newBuilder()
          .connectTimeout(Duration.ofSeconds(10))
          .followRedirects(HttpClient.Redirect.NEVER)
          .version(HttpClient.Version.HTTP_1_1)
          .executor(threads)
          .build();
  private final Semaphore transfers;

  /**
   * @param maxTransfers blobs that are under way at once, over all images
   */
  public ImageMirror(int maxTransfers) {
    transfers = new Semaphore(maxTransfers, true);
  }

  /**
   * Finds the manifest that a function of this platform is to be given.
   *
   * @return the manifest's digest, or why there is none
   */
  public ImageOutcome resolve(ImageSource source, Platform platform) {
    return outcome(
        () ->
            new ImageOutcome.Ready(LambdaImage.of(content(source), platform).manifest().digest()));
  }

  /**
   * Copies the platform's manifest and its blobs into a repository that exists. A source by digest
   * is copied as it is; a source by tag is resolved first.
   *
   * @return the manifest's digest, by which it now is in the repository, or why it is not
   */
  public ImageOutcome copy(ImageSource source, RemoteRepository target, Platform platform) {
    return outcome(() -> copied(content(source), target, platform));
  }

  @Override
  public void close() {
    http.shutdownNow();
    threads.shutdownNow();
  }

  private ImageOutcome copied(ImageContent content, RemoteRepository target, Platform platform)
      throws ImageException, IOException, InterruptedException {
    LambdaImage image = LambdaImage.of(content, platform);
    RepositoryClient repository = new RepositoryClient(http, target);
    String digest = image.manifest().digest();
    if (repository.hasManifest(digest)) {
      return new ImageOutcome.Ready(digest);
    }
    LOG.info("copying {} ({}) to {}", content.name(), digest, target);
    copyBlobs(content, image.blobs(), repository);
    repository.put(image.manifest());
    LOG.info("copied {} to {}", digest, target);
    return new ImageOutcome.Ready(digest);
  }

  private void copyBlobs(ImageContent content, List<Descriptor> blobs, RepositoryClient repository)
      throws ImageException, IOException, InterruptedException {
    ExecutorCompletionService<Descriptor> copies = new ExecutorCompletionService<>(threads);
    List<Future<Descriptor>> running = new ArrayList<>();
    try {
      for (Descriptor blob : blobs) {
        running.add(copies.submit(() -> copyBlob(content, blob, repository)));
      }
      long total = blobs.stream().mapToLong(Descriptor::size).sum();
      long bytes = 0;
      for (int done = 1; done <= blobs.size(); done++) {
        bytes += copies.take().get().size();
        // One that takes long is one of few and large blobs: as many lines as it has.
        LOG.info(
            "{}: {} of {} blobs, {} of {} MiB",
            repository.repository(),
            done,
            blobs.size(),
            bytes / MIB,
            total / MIB);
      }
    } catch (ExecutionException e) {
      throw cause(e);
    } finally {
      running.forEach(copy -> copy.cancel(true));
    }
  }

  private Descriptor copyBlob(ImageContent content, Descriptor blob, RepositoryClient repository)
      throws ImageException, IOException, InterruptedException {
    transfers.acquire();
    try {
      if (!repository.hasBlob(blob.digest())) {
        try (InputStream bytes = new CheckedBlob(content.blob(blob), blob)) {
          repository.upload(blob, bytes);
        }
      }
      return blob;
    } finally {
      transfers.release();
    }
  }

  private static IOException cause(ExecutionException e) throws ImageException {
    switch (e.getCause()) {
      case ImageException known -> throw known;
      case IOException io -> {
        return io;
      }
      case null, default -> {
        return new IOException(e);
      }
    }
  }

  private ImageContent content(ImageSource source) {
    return switch (source) {
      case ImageSource.Layout layout -> new LayoutContent(layout.folder());
      case ImageSource.Remote remote ->
          new RemoteContent(new RepositoryClient(http, remote.repository()), remote.version());
    };
  }

  private static ImageOutcome outcome(Callable<ImageOutcome> work) {
    try {
      return work.call();
    } catch (ImageException e) {
      return e.outcome();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new ImageOutcome.Unavailable("interrupted");
    } catch (IOException e) {
      return new ImageOutcome.Unavailable(
          e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage());
    } catch (Exception e) {
      throw new IllegalStateException("copying images has a fault", e);
    }
  }
}
