package dev.feast.aws.runtime;

import java.util.HashMap;
import java.util.Map;

/**
 * Where an answer is on purpose not the recorded one of Feast: the cases of both recordings, by
 * name, with what is answered instead. Every case that is not here has to be answered as recorded.
 */
final class Differences {

  private Differences() {}

  /** What is expected instead. */
  sealed interface Expected {
    /**
     * @param detail parts that the message has to have
     */
    record Error(int status, String code, String... detail) implements Expected {}

    /**
     * @param rows in the shape of rows, whatever the recording's is
     */
    record Rows(String rows) implements Expected {}
  }

  private static final Expected.Error WRONG_TYPE_OF_DRIVER =
      new Expected.Error(400, "INVALID_ENTITY_VALUE", "entities.driver_id[0]", "INT64");

  private static final Expected.Error COLLISION =
      new Expected.Error(400, "FEATURE_NAME_COLLISION", "conv_rate", "full_feature_names");

  /** In both recordings, Feast answers with 500, 422 or an answer that is wrong. */
  private static final Map<String, Expected> BOTH =
      Map.ofEntries(
          Map.entry("unknown_view", new Expected.Error(404, "FEATURE_VIEW_NOT_FOUND", "view nope")),
          Map.entry(
              "unknown_feature",
              new Expected.Error(404, "FEATURE_NOT_FOUND", "driver_hourly_stats", "nope")),
          Map.entry("unknown_service", new Expected.Error(404, "FEATURE_SERVICE_NOT_FOUND", "zzz")),
          Map.entry(
              "missing_join_key",
              new Expected.Error(400, "MISSING_ENTITY", "driver_id", "driver_hourly_stats")),
          Map.entry(
              "uneven_columns",
              new Expected.Error(400, "INVALID_REQUEST", "driver_id has 1", "customer_id has 2")),
          Map.entry("wrong_type_text", WRONG_TYPE_OF_DRIVER),
          Map.entry("null_key", WRONG_TYPE_OF_DRIVER),
          Map.entry("fractional_key", WRONG_TYPE_OF_DRIVER),
          Map.entry("repeated_feature_and_row", COLLISION),
          Map.entry("name_collision", COLLISION),
          Map.entry(
              "no_colon",
              new Expected.Error(400, "INVALID_REQUEST", "reference driver_hourly_stats")),
          Map.entry("no_features", new Expected.Error(400, "INVALID_REQUEST", "no features")),
          Map.entry("not_an_object", new Expected.Error(400, "INVALID_REQUEST", "JSON object")),
          Map.entry("no_rows", new Expected.Rows("[]")),
          Map.entry(
              "entityless",
              new Expected.Rows(
                  """
                  [{"fields": {"total_trips": 123456789}, "statuses": {"total_trips": "PRESENT"}}]
                  """)),
          Map.entry(
              "entityless_with_rows",
              new Expected.Rows(
                  """
                  [{"fields": {"driver_id": 1001, "total_trips": 123456789,
                               "conv_rate": 0.025330161675810814},
                    "statuses": {"driver_id": "PRESENT", "total_trips": "PRESENT",
                                 "conv_rate": "PRESENT"}},
                   {"fields": {"driver_id": 1002, "total_trips": 123456789,
                               "conv_rate": 0.7595187425613403},
                    "statuses": {"driver_id": "PRESENT", "total_trips": "PRESENT",
                                 "conv_rate": "PRESENT"}}]
                  """)));

  /** 0.14 takes every JSON number for an INT64, and cannot write bytes. */
  private static final Map<String, Expected> FEAST_0_14 =
      Map.of(
          "alias_join_key_map", new Expected.Error(400, "MISSING_ENTITY", "driver_id"),
          "alias_collision", new Expected.Error(400, "MISSING_ENTITY", "driver_id"),
          "number_as_text",
              new Expected.Rows(
                  """
                  [{"fields": {"driver_id": 1001, "conv_rate": 0.025330161675810814},
                    "statuses": {"driver_id": "PRESENT", "conv_rate": "PRESENT"}}]
                  """),
          "extra_entity",
              new Expected.Rows(
                  """
                  [{"fields": {"driver_id": 1001, "conv_rate": 0.025330161675810814},
                    "statuses": {"driver_id": "PRESENT", "conv_rate": "PRESENT"}}]
                  """),
          "scalar_types",
              new Expected.Rows(
                  """
                  [{"fields": {"customer_id": "c-1", "name": "Ada", "active": true,
                               "signup": 1793534400, "avatar": "AAH/", "age": 37, "balance": 12.5},
                    "statuses": {"customer_id": "PRESENT", "name": "PRESENT", "active": "PRESENT",
                                 "signup": "PRESENT", "avatar": "PRESENT", "age": "PRESENT",
                                 "balance": "PRESENT"}},
                   {"fields": {"customer_id": "c-2", "name": "Zoë ☃", "active": false,
                               "signup": 1793534400, "avatar": "", "age": 41, "balance": 1e-09},
                    "statuses": {"customer_id": "PRESENT", "name": "PRESENT", "active": "PRESENT",
                                 "signup": "PRESENT", "avatar": "PRESENT", "age": "PRESENT",
                                 "balance": "PRESENT"}}]
                  """),
          "list_types",
              new Expected.Rows(
                  """
                  [{"fields": {"user_id": 7, "ints": [1, 2, 3], "longs": [1099511627776],
                               "floats": [0.10000000149011612, 0.20000000298023224],
                               "doubles": [0.1, 0.2], "strings": ["a", "b"],
                               "bools": [true, false], "times": [1793534400], "blobs": ["eA=="]},
                    "statuses": {"user_id": "PRESENT", "ints": "PRESENT", "longs": "PRESENT",
                                 "floats": "PRESENT", "doubles": "PRESENT", "strings": "PRESENT",
                                 "bools": "PRESENT", "times": "PRESENT", "blobs": "PRESENT"}},
                   {"fields": {"user_id": 8, "ints": [], "longs": [], "floats": [],
                               "doubles": [], "strings": [], "bools": [], "times": [],
                               "blobs": []},
                    "statuses": {"user_id": "PRESENT", "ints": "PRESENT", "longs": "PRESENT",
                                 "floats": "PRESENT", "doubles": "PRESENT", "strings": "PRESENT",
                                 "bools": "PRESENT", "times": "PRESENT", "blobs": "PRESENT"}}]
                  """));

  private static final Map<String, Expected> FEAST_0_67 = Map.of("alias_collision", COLLISION);

  /**
   * @param fixture the recording
   */
  static Map<String, Expected> of(String fixture) {
    return switch (fixture) {
      case "feast-0.14" -> join(BOTH, FEAST_0_14);
      case "feast-0.67" -> join(BOTH, FEAST_0_67);
      default -> Map.of();
    };
  }

  private static Map<String, Expected> join(
      Map<String, Expected> one, Map<String, Expected> other) {
    var joined = new HashMap<>(one);
    joined.putAll(other);
    return Map.copyOf(joined);
  }
}
