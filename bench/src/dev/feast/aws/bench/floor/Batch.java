package dev.feast.aws.bench.floor;

import static java.util.Objects.requireNonNull;

import dev.feast.aws.runtime.entitykey.EntityKeyEncoder;
import dev.feast.aws.runtime.entitykey.EntityKeyVersion;
import dev.feast.aws.runtime.entitykey.KeyValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The keys of one BatchGetItem: entity ids by table.
 *
 * <p>The same as the runtime reads for the same question: the store that Feast 0.67.0 wrote (see
 * bench/feast/write.py), all tables in as few calls as their 100 keys allow.
 */
record Batch(Map<String, List<String>> keys) {
  /** BatchGetItem's own limit. */
  private static final int MAX_KEYS = 100;

  private static final int FIRST_DRIVER = 1001;

  static List<Batch> of(int rows, int views) {
    var encoder = new EntityKeyEncoder(EntityKeyVersion.V3, List.of("driver_id"));
    List<Batch> batches = new ArrayList<>();
    Map<String, List<String>> keys = new LinkedHashMap<>();
    int size = 0;
    for (int view = 1; view <= views; view++) {
      for (int row = 0; row < rows; row++) {
        keys.computeIfAbsent("bench.driver_stats_" + view, table -> new ArrayList<>())
            .add(requireNonNull(encoder.entityId(List.of(new KeyValue.Int64(FIRST_DRIVER + row)))));
        size++;
        if (size == MAX_KEYS) {
          batches.add(new Batch(keys));
          keys = new LinkedHashMap<>();
          size = 0;
        }
      }
    }
    if (size > 0) {
      batches.add(new Batch(keys));
    }
    return batches;
  }
}
