package dev.feast.aws.runtime.config;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A map in feature_store.yaml that knows where it stands, so that each message names the full key.
 *
 * @param path with dots, empty for the root
 */
record YamlMap(String path, Map<?, ?> values) {

  static YamlMap empty(String path) {
    return new YamlMap(path, Map.of());
  }

  /** A key with nothing behind it counts as not there. */
  boolean has(String key) {
    return values.get(key) != null;
  }

  /** Returns null where the key is absent or holds something else. */
  @Nullable YamlMap map(String key) {
    return values.get(key) instanceof Map<?, ?> map ? new YamlMap(path(key), map) : null;
  }

  /** Returns null where the key is absent or holds a map. */
  @Nullable String text(String key) throws ConfigException {
    Object value = values.get(key);
    if (value == null || value instanceof Map) {
      return null;
    }
    if (value instanceof String text) {
      return text;
    }
    throw wrong(key, value, "text; put it in quotes");
  }

  String requiredText(String key) throws ConfigException {
    String text = text(key);
    if (text == null || text.isEmpty()) {
      throw new ConfigException(path(key) + " is missing in feature_store.yaml");
    }
    return text;
  }

  int integer(String key, int absent) throws ConfigException {
    Object value = values.get(key);
    if (value == null) {
      return absent;
    }
    if (value instanceof Integer integer) {
      return integer;
    }
    throw wrong(key, value, "a whole number");
  }

  boolean bool(String key, boolean absent) throws ConfigException {
    Object value = values.get(key);
    if (value == null) {
      return absent;
    }
    if (value instanceof Boolean bool) {
      return bool;
    }
    throw wrong(key, value, "true or false");
  }

  private ConfigException wrong(String key, Object found, String needed) {
    return new ConfigException(path(key) + " holds " + found + "; needed is " + needed);
  }

  private String path(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }
}
