package dev.feast.aws.e2e.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A process for good: its id alone may belong to a stranger once it has ended. Its start is counted
 * in ticks since the machine's start and not as a time of day: clocks are set, back too.
 *
 * @param startTicks when it started, in clock ticks since the machine's start
 * @param boot which start of the machine that was
 */
record ProcessIdentity(long pid, long startTicks, String boot) {
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

  /** The process of that id, if one runs. */
  static Optional<ProcessIdentity> of(long pid) {
    return ProcStat.of(pid).map(ProcessIdentity::of);
  }

  static ProcessIdentity of(ProcStat stat) {
    return new ProcessIdentity(stat.pid(), stat.startTicks(), currentBoot());
  }

  /** This process. */
  static ProcessIdentity current() {
    return of(ProcessHandle.current().pid()).orElseThrow();
  }

  boolean lives() {
    return boot.equals(currentBoot())
        && ProcStat.of(pid).filter(stat -> stat.startTicks() == startTicks).isPresent();
  }

  /** The process, while it lives and is the one that was meant. */
  Optional<ProcessHandle> living() {
    return lives() ? ProcessHandle.of(pid) : Optional.empty();
  }

  private static String currentBoot() {
    try {
      return Files.readString(BOOT_ID, UTF_8).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
