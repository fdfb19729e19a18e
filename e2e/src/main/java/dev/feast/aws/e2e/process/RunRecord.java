package dev.feast.aws.e2e.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What one run has started, in a file that survives the run: lines {@code owner PID TICKS BOOT},
 * {@code folder PATH}, {@code process PID TICKS BOOT NAME} and, when its processes are meant to
 * outlive it, {@code kept}.
 */
record RunRecord(
    Path file,
    Optional<ProcessIdentity> owner,
    Optional<Path> folder,
    List<Started> processes,
    boolean kept) {

  /** A process that the run started. */
  record Started(String name, ProcessIdentity identity) {}

  /**
   * Begins a record that is whole as soon as others see it: without its owner it is an orphan's.
   */
  static void begin(Path file, Path folder) throws IOException {
    Files.createDirectories(file.getParent());
    Path unseen = Files.createTempFile(file.getParent(), "begin-", null);
    Files.writeString(
        unseen, "owner %s%nfolder %s%n".formatted(line(ProcessIdentity.current()), folder), UTF_8);
    Files.move(unseen, file, StandardCopyOption.ATOMIC_MOVE);
  }

  static void append(Path file, Started started) throws IOException {
    write(file, "process %s %s%n".formatted(line(started.identity()), started.name()));
  }

  static void markKept(Path file) throws IOException {
    write(file, "kept%n".formatted());
  }

  private static String line(ProcessIdentity identity) {
    return "%d %d %s".formatted(identity.pid(), identity.startTicks(), identity.boot());
  }

  private static void write(Path file, String line) throws IOException {
    Files.writeString(file, line, UTF_8, StandardOpenOption.APPEND);
  }

  /** Reads a record; a line that was cut off when its writer died is left out. */
  static RunRecord read(Path file) throws IOException {
    Optional<ProcessIdentity> owner = Optional.empty();
    Optional<Path> folder = Optional.empty();
    List<Started> processes = new ArrayList<>();
    boolean kept = false;
    for (String line : Files.readAllLines(file, UTF_8)) {
      String[] words = line.split(" ", 5);
      switch (words[0]) {
        case "owner" -> owner = identity(words);
        case "folder" -> folder = Optional.of(Path.of(line.substring("folder ".length())));
        case "process" ->
            identity(words)
                .filter(identity -> words.length == 5)
                .ifPresent(identity -> processes.add(new Started(words[4], identity)));
        case "kept" -> kept = true;
        default -> {}
      }
    }
    return new RunRecord(file, owner, folder, List.copyOf(processes), kept);
  }

  private static Optional<ProcessIdentity> identity(String[] words) {
    try {
      return words.length < 4
          ? Optional.empty()
          : Optional.of(
              new ProcessIdentity(Long.parseLong(words[1]), Long.parseLong(words[2]), words[3]));
    } catch (NumberFormatException cutOff) {
      return Optional.empty();
    }
  }

  boolean ownerLives() {
    return owner.filter(ProcessIdentity::lives).isPresent();
  }
}
