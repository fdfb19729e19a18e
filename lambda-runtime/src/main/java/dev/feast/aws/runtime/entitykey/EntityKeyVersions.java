package dev.feast.aws.runtime.entitykey;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Under which versions a view's rows may lie. Where feature_store.yaml does not say, all of them
 * until a row is found, and from then on those under which it was. Each view by itself, because a
 * store whose Feast was upgraded holds views written before and after. Versions that give the same
 * key, as 1 and 2 do without an INT64 in it, stay together, which costs nothing.
 */
public final class EntityKeyVersions {

  private final List<EntityKeyVersion> initially;
  private final Map<String, List<EntityKeyVersion>> ofView = new ConcurrentHashMap<>();

  /**
   * @param configured entity_key_serialization_version; null if the YAML has none
   */
  public EntityKeyVersions(@Nullable Integer configured) {
    this.initially =
        configured == null
            ? List.of(EntityKeyVersion.values())
            : List.of(EntityKeyVersion.of(configured));
  }

  /**
   * @param view its name, with the version where versions have tables of their own
   */
  public List<EntityKeyVersion> possible(String view) {
    return ofView.getOrDefault(view, initially);
  }

  /**
   * @param under the versions whose key found a row; empty if none did
   */
  public void found(String view, Set<EntityKeyVersion> under) {
    if (initially.size() > 1 && !under.isEmpty()) {
      ofView.putIfAbsent(view, List.copyOf(EnumSet.copyOf(under)));
    }
  }
}
