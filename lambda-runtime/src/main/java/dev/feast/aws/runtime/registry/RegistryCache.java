package dev.feast.aws.runtime.registry;

import dev.feast.aws.runtime.http.Deadline;
import dev.feast.aws.runtime.log.Log;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
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

  /**
   * What a look may take where the last good one could serve: the request has other things to do in
   * the time that it has left.
   */
  private static final Duration LONGEST_LOOK = Duration.ofSeconds(2);

  private static final int SHARE_OF_THE_TIME_LEFT = 3;

  /** Less than S3 needs for an answer: with so little time nobody looks. */
  private static final Duration SHORTEST_LOOK = Duration.ofMillis(100);

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

  /**
   * Never older than the cache's time, unless it cannot be read, or not before the deadline.
   *
   * @param deadline of the request: a part of what is left may be spent here, or where there is no
   *     registry at all everything that is not needed to say so
   */
  public RegistryState current(Deadline deadline) {
    Known now = known;
    if (now != null && clock.instant().isBefore(now.nextLook)) {
      return now.state;
    }
    RegistryState.Loaded lastGood = now == null ? null : now.state.usable().orElse(null);
    Duration timeout = timeout(deadline, lastGood);
    if (timeout.compareTo(SHORTEST_LOOK) < 0) {
      return without(lastGood, "there was no time to look for the registry");
    }
    try {
      // Where somebody is looking already, the old one will do until then.
      if (!looking.tryLock(lastGood == null ? timeout.toMillis() : 0, TimeUnit.MILLISECONDS)) {
        return now != null && lastGood != null
            ? now.state
            : without(null, "another request is still waiting for the registry");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return without(lastGood, "interrupted while waiting for the registry");
    }
    try {
      Known meanwhile = known;
      if (meanwhile != null && clock.instant().isBefore(meanwhile.nextLook)) {
        return meanwhile.state;
      }
      Known looked = look(meanwhile == null ? null : meanwhile.state, deadline);
      known = looked;
      return looked.state;
    } finally {
      looking.unlock();
    }
  }

  /**
   * Has the next request look, whatever time the registry has left: for one that was read by
   * another process, or by this one before a snapshot, where zero would mean as long as there are
   * clones.
   */
  public void lookAgain() {
    looking.lock();
    try {
      Known now = known;
      known = now == null ? null : new Known(now.state, Instant.MIN);
    } finally {
      looking.unlock();
    }
  }

  private static Duration timeout(Deadline deadline, RegistryState.@Nullable Loaded lastGood) {
    if (lastGood == null) {
      return deadline.toAnswer();
    }
    Duration share = deadline.remaining().dividedBy(SHARE_OF_THE_TIME_LEFT);
    return share.compareTo(LONGEST_LOOK) < 0 ? share : LONGEST_LOOK;
  }

  /** What one request gets that could not look; the next one will. */
  private static RegistryState without(RegistryState.@Nullable Loaded lastGood, String message) {
    return lastGood == null
        ? new RegistryState.Unavailable(RegistryException.UNREACHABLE, message)
        : new RegistryState.Stale(lastGood, RegistryException.UNREACHABLE, message);
  }

  private Known look(@Nullable RegistryState before, Deadline deadline) {
    RegistryState.Loaded lastGood = before == null ? null : before.usable().orElse(null);
    try {
      Optional<RegistryObject.Content> content =
          object.fetch(lastGood == null ? null : lastGood.etag(), timeout(deadline, lastGood));
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
    if (lastGood != null) {
      refuseTruncated(registry, lastGood.registry());
    }
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

  /**
   * Feast writes one protobuf message, without its length, and the project's own entry behind
   * everything else of it: an object that was cut off between two fields can be read, but has lost
   * that entry. Feast itself takes it away only with the whole project.
   */
  private static void refuseTruncated(Registry registry, Registry lastGood)
      throws RegistryException {
    if (!lastGood.hasProjectEntry() || registry.hasProjectEntry()) {
      return;
    }
    if (!registry.featureViews().keySet().containsAll(lastGood.featureViews().keySet())
        || !registry.featureServices().keySet().containsAll(lastGood.featureServices().keySet())
        || !registry.onDemandFeatureViews().containsAll(lastGood.onDemandFeatureViews())) {
      throw new RegistryException(
          RegistryException.CORRUPT,
          "the registry object is cut off: it has lost feature views or services and the project's"
              + " own entry behind them; run feast apply");
    }
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
