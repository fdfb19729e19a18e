package dev.feast.aws.operator.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class TagsTest {
  private static final Owner OWNER = new Owner("c1", "team", "dev", "uid-1");

  @Test
  void letsNobodyReplaceTheTagsOfOwnership() {
    var tags =
        Tags.of(OWNER, "dev", Map.of(Tags.CLUSTER, "x", Tags.PROJECT, "x", "cost-center", "42"));

    assertThat(tags)
        .containsEntry(Tags.CLUSTER, "c1")
        .containsEntry(Tags.PROJECT, "dev")
        .containsEntry("cost-center", "42");
  }

  @Test
  void removesTheUsersFormerTagsAndNobodyElses() {
    var found = new TreeMap<>(Tags.of(OWNER, "dev", Map.of("a b", "1", "kept", "2")));
    found.put("auto-tagger", "corp");

    assertThat(Tags.surplus(Tags.of(OWNER, "dev", Map.of("kept", "2")), found))
        .containsExactly("a b");
    assertThat(Tags.surplus(Tags.of(OWNER, "dev", Map.of()), found))
        .containsExactly("a b", "kept", Tags.USER_KEYS);
  }

  @Test
  void takesBackWhatAnEarlierResourceOfItsNameLeft() {
    var earlier = Tags.of(new Owner("c1", "team", "dev", "uid-0"), "dev", Map.of());

    assertThat(Tags.ownership(earlier, OWNER)).isInstanceOf(Ownership.Ours.class);
  }

  @Test
  void saysWhoseAnObjectIs() {
    assertThat(Tags.ownership(Map.of("team", "ml", "Name", "x"), OWNER))
        .isEqualTo(
            new Ownership.Foreign("it carries no tags of this operator, but Name=x, team=ml"));
    assertThat(Tags.ownership(Map.of(), OWNER))
        .isEqualTo(new Ownership.Foreign("it carries no tags of this operator, and no others"));
    assertThat(Tags.ownership(Tags.of(new Owner("c2", "team", "dev", "u"), "dev", Map.of()), OWNER))
        .isEqualTo(new Ownership.Foreign("it belongs to FeatureServer team/dev of the cluster c2"));
    assertThat(
            Tags.ownership(Tags.of(new Owner("c1", "other", "dev", "u"), "dev", Map.of()), OWNER))
        .isEqualTo(new Ownership.Foreign("it belongs to FeatureServer other/dev"));
  }
}
