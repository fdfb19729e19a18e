package dev.feast.aws.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Lookups in the stores that bench/feast/write.py writes: 1,000 drivers in each of five views. */
final class DriverQuestions {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int FIRST_DRIVER = 1001;
  private static final List<String> FEATURES = List.of("conv_rate", "acc_rate", "avg_daily_trips");

  private DriverQuestions() {}

  /** The one of the aims comes first: the peak memory of small lookups is read after it. */
  static List<Question> all() {
    return List.of(
        question(3, 1),
        question(1, 1),
        question(100, 1),
        question(1000, 1),
        question(1, 5),
        question(3, 5),
        question(100, 5),
        question(1000, 5));
  }

  private static Question question(int rows, int views) {
    return new Question(rows, views, body(rows, views), answer -> check(answer, rows, views));
  }

  private static String body(int rows, int views) {
    var body = JSON.createObjectNode();
    var features = body.putArray("features");
    for (int view = 1; view <= views; view++) {
      for (String feature : FEATURES) {
        features.add("driver_stats_" + view + ":" + feature);
      }
    }
    var drivers = body.putObject("entities").putArray("driver_id");
    for (int row = 0; row < rows; row++) {
      drivers.add(FIRST_DRIVER + row);
    }
    body.put("full_feature_names", true);
    return body.toString();
  }

  /** In either of the two shapes every value has to be the one that was written. */
  private static void check(JsonNode body, int rows, int views) throws IOException {
    Map<String, List<Double>> columns = body.has("results") ? ofColumns(body) : ofRows(body);
    for (int view = 1; view <= views; view++) {
      for (String feature : FEATURES) {
        String name = "driver_stats_" + view + "__" + feature;
        List<Double> found = columns.get(name);
        if (!written(feature, view, rows).equals(found)) {
          throw new IOException(name + " is not what was written, but " + found);
        }
      }
    }
  }

  /** What bench/feast/write.py writes. */
  private static List<Double> written(String feature, int view, int rows) {
    List<Double> values = new ArrayList<>();
    for (int driver = FIRST_DRIVER; driver < FIRST_DRIVER + rows; driver++) {
      values.add(
          switch (feature) {
            case "conv_rate" -> driver % 128 / 128.0;
            case "acc_rate" -> view + driver / 4.0;
            default -> (double) driver * view;
          });
    }
    return values;
  }

  private static Map<String, List<Double>> ofColumns(JsonNode body) {
    Map<String, List<Double>> columns = new HashMap<>();
    JsonNode names = body.at("/metadata/feature_names");
    for (int i = 0; i < names.size(); i++) {
      List<Double> values = new ArrayList<>();
      body.path("results").path(i).path("values").forEach(value -> values.add(value.asDouble()));
      columns.put(names.path(i).asText(), values);
    }
    return columns;
  }

  private static Map<String, List<Double>> ofRows(JsonNode body) {
    Map<String, List<Double>> columns = new HashMap<>();
    for (JsonNode row : body.path("field_values")) {
      for (var field : row.path("fields").properties()) {
        columns
            .computeIfAbsent(field.getKey(), name -> new ArrayList<>())
            .add(field.getValue().asDouble());
      }
    }
    return columns;
  }
}
