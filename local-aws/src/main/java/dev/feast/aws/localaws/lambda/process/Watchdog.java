package dev.feast.aws.localaws.lambda.process;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends functions that would outlive local-aws, even when that is killed: a shell at the other end
 * of a pipe. The kernel's own signal for that (PR_SET_PDEATHSIG) is lost with a change of user, and
 * reaches no children.
 */
final class Watchdog implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);
  private static final long END_SECONDS = 5;

  private final Process shell;
  private final OutputStream pipe;

  private Watchdog(Process shell) {
    this.shell = shell;
    this.pipe = shell.getOutputStream();
  }

  /**
   * @param ownSession the command that puts what follows in a session of its own, out of reach of
   *     what is sent to local-aws' process group
   */
  static Watchdog start(List<String> ownSession) throws IOException {
    var command = new ArrayList<>(ownSession);
    command.addAll(List.of("/bin/sh", "-c", Isolation.script("watchdog.sh"), "local-aws-watchdog"));
    return new Watchdog(
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start());
  }

  /** Watches over a process, and its group where it leads one, until it ends. */
  void watch(Process process) {
    tell("+ " + process.pid());
    var unused = process.onExit().thenRun(() -> tell("- " + process.pid()));
  }

  private synchronized void tell(String line) {
    try {
      pipe.write((line + "\n").getBytes(StandardCharsets.US_ASCII));
      pipe.flush();
    } catch (IOException e) {
      if (shell.isAlive()) {
        LOG.warn("Functions may outlive local-aws", e);
      }
    }
  }

  @Override
  public void close() {
    try {
      synchronized (this) {
        pipe.close();
      }
      if (!shell.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
        shell.destroyForcibly();
      }
    } catch (IOException e) {
      shell.destroyForcibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
