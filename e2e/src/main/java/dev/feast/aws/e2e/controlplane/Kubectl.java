package dev.feast.aws.e2e.controlplane;

import dev.feast.aws.e2e.process.Execution;
import dev.feast.aws.e2e.process.Run;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The real kubectl, as one user of one API server. */
public record Kubectl(Run run, Path program, Path kubeconfig, Path folder) {
  /** Longer than any {@code --timeout} that is given to it here. */
  private static final Duration BOUND = Duration.ofMinutes(5);

  /** Runs kubectl, whatever comes of it. */
  public Execution run(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(program.toString());
    command.addAll(List.of(arguments));
    return Execution.run(run, command, Map.of("KUBECONFIG", kubeconfig.toString()), folder, BOUND);
  }

  /**
   * Runs kubectl and returns what it printed.
   *
   * @throws IOException when it fails, with what it said
   */
  public String output(String... arguments) throws IOException, InterruptedException {
    return run(arguments).successfulOutput();
  }
}
