package dev.feast.aws.localaws.lambda;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;

/** The last lines that a function logged, all versions together. Thread-safe. */
public final class FunctionLog {
  private static final int MAX_LINES = 10_000;

  private final ArrayDeque<String> lines = new ArrayDeque<>();

  /** Adds a line, given without its end. */
  public synchronized void add(String line) {
    if (lines.size() == MAX_LINES) {
      lines.removeFirst();
    }
    lines.addLast(line);
  }

  public synchronized List<String> lines() {
    return List.copyOf(lines);
  }

  /** The last {@code max} bytes of the lines that tell of one invocation. */
  static byte[] tail(List<String> lines, int max) {
    byte[] all = (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
    return all.length <= max ? all : Arrays.copyOfRange(all, all.length - max, all.length);
  }
}
