package dev.feast.aws.runtime.lambda;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/**
 * Lookups that might be meant: of views that are there and of others, by keys that fit and by
 * others. The build looks for a few seconds (execution fuzz in the pom).
 */
class LookupFuzzTest {

  private static final JsonFactory JSON = new JsonFactory();
  private static final EventCheck CHECK = new EventCheck();

  private static final List<String> FEATURES =
      List.of(
          "driver_hourly_stats:conv_rate",
          "driver_hourly_stats@v0:acc_rate",
          "driver_hourly_stats@latest:avg_daily_trips",
          "customer_profile:age",
          "customer_profile:balance",
          "customer_profile:avatar",
          "trips:count",
          "trips:rating",
          "lists:blobs",
          "lists:doubles",
          "exotic:attrs",
          "exotic:doc",
          "expired:stale",
          "global_stats:total_trips",
          "rate_plus_one:rate",
          "nope:x",
          "driver_hourly_stats@v9:conv_rate");

  private static final List<String> KEYS =
      List.of("driver_id", "driver", "customer_id", "user_id", "origin_id", "dest_id", "nope");

  private static final List<String> SERVICES =
      List.of("driver_activity", "two_drivers", "nope", "");

  @FuzzTest(maxDuration = "5m")
  void answersEveryLookup(FuzzedDataProvider data) throws IOException {
    String path = data.consumeBoolean() ? "/get-online-features" : "/v2/get-online-features";
    boolean base64 = data.consumeBoolean();
    String body = lookup(data);
    CHECK.check(
        EventFuzzTest.event(
            "POST",
            path,
            base64
                ? Base64.getEncoder().encodeToString(body.getBytes(StandardCharsets.UTF_8))
                : body,
            base64));
  }

  private static String lookup(FuzzedDataProvider data) throws IOException {
    var text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      if (data.consumeBoolean()) {
        json.writeStringField("feature_service", data.pickValue(SERVICES));
      } else {
        json.writeArrayFieldStart("features");
        for (int i = data.consumeInt(0, 4); i > 0; i--) {
          json.writeString(
              data.consumeInt(0, 9) == 0 ? data.consumeString(20) : data.pickValue(FEATURES));
        }
        json.writeEndArray();
      }
      json.writeBooleanField("full_feature_names", data.consumeBoolean());
      json.writeObjectFieldStart("entities");
      int rows = data.consumeInt(0, 9) == 0 ? data.consumeInt(0, 12_000) : data.consumeInt(0, 4);
      for (int i = data.consumeInt(0, 4); i > 0; i--) {
        json.writeFieldName(
            data.consumeInt(0, 19) == 0 ? data.consumeString(20) : data.pickValue(KEYS));
        json.writeStartArray();
        writeColumn(json, data, rows);
        json.writeEndArray();
      }
      json.writeEndObject();
      json.writeEndObject();
    }
    return text.toString();
  }

  /** A few values over and over: thousands of rows do not have to be new ones. */
  private static void writeColumn(JsonGenerator json, FuzzedDataProvider data, int rows)
      throws IOException {
    int differ = Math.min(rows, 4);
    StringWriter[] values = new StringWriter[differ];
    for (int i = 0; i < differ; i++) {
      values[i] = new StringWriter();
      try (JsonGenerator value = JSON.createGenerator(values[i])) {
        writeValue(value, data);
      }
    }
    for (int row = 0; row < rows; row++) {
      json.writeRawValue(values[row % differ].toString());
    }
  }

  private static void writeValue(JsonGenerator json, FuzzedDataProvider data) throws IOException {
    switch (data.consumeInt(0, 11)) {
      case 0 -> json.writeNumber(1001);
      case 1 -> json.writeString("c-1");
      case 2 -> json.writeNumber(7);
      case 3 -> json.writeNumber(data.consumeLong());
      case 4 -> json.writeNumber(Double.toString(data.consumeRegularDouble()));
      case 5 -> json.writeNumber(data.consumeInt() + "e" + data.consumeInt());
      case 6 -> json.writeString(Long.toString(data.consumeLong()));
      case 7 -> json.writeBoolean(data.consumeBoolean());
      case 8 -> json.writeNull();
      case 9 -> json.writeRawValue("[{}]");
      // As an escape, which may be half of a pair.
      case 10 -> json.writeRawValue("\"\\u%04x\"".formatted((int) data.consumeChar()));
      default -> json.writeString(data.consumeString(50));
    }
  }
}
