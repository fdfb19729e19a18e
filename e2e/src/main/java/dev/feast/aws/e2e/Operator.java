package dev.feast.aws.e2e;

import dev.feast.aws.e2e.process.ChildProcess;
import dev.feast.aws.e2e.process.Ending;
import dev.feast.aws.e2e.process.Run;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The operator as a process with the arguments, environment and ServiceAccount token that its Pod
 * would have.
 */
public final class Operator {
  static final String POLICY_FILE = "FEAST_OPERATOR_POLICY_FILE";
  static final String HEALTH_PORT = "FEAST_OPERATOR_HEALTH_PORT";
  private static final Pattern LISTENING = Pattern.compile("Ready; .* on port (\\d+)");
  private static final Duration STARTUP = Duration.ofSeconds(60);

  private Operator() {}

  /** Starts it and waits until it says that it is ready. */
  static ChildProcess start(Run run, Repository repository, ChartRelease release, URI awsEndpoint)
      throws IOException, InterruptedException {
    return start(run, repository, release, awsEndpoint, Jvm.QUICK_START, Map.of());
  }

  /**
   * The same, with another JVM and with settings that the chart does not make.
   *
   * @param jvm options of the JVM
   * @param settings more environment variables
   */
  public static ChildProcess start(
      Run run,
      Repository repository,
      ChartRelease release,
      URI awsEndpoint,
      List<String> jvm,
      Map<String, String> settings)
      throws IOException, InterruptedException {
    Path kubeconfig = release.operatorKubeconfig();
    Map<String, String> environment = new HashMap<>(release.operatorEnvironment());
    environment.putAll(LocalAwsServer.clientEnvironment(awsEndpoint));
    environment.put("KUBECONFIG", kubeconfig.toString());
    // What its Pod would have mounted.
    environment.put(POLICY_FILE, release.policyFile().toString());
    // Its Pod would have the port to itself; here it takes a free one and says which.
    environment.put(HEALTH_PORT, "0");
    environment.putAll(settings);
    List<String> arguments = release.operatorArguments();
    return awaitReady(
        run.start(
            "operator",
            Jvm.command(jvm, repository.operatorJar(), arguments),
            environment,
            Ending.Manner.ASK_FIRST));
  }

  /** Waits until an operator that was just started says that it is ready. */
  static ChildProcess awaitReady(ChildProcess operator) throws IOException, InterruptedException {
    operator.awaitReady(STARTUP, () -> isReady(operator.output()));
    return operator;
  }

  private static boolean isReady(String log) {
    return listening(log).map(server -> answersOk(server.resolve("/readyz"))).orElse(false);
  }

  /** Where it says that it listens; empty while it does not. */
  private static Optional<URI> listening(String log) {
    Matcher port = LISTENING.matcher(log);
    return port.find()
        ? Optional.of(URI.create("http://127.0.0.1:" + port.group(1)))
        : Optional.empty();
  }

  /** Where an operator that is ready is scraped. */
  public static URI metrics(ChildProcess operator) throws IOException {
    return listening(operator.output())
        .map(server -> server.resolve("/metrics"))
        .orElseThrow(
            () -> new IOException("The operator does not say where it listens: " + operator.log()));
  }

  private static boolean answersOk(URI uri) {
    try {
      HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
      connection.setConnectTimeout(1000);
      connection.setReadTimeout(5000);
      try {
        return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
      } finally {
        connection.disconnect();
      }
    } catch (IOException notYet) {
      return false;
    }
  }
}
