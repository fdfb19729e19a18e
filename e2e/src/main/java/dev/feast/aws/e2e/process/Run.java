package dev.feast.aws.e2e.process;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One run: a folder with its logs and data, and the processes that it has started. They end with
 * {@link #close}, and with this JVM when it is told to stop; when it is killed, {@link
 * Runs#endOrphans} of the next run finds them by the record.
 */
public final class Run implements AutoCloseable {
  private static final String LOGS = "logs";

  private final Path folder;
  private final Path record;
  private final List<Session> sessions = new ArrayList<>();
  private final Thread onShutdown = new Thread(this::stop, "end-processes");
  private volatile boolean stopping;
  private boolean closed;

  Run(Path folder, Path record) {
    this.folder = folder;
    this.record = record;
    Runtime.getRuntime().addShutdownHook(onShutdown);
  }

  public Path folder() {
    return folder;
  }

  /** Where each process has its log. */
  public Path logs() {
    return folder.resolve(LOGS);
  }

  /**
   * Whether this JVM has been told to stop: what fails from then on fails because the processes are
   * being ended.
   */
  public boolean isStopping() {
    return stopping;
  }

  /**
   * Starts a process whose standard output and error go to {@code logs/NAME.log} in the folder.
   *
   * @param environment comes on top of this process's own; an empty value takes a variable away
   * @throws IOException when nothing can be started, or the run has been closed
   */
  public ChildProcess start(
      String name, List<String> command, Map<String, String> environment, Ending.Manner manner)
      throws IOException {
    Path log = Files.createDirectories(logs()).resolve(name + ".log");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    Environments.add(environment, builder.environment());
    long logStart = Files.exists(log) ? Files.size(log) : 0;
    return new ChildProcess(name, open(name, builder, manner), log, logStart);
  }

  /**
   * Starts what a builder describes, with nothing on its standard input.
   *
   * @param name what it is called when the next run has to end it
   * @throws IOException when nothing can be started, or the run has been closed
   */
  public synchronized Session open(String name, ProcessBuilder builder, Ending.Manner manner)
      throws IOException {
    if (closed) {
      throw new IOException("Not starting " + name + ": this run has ended.");
    }
    Environments.reachThisMachineDirectly(builder.environment());
    Process process =
        builder
            .command(gated(builder.command()))
            .redirectInput(ProcessBuilder.Redirect.PIPE)
            .start();
    Optional<ProcessIdentity> identity = ProcessIdentity.of(process.pid());
    Session session = new Session(process, identity, manner, this::forget);
    sessions.add(session);
    if (identity.isPresent()) {
      RunRecord.append(record, new RunRecord.Started(name, identity.get()));
    }
    openGate(process);
    return session;
  }

  private synchronized void forget(Session session) {
    sessions.remove(session);
  }

  /**
   * The program behind a shell that becomes it once it reads a line. Should this JVM be killed
   * before the process is recorded, the shell reads an end instead, and nothing is left that nobody
   * knows.
   *
   * <p>In a session of its own (setsid(1) keeps the process id), so that a Ctrl-C in the terminal
   * reaches only this JVM, which then ends its processes in their order; and so that a kept run
   * outlives the terminal.
   */
  private static List<String> gated(List<String> command) {
    List<String> gated =
        new ArrayList<>(
            List.of("setsid", "/bin/sh", "-c", "read -r _ && exec \"$@\" </dev/null", "sh"));
    gated.addAll(command);
    return gated;
  }

  private static void openGate(Process process) throws IOException {
    try (OutputStream gate = process.getOutputStream()) {
      gate.write('\n');
    }
  }

  /**
   * Leaves the processes running after this run: from now on only {@link Runs#endKept} ends them.
   */
  public synchronized void keep() throws IOException {
    RunRecord.markKept(record);
    closed = true;
    Runtime.getRuntime().removeShutdownHook(onShutdown);
  }

  /** Deletes what the ended processes have written, but for their logs. */
  public void deleteData() throws IOException {
    deleteData(folder);
  }

  static void deleteData(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (Stream<Path> children = Files.list(folder)) {
      for (Path child : children.filter(child -> !child.endsWith(LOGS)).toList()) {
        FileTree.delete(child);
      }
    }
  }

  /** Ends every process of the run, the last one that was started first, and deletes its data. */
  @Override
  public void close() {
    endAll();
    try {
      Runtime.getRuntime().removeShutdownHook(onShutdown);
    } catch (IllegalStateException alreadyShuttingDown) {
      // The hook is what runs, or will find nothing left to do.
    }
  }

  private void stop() {
    stopping = true;
    endAll();
  }

  private synchronized void endAll() {
    if (closed) {
      return;
    }
    closed = true;
    List.copyOf(sessions).reversed().forEach(Session::close);
    try {
      Files.deleteIfExists(record);
      deleteData();
    } catch (IOException e) {
      // The next run finds nothing alive in the record and deletes it. Data that resists stays.
    }
  }
}
