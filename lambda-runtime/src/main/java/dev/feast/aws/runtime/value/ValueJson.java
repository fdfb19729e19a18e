package dev.feast.aws.runtime.value;

import com.fasterxml.jackson.core.Base64Variants;
import com.fasterxml.jackson.core.JsonGenerator;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.feast.aws.runtime.proto.ValueProto;
import dev.feast.aws.runtime.proto.ValueProto.Value;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * Writes Feast's values as the feature server of Feast 0.67 does: bytes as base64, timestamps as
 * seconds since 1970, sets as lists, a decimal, a UUID and a JSON document as text, a timestamp
 * with a zone as ISO 8601 in that zone, a FLOAT with all the digits that the same number has as a
 * double, and what is no finite number as {@code "NaN"}, {@code "Infinity"} or {@code "-Infinity"}.
 */
public final class ValueJson {

  private ValueJson() {}

  /**
   * @param serialized a {@code feast.types.Value}
   * @throws InvalidProtocolBufferException if it is not
   * @throws UnsupportedValueException if it is of a type that is not served
   */
  public static void write(JsonGenerator json, byte[] serialized) throws IOException {
    write(json, Value.parseFrom(serialized));
  }

  private static void write(JsonGenerator json, Value value) throws IOException {
    switch (value.getValCase()) {
      case BYTES_VAL -> writeBytes(json, value.getBytesVal());
      case STRING_VAL -> json.writeString(value.getStringVal());
      case INT32_VAL -> json.writeNumber(value.getInt32Val());
      case INT64_VAL -> json.writeNumber(value.getInt64Val());
      case DOUBLE_VAL -> writeDouble(json, value.getDoubleVal());
      case FLOAT_VAL -> writeDouble(json, value.getFloatVal());
      case BOOL_VAL -> json.writeBoolean(value.getBoolVal());
      case UNIX_TIMESTAMP_VAL -> json.writeNumber(value.getUnixTimestampVal());
      case JSON_VAL -> json.writeString(value.getJsonVal());
      case UUID_VAL -> json.writeString(value.getUuidVal());
      case TIME_UUID_VAL -> json.writeString(value.getTimeUuidVal());
      case DECIMAL_VAL -> json.writeString(value.getDecimalVal());
      case ZONED_TIMESTAMP_VAL -> ZonedTimestamps.write(json, value.getZonedTimestampVal());

      case BYTES_LIST_VAL -> writeAllBytes(json, value.getBytesListVal());
      case STRING_LIST_VAL -> writeTexts(json, value.getStringListVal());
      case INT32_LIST_VAL -> writeInt32s(json, value.getInt32ListVal());
      case INT64_LIST_VAL -> writeInt64s(json, value.getInt64ListVal());
      case DOUBLE_LIST_VAL -> writeDoubles(json, value.getDoubleListVal());
      case FLOAT_LIST_VAL -> writeFloats(json, value.getFloatListVal());
      case BOOL_LIST_VAL -> writeBools(json, value.getBoolListVal());
      case UNIX_TIMESTAMP_LIST_VAL -> writeInt64s(json, value.getUnixTimestampListVal());
      case JSON_LIST_VAL -> writeTexts(json, value.getJsonListVal());
      case UUID_LIST_VAL -> writeTexts(json, value.getUuidListVal());
      case TIME_UUID_LIST_VAL -> writeTexts(json, value.getTimeUuidListVal());
      case DECIMAL_LIST_VAL -> writeTexts(json, value.getDecimalListVal());

      case BYTES_SET_VAL -> writeAllBytes(json, value.getBytesSetVal());
      case STRING_SET_VAL -> writeTexts(json, value.getStringSetVal());
      case INT32_SET_VAL -> writeInt32s(json, value.getInt32SetVal());
      case INT64_SET_VAL -> writeInt64s(json, value.getInt64SetVal());
      case DOUBLE_SET_VAL -> writeDoubles(json, value.getDoubleSetVal());
      case FLOAT_SET_VAL -> writeFloats(json, value.getFloatSetVal());
      case BOOL_SET_VAL -> writeBools(json, value.getBoolSetVal());
      case UNIX_TIMESTAMP_SET_VAL -> writeInt64s(json, value.getUnixTimestampSetVal());
      case UUID_SET_VAL -> writeTexts(json, value.getUuidSetVal());
      case TIME_UUID_SET_VAL -> writeTexts(json, value.getTimeUuidSetVal());
      case DECIMAL_SET_VAL -> writeTexts(json, value.getDecimalSetVal());

      case LIST_VAL -> writeList(json, value.getListVal().getValList(), ValueJson::write);
      case SET_VAL -> writeList(json, value.getSetVal().getValList(), ValueJson::write);
      case MAP_VAL -> writeMap(json, value.getMapVal());
      case STRUCT_VAL -> writeMap(json, value.getStructVal());
      case MAP_LIST_VAL -> writeList(json, value.getMapListVal().getValList(), ValueJson::writeMap);
      case STRUCT_LIST_VAL ->
          writeList(json, value.getStructListVal().getValList(), ValueJson::writeMap);

      // Feast 0.67 has no JSON for a map whose keys are no texts.
      case SCALAR_MAP_VAL, NULL_VAL -> json.writeNull();
      case VAL_NOT_SET -> {
        // Nothing at all is Feast's null; something is a type that value.proto leaves out.
        if (value.getSerializedSize() > 0) {
          throw new UnsupportedValueException();
        }
        json.writeNull();
      }
    }
  }

  private interface ElementWriter<T> {
    void write(JsonGenerator json, T element) throws IOException;
  }

  private static <T> void writeList(JsonGenerator json, List<T> list, ElementWriter<T> writer)
      throws IOException {
    json.writeStartArray();
    for (T element : list) {
      writer.write(json, element);
    }
    json.writeEndArray();
  }

  private static void writeMap(JsonGenerator json, ValueProto.Map map) throws IOException {
    json.writeStartObject();
    for (Map.Entry<String, Value> entry : map.getValMap().entrySet()) {
      json.writeFieldName(entry.getKey());
      write(json, entry.getValue());
    }
    json.writeEndObject();
  }

  private static void writeAllBytes(JsonGenerator json, ValueProto.BytesList list)
      throws IOException {
    writeList(json, list.getValList(), ValueJson::writeBytes);
  }

  private static void writeTexts(JsonGenerator json, ValueProto.StringList list)
      throws IOException {
    writeList(json, list.getValList(), JsonGenerator::writeString);
  }

  private static void writeInt32s(JsonGenerator json, ValueProto.Int32List list)
      throws IOException {
    writeList(json, list.getValList(), JsonGenerator::writeNumber);
  }

  private static void writeInt64s(JsonGenerator json, ValueProto.Int64List list)
      throws IOException {
    writeList(json, list.getValList(), JsonGenerator::writeNumber);
  }

  private static void writeDoubles(JsonGenerator json, ValueProto.DoubleList list)
      throws IOException {
    writeList(json, list.getValList(), ValueJson::writeDouble);
  }

  private static void writeFloats(JsonGenerator json, ValueProto.FloatList list)
      throws IOException {
    writeList(json, list.getValList(), (out, number) -> writeDouble(out, number));
  }

  private static void writeBools(JsonGenerator json, ValueProto.BoolList list) throws IOException {
    writeList(json, list.getValList(), JsonGenerator::writeBoolean);
  }

  private static void writeBytes(JsonGenerator json, ByteString bytes) throws IOException {
    byte[] array = bytes.toByteArray();
    json.writeBinary(Base64Variants.MIME_NO_LINEFEEDS, array, 0, array.length);
  }

  /** JSON has neither NaN nor infinity: they are text, as in protobuf's own JSON. */
  private static void writeDouble(JsonGenerator json, double number) throws IOException {
    if (Double.isFinite(number)) {
      json.writeNumber(number);
    } else {
      json.writeString(Double.toString(number));
    }
  }
}
