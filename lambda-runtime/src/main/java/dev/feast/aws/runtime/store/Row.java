package dev.feast.aws.runtime.store;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** An item as Feast's DynamoDB store lays it out. */
final class Row {

  static final String ENTITY_ID = "entity_id";
  static final String EVENT_TS = "event_ts";
  static final String VALUES = "values";

  private Row() {}

  static String entityIdOf(Map<String, AttributeValue> item) {
    return Objects.requireNonNull(item.get(ENTITY_ID), "an item without its key").s();
  }

  static StoredRow of(Map<String, AttributeValue> item) {
    AttributeValue time = item.get(EVENT_TS);
    AttributeValue values = item.get(VALUES);
    Map<String, byte[]> features = new HashMap<>();
    // Without any of the wanted features DynamoDB leaves the whole map out.
    if (values != null && values.hasM()) {
      values
          .m()
          .forEach(
              (feature, value) -> {
                if (value.b() != null) {
                  features.put(feature, value.b().asByteArrayUnsafe());
                }
              });
    }
    return new StoredRow(time == null || time.s() == null ? "" : time.s(), features);
  }
}
