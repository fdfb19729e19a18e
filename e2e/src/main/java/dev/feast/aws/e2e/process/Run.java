package dev.feast.aws.e2e.process;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One run: a folder with its logs and data, and the processes that it has started. They end with
 * {@link #close}, and with this JVM when it is told to stop; when it is killed, {@link
 * Runs#endOrphans} of the next run finds them by the record.
 */
public final class Run implements AutoCloseable {
  private final Path folder;
  private final Path record;
  private final List<ChildProcess> children = new ArrayList<>();
  private final Thread onShutdown = new Thread(this::endAll, "end-processes");
  private boolean closed;

  Run(Path folder, Path record) {
    this.folder = folder;
    this.record = record;
    Runtime.getRuntime().addShutdownHook(onShutdown);
  }

  public Path folder() {
    return folder;
  }

  /**
   * Starts a process whose standard output and error go to {@code logs/NAME.log} in the folder.
   *
   * @param environment comes on top of this process's own; an empty value takes a variable away
   * @throws IOException when the program cannot be started, or the run has been closed
   */
  public synchronized ChildProcess start(
      String name, List<String> command, Map<String, String> environment, Ending.Manner manner)
      throws IOException {
    if (closed) {
      throw new IOException("Not starting " + name + ": this run has ended.");
    }
    Path log = Files.createDirectories(folder.resolve("logs")).resolve(name + ".log");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectInput(new File("/dev/null"))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    Environments.add(environment, builder.environment());
    Process process = builder.start();
    ChildProcess child = new ChildProcess(name, process, log, Files.size(log), manner);
    children.add(child);
    RunRecord.append(record, new RunRecord.Started(name, ProcessIdentity.of(process.toHandle())));
    return child;
  }

  /**
   * Leaves the processes running after this run: from now on only {@link Runs#endKept} ends them.
   */
  public synchronized void keep() throws IOException {
    RunRecord.markKept(record);
    closed = true;
    Runtime.getRuntime().removeShutdownHook(onShutdown);
  }

  /** Ends every process of the run, the last one that was started first. */
  @Override
  public void close() {
    endAll();
    try {
      Runtime.getRuntime().removeShutdownHook(onShutdown);
    } catch (IllegalStateException alreadyShuttingDown) {
      // The hook is what runs, or will find nothing left to do.
    }
  }

  private synchronized void endAll() {
    if (closed) {
      return;
    }
    closed = true;
    children.reversed().forEach(ChildProcess::close);
    try {
      Files.deleteIfExists(record);
    } catch (IOException e) {
      // The next run finds nothing alive in it and deletes it.
    }
  }
}
