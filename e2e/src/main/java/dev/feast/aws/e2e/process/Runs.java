package dev.feast.aws.e2e.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The runs of this user on this machine, as far as they have not cleaned up after themselves. */
public final class Runs {
  private static final String SUFFIX = ".run";

  private final Path folder;

  public Runs(CacheFolder cache) {
    this.folder = cache.runs();
  }

  /**
   * Begins a run.
   *
   * @param runFolder where its logs and data go; made when it is not there
   */
  public Run begin(Path runFolder) throws IOException {
    Files.createDirectories(runFolder);
    Path absolute = runFolder.toRealPath();
    Path record =
        folder.resolve(absolute.getFileName() + "-" + ProcessHandle.current().pid() + SUFFIX);
    RunRecord.begin(record, absolute);
    return new Run(absolute, record);
  }

  /**
   * Ends what runs that were killed have left behind. Runs that live and runs that were kept stay.
   *
   * @return one line for each process that was ended
   */
  public List<String> endOrphans() throws IOException, InterruptedException {
    return end(record -> !record.ownerLives() && !record.kept());
  }

  /**
   * Ends the runs that were kept on purpose.
   *
   * @return one line for each process that was ended
   */
  public List<String> endKept() throws IOException, InterruptedException {
    return end(record -> !record.ownerLives() && record.kept());
  }

  private List<String> end(Predicate<RunRecord> which) throws IOException, InterruptedException {
    List<String> ended = new ArrayList<>();
    if (!Files.isDirectory(folder)) {
      return ended;
    }
    try (FileLock _ = FileLock.acquire(folder.resolve("lock"), () -> {})) {
      for (Path file : records()) {
        RunRecord record = RunRecord.read(file);
        if (which.test(record)) {
          ended.addAll(end(record));
          Files.deleteIfExists(file);
        }
      }
    }
    return ended;
  }

  private List<Path> records() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(SUFFIX)).sorted().toList();
    }
  }

  private static List<String> end(RunRecord record) {
    List<RunRecord.Started> living =
        record.processes().stream().filter(Runs::lives).toList().reversed();
    // One after the other, the last started first: a server may need its database to stop cleanly.
    living.stream()
        .flatMap(started -> started.identity().living().stream())
        .forEach(process -> Ending.end(process, Ending.Manner.ASK_FIRST));
    String folder = record.folder().map(Path::toString).orElse("a run");
    return living.stream()
        .map(
            started ->
                "%s (process %d) of %s".formatted(started.name(), started.identity().pid(), folder))
        .toList();
  }

  private static boolean lives(RunRecord.Started started) {
    return started.identity().living().isPresent();
  }
}
