package dev.feast.aws.operator.deploy;

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
      tag.accept(set);
    }
    if (!remove.isEmpty()) {
      untag.accept(remove);
    }
    var now = new TreeMap<>(present);
    now.putAll(set);
    now.keySet().removeAll(remove);
    return now;
  }
}
