package dev.feast.aws.runtime.lookup;

import dev.feast.aws.runtime.entitykey.KeyValue;
import dev.feast.aws.runtime.http.ErrorCode;
import dev.feast.aws.runtime.http.Excerpt;
import dev.feast.aws.runtime.http.Refusal;
import dev.feast.aws.runtime.proto.ValueProto.ValueType;
import dev.feast.aws.runtime.registry.Registry.JoinKey;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gives a request's values the type that the registry declares for their join key. Exactly: what
 * would have to be rounded or cut is refused.
 */
final class KeyTypes {

  private KeyTypes() {}

  /**
   * @param requestKey what the column is called in the request
   */
  static List<KeyValue> convert(JoinKey joinKey, String requestKey, List<EntityValue> column) {
    List<KeyValue> values = new ArrayList<>(column.size());
    for (int row = 0; row < column.size(); row++) {
      KeyValue value = convert(joinKey.type(), column.get(row));
      if (value == null) {
        throw refuse(joinKey, requestKey, column.get(row), row);
      }
      values.add(value);
    }
    return values;
  }

  private static Refusal refuse(JoinKey joinKey, String requestKey, EntityValue value, int row) {
    String where = "entities." + Excerpt.of(requestKey) + "[" + row + "]";
    if (!isKeyType(joinKey.type())) {
      return new Refusal(
          ErrorCode.UNSUPPORTED_TYPE,
          where + " is declared as " + joinKey.type() + ", of which Feast makes no keys");
    }
    return new Refusal(
        ErrorCode.INVALID_ENTITY_VALUE,
        where
            + " is "
            + describe(value)
            + "; "
            + joinKey.name()
            + " is declared as "
            + (joinKey.type() == ValueType.Enum.INVALID ? "text or INT64" : joinKey.type()));
  }

  private static @Nullable KeyValue convert(ValueType.Enum type, EntityValue value) {
    return switch (type) {
      case INT64 -> whole(value) instanceof Long number ? new KeyValue.Int64(number) : null;
      case INT32 -> int32(value);
      case UNIX_TIMESTAMP ->
          whole(value) instanceof Long seconds ? new KeyValue.UnixTimestamp(seconds) : null;
      case STRING -> text(value);
      case BYTES -> bytes(value);
      // Feast, too, goes by the value where no type was declared.
      case INVALID ->
          switch (value) {
            case EntityValue.Text(String text) -> new KeyValue.Text(text);
            case EntityValue.Whole(long number) -> new KeyValue.Int64(number);
            default -> null;
          };
      default -> null;
    };
  }

  private static boolean isKeyType(ValueType.Enum type) {
    return switch (type) {
      case INT64, INT32, UNIX_TIMESTAMP, STRING, BYTES, INVALID -> true;
      default -> false;
    };
  }

  private static @Nullable Long whole(EntityValue value) {
    try {
      return switch (value) {
        case EntityValue.Whole(long number) -> number;
        case EntityValue.Decimal(String literal) -> new BigDecimal(literal).longValueExact();
        case EntityValue.Text(String text) -> Long.valueOf(text.strip());
        default -> null;
      };
    } catch (ArithmeticException | NumberFormatException e) {
      return null;
    }
  }

  private static @Nullable KeyValue int32(EntityValue value) {
    return whole(value) instanceof Long number && number == number.intValue()
        ? new KeyValue.Int32(number.intValue())
        : null;
  }

  private static @Nullable KeyValue text(EntityValue value) {
    return switch (value) {
      case EntityValue.Text(String text) -> new KeyValue.Text(text);
      case EntityValue.Whole(long number) -> new KeyValue.Text(Long.toString(number));
      default -> null;
    };
  }

  /** As base64, which is how bytes stand in answers. */
  private static @Nullable KeyValue bytes(EntityValue value) {
    try {
      return value instanceof EntityValue.Text(String text)
          ? new KeyValue.Bytes(Base64.getDecoder().decode(text))
          : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** Says what was found without echoing a text, which may be long or private. */
  private static String describe(EntityValue value) {
    return switch (value) {
      case EntityValue.Text text -> "a text that does not fit";
      case EntityValue.Whole(long number) -> Long.toString(number);
      case EntityValue.Decimal(String literal) ->
          literal.length() <= 32 ? literal : "a number that does not fit";
      case EntityValue.Bool(boolean bool) -> Boolean.toString(bool);
      case EntityValue.Null none -> "null";
      case EntityValue.Nested nested -> "a list or an object";
    };
  }
}
