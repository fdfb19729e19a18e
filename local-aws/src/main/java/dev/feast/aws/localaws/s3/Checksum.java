package dev.feast.aws.localaws.s3;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/** A running checksum of one of the kinds that S3 checks. */
interface Checksum {
  void update(byte[] bytes, int offset, int length);

  byte[] value();

  /** As S3's headers have it. */
  default String base64() {
    return Base64.getEncoder().encodeToString(value());
  }

  /** The kinds of {@code x-amz-checksum-<kind>}. */
  enum Kind {
    CRC32,
    CRC32C,
    CRC64NVME,
    SHA1,
    SHA256;

    String header() {
      return "x-amz-checksum-" + name().toLowerCase(java.util.Locale.ROOT);
    }

    static Optional<Kind> ofHeader(String name) {
      return Arrays.stream(values()).filter(kind -> kind.header().equalsIgnoreCase(name)).findAny();
    }

    Checksum start() {
      return switch (this) {
        case CRC32 -> crc(new CRC32());
        case CRC32C -> crc(new CRC32C());
        case CRC64NVME -> new Crc64Nvme();
        case SHA1 -> digest("SHA-1");
        case SHA256 -> digest("SHA-256");
      };
    }
  }

  static Checksum digest(String algorithm) {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
    return new Checksum() {
      @Override
      public void update(byte[] bytes, int offset, int length) {
        digest.update(bytes, offset, length);
      }

      @Override
      public byte[] value() {
        return digest.digest();
      }
    };
  }

  private static Checksum crc(java.util.zip.Checksum crc) {
    return new Checksum() {
      @Override
      public void update(byte[] bytes, int offset, int length) {
        crc.update(bytes, offset, length);
      }

      @Override
      public byte[] value() {
        return ByteBuffer.allocate(Integer.BYTES).putInt((int) crc.getValue()).array();
      }
    };
  }

  /** CRC-64/NVME, the default of SDKs that carry the AWS CRT. */
  final class Crc64Nvme implements Checksum {
    private static final long REFLECTED_POLYNOMIAL = 0x9A6C9329AC4BC9B5L;
    private static final long[] TABLE = table();

    private long crc = -1;

    private static long[] table() {
      long[] table = new long[256];
      for (int i = 0; i < table.length; i++) {
        long value = i;
        for (int bit = 0; bit < 8; bit++) {
          value = (value & 1) == 0 ? value >>> 1 : (value >>> 1) ^ REFLECTED_POLYNOMIAL;
        }
        table[i] = value;
      }
      return table;
    }

    @Override
    public void update(byte[] bytes, int offset, int length) {
      for (int i = offset; i < offset + length; i++) {
        crc = TABLE[(int) (crc ^ bytes[i]) & 0xff] ^ (crc >>> 8);
      }
    }

    @Override
    public byte[] value() {
      return ByteBuffer.allocate(Long.BYTES).putLong(~crc).array();
    }
  }
}
