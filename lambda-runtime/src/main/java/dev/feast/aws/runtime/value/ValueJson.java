package dev.feast.aws.runtime.value;

import com.fasterxml.jackson.core.Base64Variants;
import com.fasterxml.jackson.core.JsonGenerator;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.feast.aws.runtime.proto.ValueProto.Value;
import java.io.IOException;
import java.util.List;

/**
 * Writes Feast's values as its feature servers do: bytes as base64, timestamps as seconds since
 * 1970, a FLOAT with all the digits that the same number has as a double.
 */
public final class ValueJson {

  private ValueJson() {}

  /**
   * @param serialized a {@code feast.types.Value}
   * @throws InvalidProtocolBufferException if it is not
   * @throws UnsupportedValueException if it is of a type that is not served
   */
  public static void write(JsonGenerator json, byte[] serialized) throws IOException {
    Value value = Value.parseFrom(serialized);
    switch (value.getValCase()) {
      case BYTES_VAL -> writeBytes(json, value.getBytesVal());
      case STRING_VAL -> json.writeString(value.getStringVal());
      case INT32_VAL -> json.writeNumber(value.getInt32Val());
      case INT64_VAL -> json.writeNumber(value.getInt64Val());
      case DOUBLE_VAL -> writeDouble(json, value.getDoubleVal());
      case FLOAT_VAL -> writeDouble(json, value.getFloatVal());
      case BOOL_VAL -> json.writeBoolean(value.getBoolVal());
      case UNIX_TIMESTAMP_VAL -> json.writeNumber(value.getUnixTimestampVal());
      case BYTES_LIST_VAL ->
          writeList(json, value.getBytesListVal().getValList(), ValueJson::writeBytes);
      case STRING_LIST_VAL ->
          writeList(json, value.getStringListVal().getValList(), JsonGenerator::writeString);
      case INT32_LIST_VAL ->
          writeList(json, value.getInt32ListVal().getValList(), JsonGenerator::writeNumber);
      case INT64_LIST_VAL ->
          writeList(json, value.getInt64ListVal().getValList(), JsonGenerator::writeNumber);
      case DOUBLE_LIST_VAL ->
          writeList(json, value.getDoubleListVal().getValList(), ValueJson::writeDouble);
      case FLOAT_LIST_VAL ->
          writeList(
              json,
              value.getFloatListVal().getValList(),
              (out, number) -> writeDouble(out, number));
      case BOOL_LIST_VAL ->
          writeList(json, value.getBoolListVal().getValList(), JsonGenerator::writeBoolean);
      case UNIX_TIMESTAMP_LIST_VAL ->
          writeList(json, value.getUnixTimestampListVal().getValList(), JsonGenerator::writeNumber);
      case NULL_VAL -> json.writeNull();
      case VAL_NOT_SET -> {
        // Nothing at all is Feast's null; something is a type that value.proto leaves out.
        if (serialized.length > 0) {
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

  private static void writeBytes(JsonGenerator json, ByteString bytes) throws IOException {
    byte[] array = bytes.toByteArray();
    json.writeBinary(Base64Variants.MIME_NO_LINEFEEDS, array, 0, array.length);
  }

  /** JSON has neither NaN nor infinity. */
  private static void writeDouble(JsonGenerator json, double number) throws IOException {
    if (Double.isFinite(number)) {
      json.writeNumber(number);
    } else {
      json.writeNull();
    }
  }
}
