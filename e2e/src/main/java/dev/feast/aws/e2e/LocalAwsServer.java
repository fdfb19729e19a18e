package dev.feast.aws.e2e;

import dev.feast.aws.e2e.process.ChildProcess;
import dev.feast.aws.e2e.process.Ending;
import dev.feast.aws.e2e.process.Run;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** AWS on this machine, as a process of its own. */
public final class LocalAwsServer {
  /** The account that any access key belongs to which local-aws has not issued itself. */
  static final String ACCOUNT = "000000000000";

  private static final Duration STARTUP = Duration.ofSeconds(60);
  private static final Pattern READY = Pattern.compile("local-aws ready on (http://\\S+)");

  private final ChildProcess process;

  private LocalAwsServer(ChildProcess process) {
    this.process = process;
  }

  /**
   * Starts it on a free port; it is ready once {@link #awaitEndpoint} returns.
   *
   * @param seed folder of objects and tables to begin with
   */
  static LocalAwsServer start(Run run, Repository repository, Path seed) throws IOException {
    return new LocalAwsServer(
        run.start(
            "local-aws",
            Jvm.command(
                repository.localAwsJar(),
                "--port",
                "0",
                "--data",
                run.folder().resolve("local-aws").toString(),
                "--load",
                seed.toString()),
            withoutAws(),
            Ending.Manner.ASK_FIRST));
  }

  URI awaitEndpoint() throws InterruptedException {
    process.awaitReady(STARTUP, () -> READY.matcher(process.output()).find());
    Matcher ready = READY.matcher(process.output());
    if (!ready.find()) {
      throw new IllegalStateException("It said so a moment ago.");
    }
    return URI.create(ready.group(1));
  }

  /**
   * What points a program at local-aws and at nothing else, whatever the user's own shell says
   * about AWS.
   */
  static Map<String, String> clientEnvironment(URI endpoint) {
    Map<String, String> environment = withoutAws();
    environment.putAll(settings(endpoint));
    environment.put("AWS_CONFIG_FILE", "/dev/null");
    environment.put("AWS_SHARED_CREDENTIALS_FILE", "/dev/null");
    environment.put("AWS_EC2_METADATA_DISABLED", "true");
    return environment;
  }

  /** What a user sets to reach it with any AWS tool. */
  static Map<String, String> settings(URI endpoint) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("AWS_ENDPOINT_URL", endpoint.toString());
    settings.put("AWS_ACCESS_KEY_ID", "local");
    settings.put("AWS_SECRET_ACCESS_KEY", "local");
    settings.put("AWS_REGION", "us-west-2");
    return settings;
  }

  private static Map<String, String> withoutAws() {
    Map<String, String> environment = new HashMap<>();
    System.getenv().keySet().stream()
        .filter(name -> name.startsWith("AWS_"))
        .forEach(name -> environment.put(name, ""));
    return environment;
  }
}
