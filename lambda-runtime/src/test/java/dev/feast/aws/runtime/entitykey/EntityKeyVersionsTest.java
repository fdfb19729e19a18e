package dev.feast.aws.runtime.entitykey;

import static dev.feast.aws.runtime.entitykey.EntityKeyVersion.V1;
import static dev.feast.aws.runtime.entitykey.EntityKeyVersion.V2;
import static dev.feast.aws.runtime.entitykey.EntityKeyVersion.V3;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EntityKeyVersionsTest {

  private Instant now = Instant.parse("2026-11-01T12:00:00Z");
  private final InstantSource clock = () -> now;

  @Test
  void goesByTheConfiguredVersionAlone() {
    var versions = new EntityKeyVersions(2, clock);
    assertThat(versions.possible("view")).containsExactly(V2);
    versions.found("view", Set.of(V2));
    assertThat(versions.possible("view")).containsExactly(V2);
  }

  @Test
  void triesAllUntilARowIsFoundAndThenKeepsItsVersion() {
    var versions = new EntityKeyVersions(null, clock);
    assertThat(versions.possible("view")).containsExactly(V1, V2, V3);
    versions.found("view", Set.of());
    assertThat(versions.possible("view")).containsExactly(V1, V2, V3);
    versions.found("view", Set.of(V2));
    assertThat(versions.possible("view")).containsExactly(V2);
  }

  @Test
  void keepsVersionsThatGiveTheSameKey() {
    var versions = new EntityKeyVersions(null, clock);
    versions.found("view", Set.of(V1, V2));
    assertThat(versions.possible("view")).containsExactly(V1, V2);
  }

  @Test
  void learnsEachViewByItself() {
    var versions = new EntityKeyVersions(null, clock);
    versions.found("written_before_the_upgrade", Set.of(V1));
    versions.found("written_after_it", Set.of(V3));
    assertThat(versions.possible("written_before_the_upgrade")).containsExactly(V1);
    assertThat(versions.possible("written_after_it")).containsExactly(V3);
    assertThat(versions.possible("another")).containsExactly(V1, V2, V3);
  }

  @Test
  void looksForMissesUnderTheOthersOnceAMinute() {
    var versions = new EntityKeyVersions(null, clock);
    assertThat(versions.forSecondLook("view")).isEmpty();
    // The read that found it was under all versions.
    versions.found("view", Set.of(V2));
    assertThat(versions.forSecondLook("view")).isEmpty();
    now = now.plusSeconds(60);
    assertThat(versions.forSecondLook("view")).containsExactly(V1, V3);
    assertThat(versions.forSecondLook("view")).isEmpty();
    now = now.plusSeconds(60);
    assertThat(versions.forSecondLook("view")).containsExactly(V1, V3);
    versions.found("view", Set.of(V3));
    assertThat(versions.possible("view")).containsExactly(V2, V3);
    now = now.plusSeconds(60);
    assertThat(versions.forSecondLook("view")).containsExactly(V1);
  }

  @Test
  void looksUnderNoOtherThanTheConfiguredVersion() {
    var versions = new EntityKeyVersions(2, clock);
    versions.found("view", Set.of(V2));
    now = now.plusSeconds(600);
    assertThat(versions.forSecondLook("view")).isEmpty();
  }

  @Test
  void beginsAnewWithANewRegistry() {
    var versions = new EntityKeyVersions(null, clock);
    versions.forgetUnless("etag-1");
    versions.found("view", Set.of(V1));
    versions.forgetUnless("etag-1");
    assertThat(versions.possible("view")).containsExactly(V1);
    versions.forgetUnless("etag-2");
    assertThat(versions.possible("view")).containsExactly(V1, V2, V3);
  }
}
