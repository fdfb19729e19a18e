package dev.feast.aws.api.v1alpha1;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The keys of an object that may have any: those that are known are taken out one by one.
 *
 * <p>Reading one never fails, whatever a value is. One that Jackson could not read, be it a number
 * too large for its field or a key that is called as a record calls the keys it does not know,
 * would end the watch of all FeatureServers, not only of the one that holds it. What a schema would
 * not let through counts as absent.
 */
final class OpenObject {
  private final Map<String, JsonNode> keys;

  OpenObject(Map<String, JsonNode> keys) {
    this.keys = new LinkedHashMap<>(keys);
  }

  @Nullable String text(String key) {
    JsonNode value = keys.remove(key);
    return value != null && value.isTextual() ? value.textValue() : null;
  }

  @Nullable Boolean truth(String key) {
    JsonNode value = keys.remove(key);
    return value != null && value.isBoolean() ? value.booleanValue() : null;
  }

  Optional<Map<String, JsonNode>> object(String key) {
    JsonNode value = keys.remove(key);
    if (value == null || !value.isObject()) {
      return Optional.empty();
    }
    Map<String, JsonNode> object = new LinkedHashMap<>();
    value.properties().forEach(property -> object.put(property.getKey(), property.getValue()));
    return Optional.of(object);
  }

  @Nullable JsonNode any(String key) {
    return keys.remove(key);
  }

  /** Those that were not asked for. */
  Map<String, JsonNode> others() {
    return keys;
  }
}
