package dev.feast.aws.runtime.registry;

import java.time.Instant;
import java.util.Optional;

/** What is known about the registry at a moment. */
public sealed interface RegistryState {

  /**
   * It was read, or seen to be unchanged, when it was last due.
   *
   * @param etag of the object behind it
   * @param loadedAt when these bytes were read
   */
  record Loaded(Registry registry, String etag, Instant loadedAt) implements RegistryState {}

  /** It could not be read again; the last good one goes on serving. */
  record Stale(Loaded lastGood, String reason, String message) implements RegistryState {}

  /** It was never read. */
  record Unavailable(String reason, String message) implements RegistryState {}

  /** What can be served: the last good one, however old. */
  default Optional<Loaded> usable() {
    return switch (this) {
      case Loaded loaded -> Optional.of(loaded);
      case Stale stale -> Optional.of(stale.lastGood());
      case Unavailable unavailable -> Optional.empty();
    };
  }
}
