package dev.feast.aws.operator.deploy;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What of the end of a function's log goes into a status: its own last lines, shortened. */
final class LogTail {
  /** Lambda gives no more: the first line of so long a tail is the rest of one. */
  private static final int LONGEST = 4_096;

  private static final int LINES = 5;
  private static final int LINE = 200;

  /** Lambda's own lines, which say nothing of why. */
  private static final Pattern LAMBDA =
      Pattern.compile(
          "(START|END|REPORT) RequestId: .*|(INIT|RESTORE)_START .*|RESTORE_REPORT .*|XRAY TraceId:"
              + " .*");

  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}+");

  private LogTail() {}

  /**
   * The last lines, without those of Lambda; empty where it logged none.
   *
   * @param log a tail of the log, with nothing in it that is secret
   * @param bytes of the tail as Lambda gave it
   */
  static String of(String log, int bytes) {
    List<String> lines =
        log.lines()
            .skip(bytes >= LONGEST ? 1 : 0)
            .map(line -> CONTROL.matcher(line).replaceAll(" ").strip())
            .filter(line -> !line.isEmpty() && !LAMBDA.matcher(line).matches())
            .toList();
    return lines.stream()
        .skip(Math.max(0, lines.size() - LINES))
        .map(line -> line.length() <= LINE ? line : line.substring(0, LINE) + "...")
        .collect(Collectors.joining("\n"));
  }
}
