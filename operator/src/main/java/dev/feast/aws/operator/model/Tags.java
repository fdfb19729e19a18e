package dev.feast.aws.operator.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The tags that say whose an AWS object is. Written and read here only. */
public final class Tags {
  public static final String CLUSTER = "aws.feast.dev/cluster";
  public static final String NAMESPACE = "aws.feast.dev/namespace";
  public static final String NAME = "aws.feast.dev/name";
  public static final String UID = "aws.feast.dev/uid";

  /**
   * The keys of the user's own tags, so that one that leaves the spec also leaves AWS, and no other
   * does.
   */
  public static final String USER_KEYS = "aws.feast.dev/user-tags";

  /** What Feast's own Lambda feature server put on what it made; cost reports filter by them. */
  public static final String FEAST_OWNED = "feast-owned";

  public static final String PROJECT = "project";

  /** On an API that was adopted: what the annotation asked for. It stays. */
  public static final String ADOPTED_FROM = "aws.feast.dev/adopted-from";

  /** On an API while it is being adopted: the function that it led to, which is to be removed. */
  public static final String ADOPTED = "aws.feast.dev/adopted";

  /** The same of the repository that this function ran from. */
  public static final String ADOPTED_REPOSITORY = "aws.feast.dev/adopted-repository";

  /** Which Feast made it; of what Feast's own Lambda feature server made. */
  private static final String SDK_VERSION = "feast-sdk-version";

  private static final String OURS = "aws.feast.dev/";

  /** Not a character of tag keys that people use, but one that tag values may hold. */
  private static final String SEPARATOR = " + ";

  private static final Pattern SPLIT = Pattern.compile(Pattern.quote(SEPARATOR));

  /** AWS' limit for a tag's value, in characters. */
  private static final int VALUE_LIMIT = 256;

  private static final int SHOWN = 10;

  private Tags() {}

  /** All tags of a FeatureServer's objects. The user's may not replace the ones above. */
  public static SortedMap<String, String> of(
      Owner owner, String project, Map<String, String> user) {
    var tags = new TreeMap<String, String>();
    user.forEach(
        (key, value) -> {
          if (!isReserved(key)) {
            tags.put(key, value);
          }
        });
    String keys = userKeys(new TreeSet<>(tags.keySet()));
    if (!keys.isEmpty()) {
      tags.put(USER_KEYS, keys);
    }
    tags.put(CLUSTER, owner.clusterId());
    tags.put(NAMESPACE, owner.namespace());
    tags.put(NAME, owner.name());
    tags.put(UID, owner.uid());
    tags.put(FEAST_OWNED, "True");
    tags.put(PROJECT, project);
    return tags;
  }

  /**
   * All that an API is tagged with at once to be taken over.
   *
   * @param found its former owner's tags
   * @param repository null where none is known
   */
  public static SortedMap<String, String> claiming(
      SortedMap<String, String> desired,
      Map<String, String> found,
      Adoption adoption,
      String function,
      @Nullable String repository) {
    var tags = new TreeMap<String, String>(remembering(desired, found));
    tags.put(ADOPTED_FROM, adoption.text());
    tags.put(ADOPTED, function);
    if (repository != null) {
      tags.put(ADOPTED_REPOSITORY, repository);
    }
    return tags;
  }

  /** What an adopted API loses in the end. */
  public static List<String> endingAdoption(Map<String, String> found) {
    return List.of(ADOPTED, ADOPTED_REPOSITORY, SDK_VERSION).stream()
        .filter(found::containsKey)
        .toList();
  }

  /** The tags of an object that carries {@code found} once {@code set} are set. */
  public static Map<String, String> with(Map<String, String> found, Map<String, String> set) {
    var now = new TreeMap<>(found);
    now.putAll(set);
    return now;
  }

  /** Whether a key may not stand in {@code spec.aws.tags}. */
  public static boolean isReserved(String key) {
    return key.startsWith(OURS) || key.equals(FEAST_OWNED) || key.equals(PROJECT);
  }

  /** What to set on an object that carries {@code found}. */
  public static SortedMap<String, String> missing(
      Map<String, String> desired, Map<String, String> found) {
    var missing = new TreeMap<String, String>();
    desired.forEach(
        (key, value) -> {
          if (!value.equals(found.get(key))) {
            missing.put(key, value);
          }
        });
    return missing;
  }

  /** What to remove: ours and the user's former ones, never a tag that somebody else put there. */
  public static List<String> surplus(Map<String, String> desired, Map<String, String> found) {
    var surplus = new ArrayList<String>();
    for (String key : SPLIT.split(found.getOrDefault(USER_KEYS, ""), -1)) {
      if (found.containsKey(key) && !desired.containsKey(key)) {
        surplus.add(key);
      }
    }
    if (found.containsKey(USER_KEYS) && !desired.containsKey(USER_KEYS)) {
      surplus.add(USER_KEYS);
    }
    return List.copyOf(surplus);
  }

  /**
   * What to set on an object that carries {@code found} while something is still to be removed from
   * it: the user's former keys are remembered until they are gone, or nothing would ask for it
   * again.
   */
  public static Map<String, String> remembering(
      Map<String, String> set, Map<String, String> found) {
    String now = set.get(USER_KEYS);
    String former = found.get(USER_KEYS);
    if (now == null || former == null) {
      return set;
    }
    var keys = new TreeSet<String>(List.of(SPLIT.split(former, -1)));
    keys.addAll(List.of(SPLIT.split(now, -1)));
    var remembering = new TreeMap<>(set);
    remembering.put(USER_KEYS, userKeys(keys));
    return remembering;
  }

  /** Whose an object with these tags is, seen from {@code owner}. */
  public static Ownership ownership(Map<String, String> found, Owner owner) {
    String cluster = found.get(CLUSTER);
    String namespace = found.get(NAMESPACE);
    String name = found.get(NAME);
    if (cluster == null || namespace == null || name == null) {
      return new Ownership.Foreign("it carries no tags of this operator" + others(found));
    }
    if (!cluster.equals(owner.clusterId())) {
      return new Ownership.Foreign(
          "it belongs to FeatureServer %s/%s of the cluster %s"
              .formatted(namespace, name, cluster));
    }
    if (!namespace.equals(owner.namespace()) || !name.equals(owner.name())) {
      return new Ownership.Foreign("it belongs to FeatureServer %s/%s".formatted(namespace, name));
    }
    // Whatever UID it carries: only one resource of this namespace and name lives at a time, and it
    // asks.
    return new Ownership.Ours();
  }

  /** What else says whose an object is, as far as a sentence can hold it. */
  private static String others(Map<String, String> found) {
    String others =
        found.entrySet().stream()
            .filter(tag -> !tag.getKey().startsWith(OURS))
            .sorted(Map.Entry.comparingByKey())
            .limit(SHOWN)
            .map(tag -> tag.getKey() + "=" + tag.getValue())
            .collect(Collectors.joining(", "));
    return others.isEmpty() ? ", and no others" : ", but " + others;
  }

  private static String userKeys(SortedSet<String> keys) {
    var text = new StringBuilder();
    for (String key : keys) {
      if (text.length() + SEPARATOR.length() + key.length() > VALUE_LIMIT) {
        break; // A key that is not remembered stays on the objects when it leaves the spec:
        // harmless.
      }
      text.append(text.isEmpty() ? "" : SEPARATOR).append(key);
    }
    return text.toString();
  }
}
