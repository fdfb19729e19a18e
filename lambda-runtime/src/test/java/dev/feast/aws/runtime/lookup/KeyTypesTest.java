package dev.feast.aws.runtime.lookup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.feast.aws.runtime.entitykey.KeyValue;
import dev.feast.aws.runtime.http.ErrorCode;
import dev.feast.aws.runtime.http.Refusal;
import dev.feast.aws.runtime.proto.ValueProto.ValueType;
import dev.feast.aws.runtime.registry.Registry.JoinKey;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class KeyTypesTest {

  static Stream<Arguments> fitting() {
    return Stream.of(
        Arguments.of("INT64", whole(1001), new KeyValue.Int64(1001)),
        Arguments.of("INT64", text("1001"), new KeyValue.Int64(1001)),
        Arguments.of("INT64", text(" -7 "), new KeyValue.Int64(-7)),
        Arguments.of("INT64", decimal("1001.0"), new KeyValue.Int64(1001)),
        Arguments.of("INT64", decimal("1e3"), new KeyValue.Int64(1000)),
        Arguments.of("INT64", whole(Long.MIN_VALUE), new KeyValue.Int64(Long.MIN_VALUE)),
        Arguments.of("INT64", whole(9007199254740993L), new KeyValue.Int64(9007199254740993L)),
        Arguments.of("INT32", whole(-7), new KeyValue.Int32(-7)),
        Arguments.of("INT32", text("7"), new KeyValue.Int32(7)),
        Arguments.of("UNIX_TIMESTAMP", whole(1793534400), new KeyValue.UnixTimestamp(1793534400)),
        Arguments.of("STRING", text(""), new KeyValue.Text("")),
        Arguments.of("STRING", whole(5), new KeyValue.Text("5")),
        Arguments.of("INVALID", text("x"), new KeyValue.Text("x")),
        Arguments.of("INVALID", whole(5), new KeyValue.Int64(5)));
  }

  @ParameterizedTest
  @MethodSource("fitting")
  void takesWhatFitsTheDeclaredType(String type, EntityValue value, KeyValue expected) {
    assertThat(KeyTypes.convert(joinKey(type), "driver", List.of(value))).containsExactly(expected);
  }

  static Stream<Arguments> unfit() {
    return Stream.of(
        Arguments.of("INT64", text("abc"), "a text that does not fit"),
        Arguments.of("INT64", text(""), "a text that does not fit"),
        Arguments.of("INT64", decimal("1001.5"), "1001.5"),
        Arguments.of("INT64", decimal("9223372036854775808"), "9223372036854775808"),
        // Must not be written out to find that it does not fit.
        Arguments.of("INT64", decimal("1e999999999"), "1e999999999"),
        Arguments.of("INT64", decimal("1e-999999999"), "1e-999999999"),
        Arguments.of("INT64", decimal("9".repeat(900)), "a number that does not fit"),
        Arguments.of("INT64", new EntityValue.Bool(true), "true"),
        Arguments.of("INT64", new EntityValue.Null(), "null"),
        Arguments.of("INT64", new EntityValue.Nested(), "a list or an object"),
        Arguments.of("INT32", whole(2147483648L), "2147483648"),
        Arguments.of("STRING", decimal("1.5"), "1.5"),
        Arguments.of("STRING", new EntityValue.Bool(false), "false"),
        Arguments.of("BYTES", text("%"), "a text that does not fit"),
        Arguments.of("INVALID", new EntityValue.Null(), "null"));
  }

  @ParameterizedTest
  @MethodSource("unfit")
  void namesTheRowAndTheTypeThatDoNotFit(String type, EntityValue value, String found) {
    Refusal refusal =
        catchThrowableOfType(
            Refusal.class, () -> KeyTypes.convert(joinKey(type), "driver", List.of(value)));
    assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_ENTITY_VALUE);
    assertThat(refusal.detail())
        .startsWith("entities.driver[0] is " + found)
        .contains("driver_id is declared as " + (type.equals("INVALID") ? "text" : type));
  }

  @ParameterizedTest
  @CsvSource({"BOOL", "DOUBLE", "FLOAT"})
  void saysThatFeastMakesNoKeysOfAType(String type) {
    Refusal refusal =
        catchThrowableOfType(
            Refusal.class,
            () -> KeyTypes.convert(joinKey(type), "flag", List.of(new EntityValue.Bool(true))));
    assertThat(refusal.code()).isEqualTo(ErrorCode.UNSUPPORTED_TYPE);
    assertThat(refusal.detail()).contains("entities.flag[0]", type);
  }

  @Test
  void readsBytesAsBase64() {
    assertThat(KeyTypes.convert(joinKey("BYTES"), "blob", List.of(text("AAH/"))))
        .singleElement()
        .isInstanceOfSatisfying(
            KeyValue.Bytes.class, bytes -> assertThat(bytes.value()).containsExactly(0, 1, 0xff));
  }

  private static JoinKey joinKey(String type) {
    return new JoinKey("driver_id", ValueType.Enum.valueOf(type));
  }

  private static EntityValue text(String value) {
    return new EntityValue.Text(value);
  }

  private static EntityValue whole(long value) {
    return new EntityValue.Whole(value);
  }

  private static EntityValue decimal(String literal) {
    return new EntityValue.Decimal(literal);
  }
}
