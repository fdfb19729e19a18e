package dev.feast.aws.runtime.entitykey;

import static dev.feast.aws.runtime.entitykey.EntityKeyVersion.V1;
import static dev.feast.aws.runtime.entitykey.EntityKeyVersion.V2;
import static dev.feast.aws.runtime.entitykey.EntityKeyVersion.V3;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class EntityKeyVersionsTest {

  @Test
  void goesByTheConfiguredVersionAlone() {
    var versions = new EntityKeyVersions(2);
    assertThat(versions.possible("view")).containsExactly(V2);
    versions.found("view", Set.of(V2));
    assertThat(versions.possible("view")).containsExactly(V2);
  }

  @Test
  void triesAllUntilARowIsFoundAndThenKeepsItsVersion() {
    var versions = new EntityKeyVersions(null);
    assertThat(versions.possible("view")).containsExactly(V1, V2, V3);
    versions.found("view", Set.of());
    assertThat(versions.possible("view")).containsExactly(V1, V2, V3);
    versions.found("view", Set.of(V2));
    assertThat(versions.possible("view")).containsExactly(V2);
  }

  @Test
  void keepsVersionsThatGiveTheSameKey() {
    var versions = new EntityKeyVersions(null);
    versions.found("view", Set.of(V1, V2));
    assertThat(versions.possible("view")).containsExactly(V1, V2);
  }

  @Test
  void learnsEachViewByItself() {
    var versions = new EntityKeyVersions(null);
    versions.found("written_before_the_upgrade", Set.of(V1));
    versions.found("written_after_it", Set.of(V3));
    assertThat(versions.possible("written_before_the_upgrade")).containsExactly(V1);
    assertThat(versions.possible("written_after_it")).containsExactly(V3);
    assertThat(versions.possible("another")).containsExactly(V1, V2, V3);
  }
}
