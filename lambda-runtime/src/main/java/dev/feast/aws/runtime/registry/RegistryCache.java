package dev.feast.aws.runtime.registry;

import dev.feast.aws.runtime.log.Log;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the registry. Whoever asks after its time has run out looks for a newer one, as in Feast;
 * meanwhile all others get the one that is there. There is no thread of its own, because Lambda
 * freezes the process between two requests.
 */
public final class RegistryCache {

  /** After a failure it is looked for again no sooner than this, whatever the cache's time is. */
  private static final Duration PAUSE_WHEN_STALE = Duration.ofSeconds(10);

  /** Without any registry nothing can be served, so that a look is worth its time sooner. */
  private static final Duration PAUSE_WHEN_UNAVAILABLE = Duration.ofMillis(500);

  private final RegistryObject object;
  private final RegistryReader reader;
  private final Duration ttl;
  private final Clock clock;
  private final ReentrantLock looking = new ReentrantLock();

  /** State and next look change together; a reader sees both or neither. */
  private record Known(RegistryState state, Instant nextLook) {}

  private volatile @Nullable Known known;

  /**
   * @param versioning whether versions of views have tables of their own
   * @param ttl how long a registry is used without looking again; zero means for ever
   */
  public RegistryCache(
      RegistryObject object, String project, boolean versioning, Duration ttl, Clock clock) {
    this.object = object;
    this.reader = new RegistryReader(project, versioning);
    this.ttl = ttl;
    this.clock = clock;
  }

  /** Never older than the cache's time, unless it cannot be read. */
  public RegistryState current() {
    Known now = known;
    if (now != null && clock.instant().isBefore(now.nextLook)) {
      return now.state;
    }
    if (now != null && now.state.usable().isPresent()) {
      // Somebody is looking already: the old one will do until then.
      if (!looking.tryLock()) {
        return now.state;
      }
    } else {
      looking.lock();
    }
    try {
      Known meanwhile = known;
      if (meanwhile != null && clock.instant().isBefore(meanwhile.nextLook)) {
        return meanwhile.state;
      }
      Known looked = look(meanwhile == null ? null : meanwhile.state);
      known = looked;
      return looked.state;
    } finally {
      looking.unlock();
    }
  }

  private Known look(@Nullable RegistryState before) {
    RegistryState.Loaded lastGood = before == null ? null : before.usable().orElse(null);
    try {
      Optional<RegistryObject.Content> content =
          object.fetch(lastGood == null ? null : lastGood.etag());
      return new Known(loaded(content, lastGood), afterTtl());
    } catch (RegistryException e) {
      RegistryState state =
          lastGood == null
              ? new RegistryState.Unavailable(e.reason(), message(e))
              : new RegistryState.Stale(lastGood, e.reason(), message(e));
      logChange(before, state, e);
      return new Known(state, clock.instant().plus(pauseAfter(state)));
    }
  }

  private RegistryState.Loaded loaded(
      Optional<RegistryObject.Content> content, RegistryState.@Nullable Loaded lastGood)
      throws RegistryException {
    if (content.isEmpty()) {
      if (lastGood == null) {
        throw new RegistryException(
            RegistryException.UNREACHABLE, "the registry is unchanged, but was never read");
      }
      return lastGood;
    }
    RegistryObject.Content read = content.get();
    Registry registry = reader.read(read.bytes());
    Log.info(
        "registry loaded",
        "project",
        registry.project(),
        "featureViews",
        registry.featureViews().size(),
        "featureServices",
        registry.featureServices().size());
    return new RegistryState.Loaded(registry, read.etag(), clock.instant());
  }

  private Instant afterTtl() {
    return ttl.isZero() ? Instant.MAX : clock.instant().plus(ttl);
  }

  private Duration pauseAfter(RegistryState state) {
    if (state instanceof RegistryState.Unavailable) {
      return PAUSE_WHEN_UNAVAILABLE;
    }
    return ttl.compareTo(PAUSE_WHEN_STALE) < 0 ? ttl : PAUSE_WHEN_STALE;
  }

  /** Once for each reason, not once for each look. */
  private static void logChange(
      @Nullable RegistryState before, RegistryState now, RegistryException cause) {
    if (!now.equals(before)) {
      Throwable source = cause.getCause() == null ? cause : cause.getCause();
      Log.warn(
          "registry cannot be read",
          "reason",
          cause.reason(),
          "servingLastGood",
          now.usable().isPresent(),
          "error",
          String.valueOf(source.getMessage()));
    }
  }

  private static String message(RegistryException e) {
    return e.getMessage() == null ? e.reason() : e.getMessage();
  }
}
