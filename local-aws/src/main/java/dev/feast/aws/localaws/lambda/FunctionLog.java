package dev.feast.aws.localaws.lambda;

import java.util.ArrayDeque;
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
}
