package dev.feast.aws.operator.validation;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * A feature_store.yaml that could be read, once with its variables expanded, which is what counts,
 * and once without, which is what messages show: a variable's value may be a secret. Of one that
 * not everybody may see who gets the messages, they show nothing but keys.
 *
 * <p>SnakeYAML follows PyYAML, with which Feast reads the file: YAML 1.1, so that {@code yes} and
 * {@code True} are true. It is read without tags that make objects, and with limits that a file of
 * a few kilobytes never meets. A key that is given twice is refused, though PyYAML takes the last:
 * nobody means it.
 */
final class FeatureStoreYaml {
  private static final int MAX_CHARACTERS = 256 * 1024;
  private static final int MAX_ALIASES = 50;
  private static final int MAX_DEPTH = 30;

  private final Map<?, ?> expanded;
  private final @Nullable Map<?, ?> written;
  private final Origin origin;

  private FeatureStoreYaml(Map<?, ?> expanded, @Nullable Map<?, ?> written, Origin origin) {
    this.expanded = expanded;
    this.written = written;
    this.origin = origin;
  }

  /** Where the text is from, which says who may see it. */
  enum Origin {
    /** The spec or a ConfigMap: whoever reads messages may read it as well. */
    OPEN,
    /** A Secret: no part of its text may be in a message. */
    SECRET,
    /** An object that whoever gets the messages may not be allowed to read. */
    UNSEEN;

    private boolean isOpen() {
      return this == OPEN;
    }
  }

  /** What reading ends in. */
  sealed interface Reading {
    record Read(FeatureStoreYaml yaml) implements Reading {}

    /**
     * @param why names the place, and nothing of what stands there
     */
    record Unreadable(String why) implements Reading {}
  }

  /** One that says nothing. */
  static FeatureStoreYaml empty() {
    return new FeatureStoreYaml(Map.of(), Map.of(), Origin.OPEN);
  }

  static Reading read(String text, Variables variables, Origin origin) {
    try {
      Object expanded = load(variables.expand(text));
      if (!(expanded instanceof Map<?, ?> map)) {
        return new Reading.Unreadable(
            expanded == null
                ? "it is empty; it must hold a feature_store.yaml"
                : "it is no feature_store.yaml: an object with keys such as project and registry is"
                    + " expected");
      }
      return new Reading.Read(new FeatureStoreYaml(map, written(text), origin));
    } catch (MarkedYAMLException e) {
      // The problem may name an alias, a tag or a duplicate key of the text.
      String problem = origin.isOpen() ? ": " + e.getProblem() : "";
      return new Reading.Unreadable("it is not valid YAML" + problem + place(e));
    } catch (YAMLException | IllegalArgumentException e) {
      // SnakeYAML lets through what Integer and others say of a value under a tag such as !!int.
      return new Reading.Unreadable(
          "it cannot be read as YAML" + (origin.isOpen() ? ": " + e.getMessage() : ""));
    }
  }

  private static @Nullable Map<?, ?> written(String text) {
    try {
      return load(text) instanceof Map<?, ?> map ? map : null;
    } catch (YAMLException | IllegalArgumentException _) {
      // Only valid with its variables in place: {path: ${REGISTRY}} is none without.
      return null;
    }
  }

  private static @Nullable Object load(String text) {
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    options.setAllowRecursiveKeys(false);
    options.setMaxAliasesForCollections(MAX_ALIASES);
    options.setNestingDepthLimit(MAX_DEPTH);
    options.setCodePointLimit(MAX_CHARACTERS);
    Object loaded = new Yaml(new SafeConstructor(options)).load(text);
    requireEnd(loaded, identities(), identities());
    return loaded;
  }

  /**
   * An anchor may stand for what it is in; whoever goes through such a structure never comes out.
   *
   * @param within what is gone through now
   * @param done what was, once: each alias stands for all of its anchor again
   */
  private static void requireEnd(@Nullable Object value, Set<Object> within, Set<Object> done) {
    Collection<?> inner =
        switch (value) {
          case Map<?, ?> map -> map.values();
          case Collection<?> items -> items;
          case null, default -> List.of();
        };
    if (value == null || inner.isEmpty() || done.contains(value)) {
      return;
    }
    if (!within.add(value)) {
      throw new YAMLException("an alias stands for something that it is part of");
    }
    inner.forEach(item -> requireEnd(item, within, done));
    within.remove(value);
    done.add(value);
  }

  private static Set<Object> identities() {
    return Collections.newSetFromMap(new IdentityHashMap<>());
  }

  private static String place(MarkedYAMLException e) {
    return e.getProblemMark() == null
        ? ""
        : " (line %d, column %d)"
            .formatted(e.getProblemMark().getLine() + 1, e.getProblemMark().getColumn() + 1);
  }

  /** Whether the key is there, with whatever value. */
  boolean has(String... path) {
    Object parent = at(expanded, path, path.length - 1);
    return parent instanceof Map<?, ?> map && map.containsKey(path[path.length - 1]);
  }

  /** The value, or null where the key is absent or holds null. */
  @Nullable Object value(String... path) {
    return at(expanded, path, path.length);
  }

  /** How the value is written in the file, for a message. */
  String shown(String... path) {
    if (!origin.isOpen()) {
      return "a value that is not shown"
          + (origin == Origin.SECRET ? ", being from a Secret" : " here");
    }
    if (written == null) {
      return "what its variables make of it";
    }
    Object value = at(written, path, path.length);
    return switch (value) {
      case null -> "nothing";
      case String string -> '"' + abbreviated(string) + '"';
      case Map<?, ?> map -> placeholder(map).orElse("an object");
      case List<?> list -> "a list of " + list.size();
      default -> value.toString();
    };
  }

  /** A piece of the text for a message, or where that may not be shown what kind of piece it is. */
  String cited(String kind, String piece) {
    return origin.isOpen() ? "the " + kind + " " + piece : "a " + kind;
  }

  private static @Nullable Object at(Object root, String[] path, int length) {
    Object value = root;
    for (int i = 0; i < length; i++) {
      if (!(value instanceof Map<?, ?> map)) {
        return null;
      }
      value = map.get(path[i]);
    }
    return value;
  }

  /** A whole value in braces is an object for YAML: {@code project: {project}}. */
  static Optional<String> placeholder(Map<?, ?> map) {
    return map.size() == 1
            && map.keySet().iterator().next() instanceof String name
            && map.get(name) == null
        ? Optional.of("{" + name + "}")
        : Optional.empty();
  }

  /** Paths, joined by dots, of all ARNs in the file; where in it they are does not matter. */
  List<Text> arns() {
    List<Text> found = new ArrayList<>();
    collectArns("", expanded, found, identities());
    return found;
  }

  /** A string in the file. */
  record Text(String path, String text) {}

  /**
   * @param seen maps and lists that were looked into: aliases of aliases would be millions of them
   */
  private static void collectArns(
      String path, @Nullable Object value, List<Text> found, Set<Object> seen) {
    if (value instanceof Map<?, ?> || value instanceof List<?>) {
      if (!seen.add(value)) {
        return;
      }
    }
    switch (value) {
      case String text when text.startsWith("arn:") -> found.add(new Text(path, text));
      case Map<?, ?> map ->
          map.forEach(
              (key, inner) ->
                  // ~ is a key as well, and means null.
                  collectArns(path.isEmpty() ? "" + key : path + "." + key, inner, found, seen));
      case List<?> list -> {
        for (int i = 0; i < list.size(); i++) {
          collectArns(path + "[" + i + "]", list.get(i), found, seen);
        }
      }
      case null, default -> {}
    }
  }

  private static String abbreviated(String text) {
    return text.length() <= 200 ? text : text.substring(0, 200) + "...";
  }
}
