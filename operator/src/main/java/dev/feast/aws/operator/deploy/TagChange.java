package dev.feast.aws.operator.deploy;

import dev.feast.aws.operator.model.Tags;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Tags are set first and removed then: an object never lacks those that say whose it is. */
final class TagChange {
  private TagChange() {}

  static Map<String, String> apply(
      Map<String, String> present,
      Map<String, String> set,
      List<String> remove,
      Consumer<Map<String, String>> tag,
      Consumer<Collection<String>> untag) {
    if (!set.isEmpty()) {
      tag.accept(remove.isEmpty() ? set : Tags.remembering(set, present));
    }
    if (!remove.isEmpty()) {
      untag.accept(remove);
      String keys = set.get(Tags.USER_KEYS);
      if (keys != null) {
        tag.accept(Map.of(Tags.USER_KEYS, keys));
      }
    }
    var now = new TreeMap<>(present);
    now.putAll(set);
    now.keySet().removeAll(remove);
    return now;
  }
}
