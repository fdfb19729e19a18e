package dev.feast.aws.e2e.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What Linux says of a process in {@code /proc/PID/stat}, as proc(5) describes it.
 *
 * @param state Z for one that has ended and that its parent has not asked about yet
 * @param session process id of the session's leader
 * @param startTicks when it started, in clock ticks since the machine's start
 */
record ProcStat(long pid, char state, long session, long startTicks) {
  private static final Path PROC = Path.of("/proc");

  /** The process of that id, unless there is none, or one that has ended. */
  static Optional<ProcStat> of(long pid) {
    try {
      return Optional.of(parse(Files.readString(PROC.resolve(pid + "/stat"), UTF_8)))
          .filter(stat -> stat.state != 'Z' && stat.state != 'X');
    } catch (IOException gone) {
      return Optional.empty();
    }
  }

  /** All that run now. */
  static List<ProcStat> all() {
    try (Stream<Path> processes = Files.list(PROC)) {
      return processes
          .map(folder -> folder.getFileName().toString())
          .filter(name -> name.chars().allMatch(Character::isDigit))
          .flatMap(pid -> of(Long.parseLong(pid)).stream())
          .toList();
    } catch (IOException noProc) {
      return List.of();
    }
  }

  /** The name stands in parentheses and may hold anything, parentheses too. */
  private static ProcStat parse(String line) {
    String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
    return new ProcStat(
        Long.parseLong(line.substring(0, line.indexOf(' '))),
        fields[0].charAt(0),
        Long.parseLong(fields[3]),
        Long.parseLong(fields[19]));
  }
}
