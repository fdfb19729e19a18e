package dev.feast.aws.runtime.entitykey;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import org.apache.commons.codec.digest.MurmurHash3;
import org.jspecify.annotations.Nullable;

/**
 * Names the row of an entity in DynamoDB: the hex of MurmurHash3 (x64, 128 bits) over the join
 * keys' names and values. The layout is Feast's {@code serialize_entity_key}; its value types are
 * those of {@code feast.types.ValueType}.
 */
public final class EntityKeyEncoder {

  private static final int BYTES_TYPE = 1;
  private static final int STRING_TYPE = 2;
  private static final int INT32_TYPE = 3;
  private static final int INT64_TYPE = 4;
  private static final int UNIX_TIMESTAMP_TYPE = 8;

  private final EntityKeyVersion version;
  private final byte[] names;

  /** For each place in the encoding, the index of the value that belongs there. */
  private final int[] order;

  /**
   * @param joinKeys in the order in which the values will come
   */
  public EntityKeyEncoder(EntityKeyVersion version, List<String> joinKeys) {
    byte[][] utf8 =
        joinKeys.stream().map(name -> name.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new);
    // Python sorts by code points, which is the order of the UTF-8 bytes.
    Integer[] sorted = new Integer[utf8.length];
    Arrays.setAll(sorted, i -> i);
    Arrays.sort(sorted, Comparator.comparing(i -> utf8[i], Arrays::compareUnsigned));
    this.version = version;
    this.order = Arrays.stream(sorted).mapToInt(i -> i).toArray();
    this.names = names(utf8);
  }

  private byte[] names(byte[][] utf8) {
    int size = 4;
    for (byte[] name : utf8) {
      size += 8 + name.length;
    }
    ByteBuffer out = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    if (version == EntityKeyVersion.V3) {
      out.putInt(utf8.length);
    }
    for (int i : order) {
      out.putInt(STRING_TYPE);
      if (version == EntityKeyVersion.V3) {
        out.putInt(utf8[i].length);
      }
      out.put(utf8[i]);
    }
    return Arrays.copyOf(out.array(), out.position());
  }

  /**
   * Returns the {@code entity_id}, or null where this version cannot hold a value: then no store
   * written under it has that row.
   *
   * @param values one for each join key, in the constructor's order
   */
  public @Nullable String entityId(List<KeyValue> values) {
    int size = names.length;
    byte[][] encoded = new byte[order.length][];
    for (int i = 0; i < order.length; i++) {
      byte[] value = encode(values.get(order[i]));
      if (value == null) {
        return null;
      }
      encoded[i] = value;
      size += 8 + value.length;
    }
    ByteBuffer out = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN).put(names);
    for (int i = 0; i < order.length; i++) {
      out.putInt(typeOf(values.get(order[i]))).putInt(encoded[i].length).put(encoded[i]);
    }
    return hash(out.array());
  }

  private byte @Nullable [] encode(KeyValue value) {
    return switch (value) {
      case KeyValue.Text(String text) -> text.getBytes(StandardCharsets.UTF_8);
      case KeyValue.Bytes(byte[] bytes) -> bytes;
      case KeyValue.Int32(int number) -> littleEndian(4).putInt(number).array();
      case KeyValue.Int64(long number) -> int64(number);
      case KeyValue.UnixTimestamp(long seconds) ->
          version == EntityKeyVersion.V3 ? littleEndian(8).putLong(seconds).array() : null;
    };
  }

  private byte @Nullable [] int64(long number) {
    if (version != EntityKeyVersion.V1) {
      return littleEndian(8).putLong(number).array();
    }
    return number == (int) number ? littleEndian(4).putInt((int) number).array() : null;
  }

  private static int typeOf(KeyValue value) {
    return switch (value) {
      case KeyValue.Text text -> STRING_TYPE;
      case KeyValue.Bytes bytes -> BYTES_TYPE;
      case KeyValue.Int32 number -> INT32_TYPE;
      case KeyValue.Int64 number -> INT64_TYPE;
      case KeyValue.UnixTimestamp time -> UNIX_TIMESTAMP_TYPE;
    };
  }

  private static ByteBuffer littleEndian(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static String hash(byte[] key) {
    // mmh3.hash_bytes gives the two halves in little-endian.
    long[] halves = MurmurHash3.hash128x64(key, 0, key.length, 0);
    return HexFormat.of().formatHex(littleEndian(16).putLong(halves[0]).putLong(halves[1]).array());
  }
}
