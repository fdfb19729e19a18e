package dev.feast.aws.runtime.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feast.aws.runtime.Fixtures;
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

@Timeout(30)
class RegistryCacheTest {

  private final TestClock clock = new TestClock();
  private final TestObject object = new TestObject();

  @Test
  void looksAgainOnlyAfterItsTimeAndOnlyByEtag() {
    object.put("v1", Fixtures.bytes("documented/registry.db"));
    RegistryCache cache = cache(Duration.ofMinutes(10));
    Instant loadedAt = ((RegistryState.Loaded) cache.current()).loadedAt();

    clock.advance(Duration.ofSeconds(599));
    cache.current();
    assertThat(object.fetches).isEqualTo(1);

    clock.advance(Duration.ofSeconds(1));
    assertThat(cache.current())
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
    assertThat(views(cache.current())).isEqualTo(1);
    object.put("v2", Fixtures.bytes("feast-0.67/registry.db"));
    assertThat(views(cache.current())).isEqualTo(1);
    clock.advance(Duration.ofMinutes(10));
    assertThat(views(cache.current())).isEqualTo(7);
  }

  @Test
  void neverLooksAgainWhereTheTimeIsZero() {
    object.put("v1", Fixtures.bytes("documented/registry.db"));
    RegistryCache cache = cache(Duration.ZERO);
    cache.current();
    clock.advance(Duration.ofDays(365));
    cache.current();
    assertThat(object.fetches).isEqualTo(1);
  }

  @Test
  void keepsTheLastGoodOneWhileTheRegistryCannotBeRead() {
    object.put("v1", Fixtures.bytes("documented/registry.db"));
    RegistryCache cache = cache(Duration.ofMinutes(10));
    cache.current();

    object.put("v2", new byte[] {1, 2, 3});
    clock.advance(Duration.ofMinutes(10));
    assertThat(cache.current())
        .isInstanceOfSatisfying(
            RegistryState.Stale.class,
            stale -> {
              assertThat(stale.reason()).isEqualTo("Corrupt");
              assertThat(views(stale)).isEqualTo(1);
            });

    object.delete();
    clock.advance(Duration.ofSeconds(10));
    assertThat(cache.current())
        .isInstanceOfSatisfying(
            RegistryState.Stale.class, stale -> assertThat(stale.reason()).isEqualTo("NotFound"));

    object.put("v3", Fixtures.bytes("feast-0.67/registry.db"));
    clock.advance(Duration.ofSeconds(10));
    assertThat(cache.current()).isInstanceOf(RegistryState.Loaded.class);
    assertThat(views(cache.current())).isEqualTo(7);
  }

  @Test
  void isLoadedAgainWhenTheSameObjectCanBeReadAgain() {
    object.put("v1", Fixtures.bytes("documented/registry.db"));
    RegistryCache cache = cache(Duration.ofMinutes(10));
    cache.current();
    object.delete();
    clock.advance(Duration.ofMinutes(10));
    assertThat(cache.current()).isInstanceOf(RegistryState.Stale.class);
    object.put("v1", Fixtures.bytes("documented/registry.db"));
    clock.advance(Duration.ofSeconds(10));
    assertThat(cache.current()).isInstanceOf(RegistryState.Loaded.class);
  }

  @Test
  void doesNotAskForABrokenRegistryWithEachRequest() {
    object.put("v1", Fixtures.bytes("documented/registry.db"));
    RegistryCache cache = cache(Duration.ofMinutes(10));
    cache.current();
    object.delete();
    clock.advance(Duration.ofMinutes(10));
    for (int i = 0; i < 9; i++) {
      cache.current();
      clock.advance(Duration.ofSeconds(1));
    }
    assertThat(object.fetches).isEqualTo(2);
  }

  @Test
  void findsARegistryThatComesAfterTheStart() {
    RegistryCache cache = cache(Duration.ZERO);
    assertThat(cache.current())
        .isInstanceOfSatisfying(
            RegistryState.Unavailable.class,
            unavailable -> assertThat(unavailable.reason()).isEqualTo("NotFound"));
    object.put("v1", Fixtures.bytes("documented/registry.db"));
    clock.advance(Duration.ofSeconds(1));
    assertThat(cache.current()).isInstanceOf(RegistryState.Loaded.class);
  }

  @Test
  void letsOthersServeTheOldOneWhileOneLooksForANewer() throws Exception {
    object.put("v1", Fixtures.bytes("documented/registry.db"));
    RegistryCache cache = cache(Duration.ofMinutes(10));
    cache.current();
    clock.advance(Duration.ofMinutes(10));
    object.put("v2", Fixtures.bytes("feast-0.67/registry.db"));
    object.hold();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<RegistryState> looking = threads.submit(cache::current);
      object.fetching.await();
      // Would not return if it waited, for the fetch is still held.
      assertThat(views(cache.current())).isEqualTo(1);
      object.held.countDown();
      assertThat(views(looking.get())).isEqualTo(7);
    }
    assertThat(object.fetches).isEqualTo(2);
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
    public Optional<Content> fetch(@Nullable String knownEtag) throws RegistryException {
      fetches++;
      lastKnownEtag = knownEtag;
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
