package dev.feast.aws.runtime.entitykey;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Under which versions a view's rows may lie. Where feature_store.yaml does not say, all of them
 * until a row is found, and from then on those under which rows were. Each view by itself, because
 * a store whose Feast was upgraded holds views written before and after. Versions that give the
 * same key, as 1 and 2 do without an INT64 in it, stay together, which costs nothing.
 *
 * <p>What was found out does not hold for ever: an upgraded Feast goes on with another version in
 * the same table. So rows that are missed are looked for under the other versions now and then, and
 * a new registry, which Feast writes with each materialization, begins anew.
 */
public final class EntityKeyVersions {

  /** Rows that are nowhere would otherwise double each of their reads. */
  private static final Duration BETWEEN_SECOND_LOOKS = Duration.ofMinutes(1);

  private final List<EntityKeyVersion> initially;
  private final InstantSource clock;
  private final Map<String, Found> ofView = new ConcurrentHashMap<>();
  private volatile String registryEtag = "";

  /**
   * @param under the versions under which rows were
   * @param nextSecondLook when those that are missed may be looked for under the others
   */
  private record Found(List<EntityKeyVersion> under, Instant nextSecondLook) {}

  /**
   * @param configured entity_key_serialization_version; null if the YAML has none
   */
  public EntityKeyVersions(@Nullable Integer configured, InstantSource clock) {
    this.initially =
        configured == null
            ? List.of(EntityKeyVersion.values())
            : List.of(EntityKeyVersion.of(configured));
    this.clock = clock;
  }

  /** Forgets what was found out under another registry than this. */
  public void forgetUnless(String etag) {
    if (!registryEtag.equals(etag)) {
      registryEtag = etag;
      ofView.clear();
    }
  }

  /**
   * @param view its name, with the version where versions have tables of their own
   */
  public List<EntityKeyVersion> possible(String view) {
    Found found = ofView.get(view);
    return found == null ? initially : found.under;
  }

  /**
   * Returns the versions besides {@link #possible} under which rows that were missed are to be
   * looked for now; mostly none. Who gets some has the look to itself.
   */
  public List<EntityKeyVersion> forSecondLook(String view) {
    Found found = ofView.get(view);
    Instant now = clock.instant();
    if (found == null
        || found.under.size() == initially.size()
        || now.isBefore(found.nextSecondLook)
        || !ofView.replace(view, found, new Found(found.under, now.plus(BETWEEN_SECOND_LOOKS)))) {
      return List.of();
    }
    return Arrays.stream(EntityKeyVersion.values())
        .filter(version -> !found.under.contains(version))
        .toList();
  }

  /**
   * @param under the versions whose key found a row; empty if none did
   */
  public void found(String view, Set<EntityKeyVersion> under) {
    if (initially.size() == 1 || under.isEmpty()) {
      return;
    }
    Found before = ofView.get(view);
    if (before != null && before.under.containsAll(under)) {
      return;
    }
    Set<EntityKeyVersion> all = EnumSet.copyOf(under);
    if (before != null) {
      all.addAll(before.under);
    }
    ofView.put(view, new Found(List.copyOf(all), clock.instant().plus(BETWEEN_SECOND_LOOKS)));
  }
}
