package dev.feast.aws.runtime.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feast.aws.runtime.Fixtures;
import dev.feast.aws.runtime.http.Deadline;
import dev.feast.aws.runtime.proto.RegistryProto;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
class RegistryCacheTest {

  private final TestClock clock = new TestClock();
  private final TestObject object = new TestObject();

  @Test
  void looksAgainOnlyAfterItsTimeAndOnlyByEtag() {
    object.put("v1", Fixtures.bytes("documented/registry.db"));
    RegistryCache cache = cache(Duration.ofMinutes(10));
    Instant loadedAt = ((RegistryState.Loaded) current(cache)).loadedAt();

    clock.advance(Duration.ofSeconds(599));
    current(cache);
    assertThat(object.fetches).isEqualTo(1);

    clock.advance(Duration.ofSeconds(1));
    assertThat(current(cache))
        .isInstanceOfSatisfying(
            RegistryState.Loaded.class,
            // Not loaded anew: S3 said that it is the same.
            loaded -> assertThat(loaded.loadedAt()).isEqualTo(loadedAt));
    assertThat(object.fetches).isEqualTo(2);
    assertThat(object.lastKnownEtag).isEqualTo("v1");
  }

  @Test
  void servesTheNewRegistryOnceTheOldOnesTimeIsUp() {
    object.put("v1", Fixtures.bytes("documented/registry.db"));
    RegistryCache cache = cache(Duration.ofMinutes(10));
    assertThat(views(current(cache))).isEqualTo(1);
    object.put("v2", Fixtures.bytes("feast-0.67/registry.db"));
    assertThat(views(current(cache))).isEqualTo(1);
    clock.advance(Duration.ofMinutes(10));
    assertThat(views(current(cache))).isEqualTo(7);
  }

  @Test
  void neverLooksAgainWhereTheTimeIsZero() {
    object.put("v1", Fixtures.bytes("documented/registry.db"));
    RegistryCache cache = cache(Duration.ZERO);
    current(cache);
    clock.advance(Duration.ofDays(365));
    current(cache);
    assertThat(object.fetches).isEqualTo(1);
  }

  @Test
  void looksWhenItIsTold() {
    object.put("v1", Fixtures.bytes("documented/registry.db"));
    RegistryCache cache = cache(Duration.ZERO);
    cache.lookAgain();
    current(cache);
    assertThat(object.fetches).isEqualTo(1);

    object.put("v2", Fixtures.bytes("feast-0.67/registry.db"));
    cache.lookAgain();
    assertThat(views(current(cache))).isEqualTo(7);
    current(cache);
    assertThat(object.fetches).isEqualTo(2);

    object.delete();
    cache.lookAgain();
    assertThat(current(cache)).isInstanceOf(RegistryState.Stale.class);
    assertThat(views(current(cache))).isEqualTo(7);
  }

  @Test
  void keepsTheLastGoodOneWhileTheRegistryCannotBeRead() {
    object.put("v1", Fixtures.bytes("documented/registry.db"));
    RegistryCache cache = cache(Duration.ofMinutes(10));
    current(cache);

    object.put("v2", new byte[] {1, 2, 3});
    clock.advance(Duration.ofMinutes(10));
    assertThat(current(cache))
        .isInstanceOfSatisfying(
            RegistryState.Stale.class,
            stale -> {
              assertThat(stale.reason()).isEqualTo("Corrupt");
              assertThat(views(stale)).isEqualTo(1);
            });

    object.delete();
    clock.advance(Duration.ofSeconds(10));
    assertThat(current(cache))
        .isInstanceOfSatisfying(
            RegistryState.Stale.class, stale -> assertThat(stale.reason()).isEqualTo("NotFound"));

    object.put("v3", Fixtures.bytes("feast-0.67/registry.db"));
    clock.advance(Duration.ofSeconds(10));
    assertThat(current(cache)).isInstanceOf(RegistryState.Loaded.class);
    assertThat(views(current(cache))).isEqualTo(7);
  }

  @Test
  void isLoadedAgainWhenTheSameObjectCanBeReadAgain() {
    object.put("v1", Fixtures.bytes("documented/registry.db"));
    RegistryCache cache = cache(Duration.ofMinutes(10));
    current(cache);
    object.delete();
    clock.advance(Duration.ofMinutes(10));
    assertThat(current(cache)).isInstanceOf(RegistryState.Stale.class);
    object.put("v1", Fixtures.bytes("documented/registry.db"));
    clock.advance(Duration.ofSeconds(10));
    assertThat(current(cache)).isInstanceOf(RegistryState.Loaded.class);
  }

  @Test
  void doesNotAskForABrokenRegistryWithEachRequest() {
    object.put("v1", Fixtures.bytes("documented/registry.db"));
    RegistryCache cache = cache(Duration.ofMinutes(10));
    current(cache);
    object.delete();
    clock.advance(Duration.ofMinutes(10));
    for (int i = 0; i < 9; i++) {
      current(cache);
      clock.advance(Duration.ofSeconds(1));
    }
    assertThat(object.fetches).isEqualTo(2);
  }

  @Test
  void findsARegistryThatComesAfterTheStart() {
    RegistryCache cache = cache(Duration.ZERO);
    assertThat(current(cache))
        .isInstanceOfSatisfying(
            RegistryState.Unavailable.class,
            unavailable -> assertThat(unavailable.reason()).isEqualTo("NotFound"));
    object.put("v1", Fixtures.bytes("documented/registry.db"));
    clock.advance(Duration.ofSeconds(1));
    assertThat(current(cache)).isInstanceOf(RegistryState.Loaded.class);
  }

  @Test
  void letsOthersServeTheOldOneWhileOneLooksForANewer() throws Exception {
    object.put("v1", Fixtures.bytes("documented/registry.db"));
    RegistryCache cache = cache(Duration.ofMinutes(10));
    current(cache);
    clock.advance(Duration.ofMinutes(10));
    object.put("v2", Fixtures.bytes("feast-0.67/registry.db"));
    object.hold();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<RegistryState> looking = threads.submit(() -> current(cache));
      object.fetching.await();
      // Would not return if it waited, for the fetch is still held.
      assertThat(views(current(cache))).isEqualTo(1);
      object.held.countDown();
      assertThat(views(looking.get())).isEqualTo(7);
    }
    assertThat(object.fetches).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({
    // Seconds that are left, milliseconds that a look for a newer registry may take.
    "30, 2000",
    "6, 2000",
    "3, 1000",
    "1, 333",
  })
  void spendsAPartOfTheTimeWhereTheOldOneCouldServe(int secondsLeft, int millis) {
    object.put("v1", Fixtures.bytes("documented/registry.db"));
    RegistryCache cache = cache(Duration.ofMinutes(10));
    current(cache);
    clock.advance(Duration.ofMinutes(10));
    cache.current(Deadline.in(Duration.ofSeconds(secondsLeft), clock));
    assertThat(object.fetches).isEqualTo(2);
    assertThat(object.lastTimeout)
        .isBetween(Duration.ofMillis(millis), Duration.ofMillis(millis + 1));
  }

  @Test
  void spendsAllThatIsNotNeededForTheAnswerWhereThereIsNoRegistry() {
    RegistryCache cache = cache(Duration.ofMinutes(10));
    cache.current(Deadline.in(Duration.ofSeconds(10), clock));
    assertThat(object.lastTimeout).isEqualTo(Duration.ofMillis(9_750));
  }

  /** One request's lack of time is not remembered: the next one looks. */
  @Test
  void doesNotLookWithoutTime() {
    RegistryCache cache = cache(Duration.ofMinutes(10));
    Deadline soon = Deadline.in(Duration.ofMillis(200), clock);
    assertThat(cache.current(soon)).isInstanceOf(RegistryState.Unavailable.class);
    assertThat(object.fetches).isZero();

    object.put("v1", Fixtures.bytes("documented/registry.db"));
    assertThat(current(cache)).isInstanceOf(RegistryState.Loaded.class);
    clock.advance(Duration.ofMinutes(10));
    assertThat(cache.current(Deadline.in(Duration.ofMillis(200), clock)))
        .isInstanceOfSatisfying(
            RegistryState.Stale.class, stale -> assertThat(views(stale)).isEqualTo(1));
    assertThat(object.fetches).isEqualTo(1);
    assertThat(current(cache)).isInstanceOf(RegistryState.Loaded.class);
  }

  /** Between two of its fields, where it can be read. */
  @Test
  void takesARegistryForCutOffThatLostViewsAndTheProjectBehindThem() throws Exception {
    byte[] whole = Fixtures.bytes("feast-0.67/registry.db");
    RegistryProto.Registry cut =
        RegistryProto.Registry.parseFrom(whole).toBuilder()
            .clearFeatureServices()
            .removeFeatureViews(6)
            .clearProjectMetadata()
            .clearProjects()
            .build();
    object.put("v1", whole);
    RegistryCache cache = cache(Duration.ofMinutes(10));
    current(cache);
    object.put("v2", cut.toByteArray());
    clock.advance(Duration.ofMinutes(10));
    assertThat(current(cache))
        .isInstanceOfSatisfying(
            RegistryState.Stale.class,
            stale -> {
              assertThat(stale.reason()).isEqualTo("Corrupt");
              assertThat(views(stale)).isEqualTo(7);
            });
  }

  /** A view is deleted, or an older Feast, which does not know of projects, writes the registry. */
  @Test
  void takesARegistryThatLostOnlyTheOneOrTheOther() throws Exception {
    RegistryProto.Registry whole =
        RegistryProto.Registry.parseFrom(Fixtures.bytes("feast-0.67/registry.db"));
    object.put("v1", whole.toByteArray());
    RegistryCache cache = cache(Duration.ofMinutes(10));
    current(cache);
    object.put("v2", whole.toBuilder().removeFeatureViews(6).build().toByteArray());
    clock.advance(Duration.ofMinutes(10));
    assertThat(current(cache)).isInstanceOf(RegistryState.Loaded.class);
    assertThat(views(current(cache))).isEqualTo(6);
    object.put(
        "v3",
        whole.toBuilder()
            .removeFeatureViews(6)
            .clearProjectMetadata()
            .clearProjects()
            .build()
            .toByteArray());
    clock.advance(Duration.ofMinutes(10));
    assertThat(current(cache)).isInstanceOf(RegistryState.Loaded.class);
  }

  private RegistryState current(RegistryCache cache) {
    return cache.current(Deadline.in(Duration.ofSeconds(30), clock));
  }

  private RegistryCache cache(Duration ttl) {
    return new RegistryCache(object, "dev", false, ttl, clock);
  }

  private static int views(RegistryState state) {
    return state.usable().orElseThrow().registry().featureViews().size();
  }

  /** An object of S3 in memory. */
  private static final class TestObject implements RegistryObject {
    volatile int fetches;
    volatile @Nullable String lastKnownEtag;
    volatile @Nullable Duration lastTimeout;
    volatile CountDownLatch fetching = new CountDownLatch(0);
    volatile CountDownLatch held = new CountDownLatch(0);
    private volatile @Nullable Content content;

    void put(String etag, byte[] bytes) {
      content = new Content(etag, bytes);
    }

    void delete() {
      content = null;
    }

    void hold() {
      fetching = new CountDownLatch(1);
      held = new CountDownLatch(1);
    }

    @Override
    public Optional<Content> fetch(@Nullable String knownEtag, Duration timeout)
        throws RegistryException {
      fetches++;
      lastKnownEtag = knownEtag;
      lastTimeout = timeout;
      fetching.countDown();
      try {
        assertThat(held.await(20, TimeUnit.SECONDS)).isTrue();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      Content now = content;
      if (now == null) {
        throw new RegistryException(RegistryException.NOT_FOUND, "nothing there");
      }
      return now.etag().equals(knownEtag) ? Optional.empty() : Optional.of(now);
    }
  }

  private static final class TestClock extends Clock {
    private Instant now = Instant.parse("2026-11-01T12:00:00Z");

    void advance(Duration by) {
      now = now.plus(by);
    }

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      throw new UnsupportedOperationException();
    }
  }
}
