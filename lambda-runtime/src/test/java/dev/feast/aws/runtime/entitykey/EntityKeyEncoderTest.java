package dev.feast.aws.runtime.entitykey;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The keys that real Feast gave, see fixtures/entity_keys.json. */
class EntityKeyEncoderTest {

  static Stream<Arguments> recorded() throws IOException {
    List<Arguments> cases = new ArrayList<>();
    try (InputStream in =
        EntityKeyEncoderTest.class.getResourceAsStream("/fixtures/entity_keys.json")) {
      for (JsonNode recorded : new JsonMapper().readTree(in)) {
        JsonNode entityKey = recorded.get("entity_key");
        if (entityKey.findValuesAsText("type").contains("BOOL")) {
          // Not in any version, and no KeyValue either; KeyTypesTest has what is answered.
          assertThat(recorded.get("v3").isNull()).isTrue();
          continue;
        }
        for (EntityKeyVersion version : EntityKeyVersion.values()) {
          JsonNode id = recorded.get(version.name().toLowerCase(Locale.ROOT));
          cases.add(Arguments.of(version, entityKey, id.isNull() ? null : id.textValue()));
        }
      }
    }
    return cases.stream();
  }

  @ParameterizedTest(name = "{0} {1} -> {2}")
  @MethodSource("recorded")
  void givesTheIdThatFeastGives(EntityKeyVersion version, JsonNode entityKey, String id) {
    List<String> joinKeys = new ArrayList<>();
    List<KeyValue> values = new ArrayList<>();
    entityKey
        .properties()
        .forEach(
            property -> {
              joinKeys.add(property.getKey());
              values.add(value(property.getValue()));
            });
    assertThat(new EntityKeyEncoder(version, joinKeys).entityId(values)).isEqualTo(id);
  }

  private static KeyValue value(JsonNode typed) {
    JsonNode value = typed.get("value");
    return switch (typed.get("type").textValue()) {
      case "INT64" -> new KeyValue.Int64(value.longValue());
      case "INT32" -> new KeyValue.Int32(value.intValue());
      case "STRING" -> new KeyValue.Text(value.textValue());
      case "BYTES" -> new KeyValue.Bytes(Base64.getDecoder().decode(value.textValue()));
      case "UNIX_TIMESTAMP" -> new KeyValue.UnixTimestamp(value.longValue());
      default -> throw new IllegalArgumentException(typed.toString());
    };
  }

  @Test
  void doesNotDependOnTheOrderOfJoinKeys() {
    String oneWay =
        new EntityKeyEncoder(EntityKeyVersion.V3, List.of("driver_id", "customer_id"))
            .entityId(List.of(new KeyValue.Int64(1001), new KeyValue.Text("c-1")));
    String otherWay =
        new EntityKeyEncoder(EntityKeyVersion.V3, List.of("customer_id", "driver_id"))
            .entityId(List.of(new KeyValue.Text("c-1"), new KeyValue.Int64(1001)));
    assertThat(oneWay).isEqualTo(otherWay).isEqualTo("3625265fb9d17cdd687968bf60cdc43d");
  }
}
