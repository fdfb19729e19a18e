package dev.feast.aws.localaws.lambda;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;

/** The last bytes of what was logged; holds no more lines than they take. Thread-safe. */
final class LogTail {
  private final int max;
  private final ArrayDeque<byte[]> lines = new ArrayDeque<>();
  private int size;

  LogTail(int max) {
    this.max = max;
  }

  /** Adds a line, given without its end. */
  synchronized void add(String line) {
    byte[] bytes = last((line + "\n").getBytes(StandardCharsets.UTF_8));
    lines.addLast(bytes);
    size += bytes.length;
    while (size - lines.getFirst().length >= max) {
      size -= lines.removeFirst().length;
    }
  }

  synchronized byte[] bytes() {
    var all = new byte[size];
    int at = 0;
    for (byte[] line : lines) {
      System.arraycopy(line, 0, all, at, line.length);
      at += line.length;
    }
    return last(all);
  }

  private byte[] last(byte[] bytes) {
    return bytes.length <= max
        ? bytes
        : Arrays.copyOfRange(bytes, bytes.length - max, bytes.length);
  }
}
