package dev.feast.aws.runtime.lookup;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;

/**
 * {@code {"field_values":[{"fields":{...},"statuses":{...}}]}}, as Feast's Lambda server answered.
 */
public final class RowsFormat implements AnswerFormat {

  @Override
  public void write(JsonGenerator json, LookupResult result) throws IOException {
    json.writeStartObject();
    json.writeArrayFieldStart("field_values");
    for (int row = 0; row < result.plan().rows(); row++) {
      json.writeStartObject();
      writeFields(json, result, row);
      writeStatuses(json, result, row);
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  /** What was not found or is withheld is left out. */
  private static void writeFields(JsonGenerator json, LookupResult result, int row)
      throws IOException {
    json.writeObjectFieldStart("fields");
    for (LookupPlan.Echo echo : result.plan().echoes()) {
      json.writeFieldName(echo.name());
      Cells.writeEcho(json, echo.values().get(row));
    }
    for (LookupPlan.Feature feature : result.plan().features()) {
      byte[] value = result.value(feature, row);
      if (value != null) {
        json.writeFieldName(feature.name());
        Cells.writeValue(json, value, feature);
      }
    }
    json.writeEndObject();
  }

  private static void writeStatuses(JsonGenerator json, LookupResult result, int row)
      throws IOException {
    json.writeObjectFieldStart("statuses");
    for (LookupPlan.Echo echo : result.plan().echoes()) {
      json.writeStringField(echo.name(), Status.PRESENT.name());
    }
    for (LookupPlan.Feature feature : result.plan().features()) {
      json.writeStringField(feature.name(), result.status(feature, row).name());
    }
    json.writeEndObject();
  }
}
