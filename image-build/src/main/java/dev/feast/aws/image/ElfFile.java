package dev.feast.aws.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What an ELF file says about the libraries it is started with: its interpreter (the dynamic
 * loader's path, of programs only) and the names it needs. Read here and not by {@code ldd}, which
 * runs the file and is not on every machine.
 *
 * <p>64-bit little-endian files only, which is what both of Lambda's architectures use.
 *
 * @see <a href="https://refspecs.linuxfoundation.org/elf/gabi4+/contents.html">System V ABI,
 *     chapters 4 and 5</a>
 */
record ElfFile(Optional<String> interpreter, List<String> needed) {
  private static final int MAGIC = 0x7f454c46;
  private static final int CLASS_64 = 2;
  private static final int LITTLE_ENDIAN = 1;

  private static final int PT_LOAD = 1;
  private static final int PT_DYNAMIC = 2;
  private static final int PT_INTERP = 3;

  private static final long DT_NULL = 0;
  private static final long DT_NEEDED = 1;
  private static final long DT_STRTAB = 5;

  /** A program header: where a segment lies in the file and where it is mapped. */
  private record Segment(int type, long offset, long address, long size) {
    boolean maps(long wanted) {
      return type == PT_LOAD && wanted >= address && wanted < address + size;
    }
  }

  static boolean isElf(Path file) throws IOException {
    try (var in = Files.newInputStream(file)) {
      byte[] start = in.readNBytes(4);
      return start.length == 4 && ByteBuffer.wrap(start).getInt() == MAGIC;
    }
  }

  static ElfFile read(Path file) throws IOException {
    var bytes = ByteBuffer.wrap(Files.readAllBytes(file));
    if (bytes.limit() < 64
        || bytes.getInt(0) != MAGIC
        || bytes.get(4) != CLASS_64
        || bytes.get(5) != LITTLE_ENDIAN) {
      throw new IOException(file + " is not a 64-bit little-endian ELF file");
    }
    bytes.order(ByteOrder.LITTLE_ENDIAN);
    List<Segment> segments = segments(bytes);
    Optional<String> interpreter =
        segments.stream()
            .filter(s -> s.type == PT_INTERP)
            .findFirst()
            .map(s -> text(bytes, s.offset));
    return new ElfFile(interpreter, needed(bytes, segments));
  }

  private static List<Segment> segments(ByteBuffer bytes) {
    long table = bytes.getLong(32);
    int entrySize = Short.toUnsignedInt(bytes.getShort(54));
    int count = Short.toUnsignedInt(bytes.getShort(56));
    var segments = new ArrayList<Segment>();
    for (int i = 0; i < count; i++) {
      int at = Math.toIntExact(table + (long) i * entrySize);
      segments.add(
          new Segment(
              bytes.getInt(at),
              bytes.getLong(at + 8),
              bytes.getLong(at + 16),
              bytes.getLong(at + 32)));
    }
    return segments;
  }

  private static List<String> needed(ByteBuffer bytes, List<Segment> segments) {
    var nameOffsets = new ArrayList<Long>();
    long names = 0;
    for (Segment dynamic : segments) {
      if (dynamic.type != PT_DYNAMIC) {
        continue;
      }
      for (int at = Math.toIntExact(dynamic.offset); bytes.getLong(at) != DT_NULL; at += 16) {
        long tag = bytes.getLong(at);
        long value = bytes.getLong(at + 8);
        if (tag == DT_NEEDED) {
          nameOffsets.add(value);
        } else if (tag == DT_STRTAB) {
          names = offsetOf(value, segments);
        }
      }
    }
    long table = names;
    return nameOffsets.stream().map(offset -> text(bytes, table + offset)).toList();
  }

  private static long offsetOf(long address, List<Segment> segments) {
    return segments.stream()
        .filter(segment -> segment.maps(address))
        .findFirst()
        .map(segment -> segment.offset + address - segment.address)
        .orElse(address);
  }

  private static String text(ByteBuffer bytes, long offset) {
    int start = Math.toIntExact(offset);
    int end = start;
    while (bytes.get(end) != 0) {
      end++;
    }
    byte[] text = new byte[end - start];
    bytes.get(start, text);
    return new String(text, StandardCharsets.US_ASCII);
  }
}
