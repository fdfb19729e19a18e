package dev.feast.aws.runtime.lookup;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.feast.aws.runtime.store.EventTimestamp;
import dev.feast.aws.runtime.store.StoredRow;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code {"results":[{"values":[],"statuses":[],"event_timestamps":[]}],"metadata":{...}}}, as
 * Feast has answered since 0.18.
 */
public final class ColumnsFormat implements AnswerFormat {

  /** What Feast gives where there is no time: join keys and rows that were not found. */
  private static final String NO_TIME = Instant.EPOCH.toString();

  @Override
  public void write(JsonGenerator json, LookupResult result) throws IOException {
    LookupPlan plan = result.plan();
    // Most rows were written at a few times only.
    Map<String, String> times = new HashMap<>();
    json.writeStartObject();
    json.writeArrayFieldStart("results");
    for (LookupPlan.Echo echo : plan.echoes()) {
      writeEcho(json, echo);
    }
    for (LookupPlan.Feature feature : plan.features()) {
      writeFeature(json, result, feature, times);
    }
    json.writeEndArray();
    writeMetadata(json, plan);
    json.writeEndObject();
  }

  private static void writeEcho(JsonGenerator json, LookupPlan.Echo echo) throws IOException {
    json.writeStartObject();
    json.writeArrayFieldStart("values");
    for (LookupPlan.EchoValue value : echo.values()) {
      Cells.writeEcho(json, value);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("statuses");
    for (int row = 0; row < echo.values().size(); row++) {
      json.writeString(Status.PRESENT.name());
    }
    json.writeEndArray();
    json.writeArrayFieldStart("event_timestamps");
    for (int row = 0; row < echo.values().size(); row++) {
      json.writeString(NO_TIME);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void writeFeature(
      JsonGenerator json,
      LookupResult result,
      LookupPlan.Feature feature,
      Map<String, String> times)
      throws IOException {
    int rows = result.plan().rows();
    json.writeStartObject();
    json.writeArrayFieldStart("values");
    for (int row = 0; row < rows; row++) {
      Cells.writeValue(json, result.value(feature, row), feature);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("statuses");
    for (int row = 0; row < rows; row++) {
      json.writeString(result.status(feature, row).name());
    }
    json.writeEndArray();
    json.writeArrayFieldStart("event_timestamps");
    for (int row = 0; row < rows; row++) {
      StoredRow stored = result.row(feature, row);
      json.writeString(
          stored == null
              ? NO_TIME
              : times.computeIfAbsent(
                  stored.eventTimestamp(), text -> EventTimestamp.parse(text).toString()));
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void writeMetadata(JsonGenerator json, LookupPlan plan) throws IOException {
    json.writeObjectFieldStart("metadata");
    json.writeArrayFieldStart("feature_names");
    for (LookupPlan.Echo echo : plan.echoes()) {
      json.writeString(echo.name());
    }
    for (LookupPlan.Feature feature : plan.features()) {
      json.writeString(feature.name());
    }
    json.writeEndArray();
    if (!plan.versions().isEmpty()) {
      writeVersions(json, plan.versions());
    }
    json.writeEndObject();
  }

  /** As Feast's server writes its message into JSON: without the version where it is 0. */
  private static void writeVersions(JsonGenerator json, List<LookupPlan.ViewVersion> versions)
      throws IOException {
    json.writeArrayFieldStart("feature_view_metadata");
    for (LookupPlan.ViewVersion version : versions) {
      json.writeStartObject();
      json.writeStringField("name", version.view());
      if (version.version() > 0) {
        json.writeNumberField("version", version.version());
      }
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
