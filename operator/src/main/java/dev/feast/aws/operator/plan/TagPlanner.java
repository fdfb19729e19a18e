package dev.feast.aws.operator.plan;

import dev.feast.aws.operator.model.DesiredStack;
import dev.feast.aws.operator.model.Tags;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeSet;

/** The tags of one object, of whichever kind. */
final class TagPlanner {
  private TagPlanner() {}

  /** The step of a kind of object: {@code Step.TagApi::new}. */
  interface Tagging {
    Step step(SortedMap<String, String> set, List<String> remove, String reason);
  }

  /** What brings the tags that were found to those that are desired: one step, or none. */
  static List<Step> plan(DesiredStack desired, Map<String, String> found, Tagging tagging) {
    SortedMap<String, String> set = Tags.missing(desired.tags(), found);
    List<String> remove = Tags.surplus(desired.tags(), found);
    if (set.isEmpty() && remove.isEmpty()) {
      return List.of();
    }
    var keys = new TreeSet<>(set.keySet());
    keys.addAll(remove);
    return List.of(tagging.step(set, remove, "its tags differ in " + String.join(", ", keys)));
  }
}
