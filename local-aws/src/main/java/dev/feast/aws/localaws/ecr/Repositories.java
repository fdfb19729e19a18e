package dev.feast.aws.localaws.ecr;

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

  void delete(Repository repository) throws IOException {
    repositories.remove(repository.key(), repository);
    for (Digest digest : repository.linked()) {
      if (repositories.values().stream().noneMatch(other -> other.holds(digest))) {
        blobs.delete(digest);
      }
    }
  }
}
