package dev.feast.aws.localaws.lambda;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The lines that Lambda itself writes to a function's log. */
public final class LogLines {
  private LogLines() {}

  public static String start(Invocation invocation) {
    return "START RequestId: %s Version: %s"
        .formatted(invocation.requestId(), invocation.functionVersion());
  }

  public static String end(Invocation invocation) {
    return "END RequestId: " + invocation.requestId();
  }

  /** What is said between START and END of what ended without an answer. */
  public static List<String> error(String requestId, String errorType, String what) {
    return List.of("RequestId: " + requestId + " Error: " + what, errorType);
  }

  static String report(Invocation invocation, Duration duration, int memoryMiB) {
    return report(
        invocation, duration, memoryMiB, 0, Optional.empty(), Optional.empty(), Optional.empty());
  }

  /**
   * @param maxMemoryMiB the most memory that the environment used, 0 where nothing tells
   * @param init how long the initialization took, where this was the first invocation
   * @param status {@code timeout} or {@code error}; empty for success
   */
  public static String report(
      Invocation invocation,
      Duration duration,
      int memoryMiB,
      int maxMemoryMiB,
      Optional<Duration> init,
      Optional<String> status,
      Optional<String> errorType) {
    var line =
        new StringBuilder("REPORT RequestId: ")
            .append(invocation.requestId())
            .append("\tDuration: ")
            .append(millis(duration))
            .append(" ms\tBilled Duration: ")
            .append(duration.plusNanos(999_999).toMillis())
            .append(" ms\tMemory Size: ")
            .append(memoryMiB)
            .append(" MB\tMax Memory Used: ")
            .append(maxMemoryMiB)
            .append(" MB\t");
    init.ifPresent(time -> line.append("Init Duration: ").append(millis(time)).append(" ms\t"));
    status.ifPresent(text -> line.append("Status: ").append(text).append('\t'));
    errorType.ifPresent(text -> line.append("Error Type: ").append(text).append('\t'));
    return line.toString();
  }

  /** The line about an initialization that failed. */
  public static String initReport(
      Duration duration, String phase, String status, Optional<String> errorType) {
    return "INIT_REPORT Init Duration: %s ms\tPhase: %s\tStatus: %s%s"
        .formatted(
            millis(duration),
            phase,
            status,
            errorType.map(type -> "\tError Type: " + type).orElse(""));
  }

  /** The line about a restoration, with which the first invocation after it begins. */
  public static String restoreReport(Duration duration) {
    return "RESTORE_REPORT Restore Duration: %s ms".formatted(millis(duration));
  }

  private static String millis(Duration duration) {
    return String.format(Locale.ROOT, "%.2f", duration.toNanos() / 1e6);
  }
}
