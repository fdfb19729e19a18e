package dev.feast.aws.e2e.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
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
   * @param onEnding told of each process before it is ended, which may take some seconds
   */
  public void endOrphans(Consumer<String> onEnding) throws IOException, InterruptedException {
    end(record -> !record.ownerLives() && !record.kept(), onEnding);
  }

  /**
   * Ends the runs that were kept on purpose.
   *
   * @param onEnding told of each process before it is ended, which may take some seconds
   */
  public void endKept(Consumer<String> onEnding) throws IOException, InterruptedException {
    end(record -> !record.ownerLives() && record.kept(), onEnding);
  }

  private void end(Predicate<RunRecord> which, Consumer<String> onEnding)
      throws IOException, InterruptedException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (FileLock _ = FileLock.acquire(folder.resolve("lock"), () -> {})) {
      for (Path file : records()) {
        RunRecord record = RunRecord.read(file);
        if (which.test(record)) {
          end(record, onEnding);
          Files.deleteIfExists(file);
        }
      }
    }
  }

  private List<Path> records() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(SUFFIX)).sorted().toList();
    }
  }

  private static void end(RunRecord record, Consumer<String> onEnding) {
    String folder = record.folder().map(Path::toString).orElse("a run");
    // One after the other, the last started first: a server may need its database to stop cleanly.
    for (RunRecord.Started started : record.processes().reversed()) {
      if (started.identity().lives()) {
        onEnding.accept(
            "%s (process %d) of %s".formatted(started.name(), started.identity().pid(), folder));
        Ending.end(started.identity(), Ending.Manner.ASK_FIRST);
      }
    }
    if (record.folder().isPresent()) {
      try {
        Run.deleteData(record.folder().get());
      } catch (IOException e) {
        // Files of an unpacked image may resist a user who is not root.
      }
    }
  }
}
