package dev.feast.aws.e2e;

import dev.feast.aws.e2e.controlplane.ControlPlane;
import dev.feast.aws.e2e.process.ChildProcess;
import dev.feast.aws.e2e.process.Ending;
import dev.feast.aws.e2e.process.Run;
import dev.feast.aws.image.ImageLayout;
import dev.feast.aws.image.UnpackedImage;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The operator as a kubelet would run it: the image's entrypoint in the image's own root, as its
 * user, with the Deployment's arguments, environment and mounts, and nothing else; in its
 * environment, beside the Deployment's, only where the API server and AWS are.
 *
 * <p>Only root may enter another root. For any other user the entrypoint is started below the
 * folder, with a kubeconfig in place of the mounts.
 */
final class OperatorImage {
  private final UnpackedImage image;
  private final List<String> entrypoint;

  private OperatorImage(UnpackedImage image, List<String> entrypoint) {
    this.image = image;
    this.entrypoint = entrypoint;
  }

  static OperatorImage unpack(Repository repository, Path root)
      throws IOException, InterruptedException {
    ImageLayout layout = ImageLayout.open(repository.operatorImage());
    UnpackedImage image = UnpackedImage.of(layout, root);
    image.addDevices();
    return new OperatorImage(image, layout.entrypoint());
  }

  /**
   * Starts it and waits until it says that it is ready.
   *
   * @param pod the name that its Pod would have
   */
  ChildProcess start(
      String pod, Run run, ChartRelease release, ControlPlane controlPlane, URI awsEndpoint)
      throws IOException, InterruptedException {
    return Operator.awaitReady(begin(run, command(pod, release, controlPlane, awsEndpoint)));
  }

  /** Starts it, and does not wait. */
  ChildProcess begin(Run run, List<String> command) throws IOException {
    return run.start("operator", command, Map.of(), Ending.Manner.ASK_FIRST);
  }

  /** What to start it with, which a kubelet knows while the API server is away. */
  List<String> command(String pod, ChartRelease release, ControlPlane controlPlane, URI awsEndpoint)
      throws IOException, InterruptedException {
    Map<String, String> environment = new TreeMap<>(release.operatorEnvironment());
    environment.put("POD_NAME", pod);
    environment.putAll(LocalAwsServer.clientEnvironment(awsEndpoint));
    // Its Pod would have the port to itself; here it takes a free one and says which.
    environment.put(Operator.HEALTH_PORT, "0");
    if (image.hasItsOwnRoot()) {
      release.mountInto(image.root());
      URI server = URI.create(controlPlane.server());
      environment.put("KUBERNETES_SERVICE_HOST", server.getHost());
      environment.put("KUBERNETES_SERVICE_PORT", String.valueOf(server.getPort()));
    } else {
      environment.put("KUBECONFIG", release.operatorKubeconfig().toString());
      environment.put(Operator.POLICY_FILE, release.policyFile().toString());
    }
    List<String> program = new ArrayList<>(entrypoint);
    program.addAll(release.operatorArguments());
    return command(program, environment);
  }

  /** With {@code env} in front: of this process's own environment nothing is passed on. */
  private List<String> command(List<String> program, Map<String, String> environment) {
    ProcessBuilder builder = image.process(program, environment);
    List<String> command = new ArrayList<>(List.of("/usr/bin/env", "--ignore-environment"));
    if (builder.directory() != null) {
      command.add("--chdir=" + builder.directory());
    }
    builder.environment().forEach((name, value) -> command.add(name + "=" + value));
    command.addAll(builder.command());
    return command;
  }
}
