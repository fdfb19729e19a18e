package dev.feast.aws.operator.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the annotation may say, and how what Feast's alpha made is told from other things. */
class AdoptionFormTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "feast-alpha",
        "feast-alpha/a1b2c3d4e5",
        "cluster/3f0c2a52-6a8e-4d1c-9d55-0a4c1d2b3e4f",
        "cluster/arn:aws:eks:us-west-2:123456789012:cluster/ml"
      })
  void isReadAsItIsWritten(String text) {
    assertThat(Adoption.parse(" " + text + " ").map(Adoption::text)).contains(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "feast", "feast-alpha/", "feast-alpha/A1", "cluster/", "cluster/a b"})
  void isNothingElse(String text) {
    assertThat(Adoption.parse(text)).isEmpty();
  }

  /** The names are what {@code _get_lambda_name} of v0.14.0 and v0.31.1 gives. */
  @ParameterizedTest
  @CsvSource({
    "feast-python-server-dev-0_14_1, true",
    "feast-python-server-dev-0_31_1, true",
    "feast-python-server-7cf3b8b1c2d93cd0d2e8e1f6a2b4c5d6, true",
    "feast-python-server-dev_2-0_14_1, false",
    "feast-python-server, false",
    "feast-team-dev-v957p8ft25, false",
    "my-feast-python-server-dev-0_14_1, false"
  })
  void knowsTheNamesThatTheAlphaGave(String name, boolean isIts) {
    assertThat(FeastAlpha.isName(name, "dev")).isEqualTo(isIts);
  }

  @Test
  void takesForTheAlphasOnlyWhatNobodyElseTagged() {
    Map<String, String> alphas = Map.of("feast-owned", "True", "project", "dev");
    var owner = new Owner("cluster-1", "team", "dev", "uid-1");
    Adoption adoption = new Adoption.OfAlpha(null);

    assertThat(adoption.isTheirs(alphas, owner, "dev")).isTrue();
    assertThat(adoption.isTheirs(alphas, owner, "other")).isFalse();
    assertThat(adoption.isTheirs(Map.of("project", "dev"), owner, "dev")).isFalse();
    assertThat(adoption.isTheirs(Tags.of(owner, "dev", Map.of()), owner, "dev")).isFalse();
  }

  /** What an adopted API led to is removed: that must never be our own function. */
  @Test
  void takesNothingOfItsOwnClusterForAnothers() {
    var owner = new Owner("cluster-1", "team", "dev", "uid-1");
    Map<String, String> theirs =
        Tags.of(new Owner("cluster-2", "team", "dev", "uid-2"), "dev", Map.of());

    assertThat(new Adoption.OfCluster("cluster-2").isTheirs(theirs, owner, "dev")).isTrue();
    assertThat(new Adoption.OfCluster("cluster-3").isTheirs(theirs, owner, "dev")).isFalse();
    assertThat(
            new Adoption.OfCluster("cluster-1")
                .isTheirs(Tags.of(owner, "dev", Map.of()), owner, "dev"))
        .isFalse();
  }
}
