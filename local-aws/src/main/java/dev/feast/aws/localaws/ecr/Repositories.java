package dev.feast.aws.localaws.ecr;

import dev.feast.aws.localaws.ecr.BlobStore.Blob;
import dev.feast.aws.localaws.ecr.BlobStore.Upload;
import java.io.IOException;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** All repositories of all accounts and regions, over one store of blobs. */
public final class Repositories {
  private final Map<RepositoryKey, Repository> repositories = new ConcurrentHashMap<>();
  private final BlobStore blobs;
  private final Clock clock;

  Repositories(BlobStore blobs, Clock clock) {
    this.blobs = blobs;
    this.clock = clock;
  }

  BlobStore blobs() {
    return blobs;
  }

  /** Empty when there is a repository of that name already. */
  Optional<Repository> create(RepositoryKey key) {
    var repository = new Repository(key, blobs, clock.instant());
    return repositories.putIfAbsent(key, repository) == null
        ? Optional.of(repository)
        : Optional.empty();
  }

  public Optional<Repository> find(RepositoryKey key) {
    return Optional.ofNullable(repositories.get(key));
  }

  /** The repository that an OCI name {@code <account>/<region>/<name>} means. */
  Optional<Repository> find(String path) {
    String[] parts = path.split("/", 3);
    return parts.length == 3
        ? find(new RepositoryKey(parts[0], parts[1], parts[2]))
        : Optional.empty();
  }

  /** The repositories of one account and region by name. */
  List<Repository> list(String account, String region) {
    return repositories.values().stream()
        .filter(r -> r.key().account().equals(account) && r.key().region().equals(region))
        .sorted(Comparator.comparing(r -> r.key().name()))
        .toList();
  }

  // What gives blobs to repositories and takes them away is under one lock: else a blob that one
  // repository lets go of is deleted while another gets it.

  /**
   * Keeps a blob that was uploaded to a repository. Empty, and the upload void, where its content
   * has another digest or the repository was deleted meanwhile.
   */
  synchronized Optional<Blob> keep(Repository repository, Upload upload, Digest expected)
      throws IOException {
    if (isGone(repository)) {
      upload.cancel();
      return Optional.empty();
    }
    Optional<Blob> blob = upload.finish(expected);
    blob.ifPresent(kept -> repository.link(kept.digest()));
    return blob;
  }

  /** Makes a blob of one repository another's as well; false where there is none to give. */
  synchronized boolean mount(Repository from, Repository to, Digest digest) {
    if (isGone(from) || isGone(to) || from.blob(digest).isEmpty()) {
      return false;
    }
    to.link(digest);
    return true;
  }

  private boolean isGone(Repository repository) {
    return repositories.get(repository.key()) != repository;
  }

  synchronized void delete(Repository repository) throws IOException {
    repositories.remove(repository.key(), repository);
    for (Digest digest : repository.linked()) {
      if (repositories.values().stream().noneMatch(other -> other.holds(digest))) {
        blobs.delete(digest);
      }
    }
  }
}
