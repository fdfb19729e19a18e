package dev.feast.aws.operator.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.feast.aws.api.v1alpha1.FeatureStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;

/**
 * The text of a feature_store.yaml that was given as an object.
 *
 * <p>All keys are sorted, so that the text depends on what the object says and neither on the order
 * in which an API server hands it out nor on which keys this version of the API happens to know:
 * another text would be another function version. It is YAML and not JSON, because a variable that
 * stands for a number must not stand in quotes when the runtime expands it.
 */
final class FeatureStoreText {
  private static final ObjectMapper JSON =
      JsonMapper.builder().disable(SerializationFeature.FAIL_ON_EMPTY_BEANS).build();

  private FeatureStoreText() {}

  static String of(FeatureStore featureStore) {
    DumperOptions options = new DumperOptions();
    options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
    options.setSplitLines(false);
    options.setAllowUnicode(true);
    options.setNonPrintableStyle(DumperOptions.NonPrintableStyle.ESCAPE);
    return new Yaml(options).dump(sorted(JSON.valueToTree(featureStore)));
  }

  private static @Nullable Object sorted(JsonNode node) {
    if (node instanceof ObjectNode object) {
      Map<String, @Nullable Object> sorted = new TreeMap<>();
      for (Map.Entry<String, JsonNode> property : object.properties()) {
        sorted.put(property.getKey(), sorted(property.getValue()));
      }
      return sorted;
    }
    if (node.isArray()) {
      List<@Nullable Object> items = new ArrayList<>();
      node.forEach(item -> items.add(sorted(item)));
      return items;
    }
    return switch (node.getNodeType()) {
      case STRING -> node.textValue();
      case BOOLEAN -> node.booleanValue();
      case NUMBER -> node.numberValue();
      default -> null;
    };
  }
}
