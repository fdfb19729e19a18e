package dev.feast.aws.runtime.lookup;

import com.fasterxml.jackson.core.Base64Variants;
import com.fasterxml.jackson.core.JsonGenerator;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.feast.aws.runtime.entitykey.KeyValue;
import dev.feast.aws.runtime.http.ErrorCode;
import dev.feast.aws.runtime.http.Refusal;
import dev.feast.aws.runtime.value.UnsupportedValueException;
import dev.feast.aws.runtime.value.ValueJson;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** One cell of an answer, which both formats write alike. */
final class Cells {

  private Cells() {}

  /**
   * @param value serialized; null is written for none
   */
  static void writeValue(JsonGenerator json, byte @Nullable [] value, LookupPlan.Feature feature)
      throws IOException {
    if (value == null) {
      json.writeNull();
      return;
    }
    try {
      ValueJson.write(json, value);
    } catch (UnsupportedValueException e) {
      throw new Refusal(
          ErrorCode.UNSUPPORTED_TYPE, feature.name() + " is of a type that is not served");
    } catch (InvalidProtocolBufferException e) {
      throw new Refusal(
          ErrorCode.CORRUPT_VALUE,
          "what the online store holds for " + feature.name() + " is no Feast value");
    }
  }

  static void writeEcho(JsonGenerator json, LookupPlan.EchoValue echo) throws IOException {
    switch (echo) {
      case LookupPlan.EchoValue.Typed(KeyValue value) -> writeKey(json, value);
      case LookupPlan.EchoValue.AsSent(EntityValue value) -> writeSent(json, value);
    }
  }

  private static void writeKey(JsonGenerator json, KeyValue key) throws IOException {
    switch (key) {
      case KeyValue.Text(String text) -> json.writeString(text);
      case KeyValue.Int32(int number) -> json.writeNumber(number);
      case KeyValue.Int64(long number) -> json.writeNumber(number);
      case KeyValue.UnixTimestamp(long seconds) -> json.writeNumber(seconds);
      case KeyValue.Bytes(byte[] bytes) ->
          json.writeBinary(Base64Variants.MIME_NO_LINEFEEDS, bytes, 0, bytes.length);
    }
  }

  private static void writeSent(JsonGenerator json, EntityValue value) throws IOException {
    switch (value) {
      case EntityValue.Text(String text) -> json.writeString(text);
      case EntityValue.Whole(long number) -> json.writeNumber(number);
      case EntityValue.Decimal(String literal) -> json.writeNumber(literal);
      case EntityValue.Bool(boolean bool) -> json.writeBoolean(bool);
      case EntityValue.Null none -> json.writeNull();
      case EntityValue.Nested nested -> json.writeNull();
    }
  }
}
