package dev.feast.aws.runtime;

import dev.feast.aws.runtime.config.ConfigException;
import dev.feast.aws.runtime.config.FeatureStoreSource;
import dev.feast.aws.runtime.http.Port;
import dev.feast.aws.runtime.lambda.LambdaLoop;
import dev.feast.aws.runtime.lambda.RuntimeApi;
import dev.feast.aws.runtime.log.Log;
import dev.feast.aws.runtime.store.DynamoDbOnlineStore;
import java.io.IOException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Security;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Answers lookups: in Lambda when started without arguments, on a port with {@code serve}. */
public final class Main {

  private static final String RUNTIME_API = "AWS_LAMBDA_RUNTIME_API";

  private static final String INITIALIZATION_TYPE = "AWS_LAMBDA_INITIALIZATION_TYPE";

  private static final String USAGE =
      """
      Feast's online features over HTTP, from DynamoDB.

      Without arguments: the function in AWS Lambda (AWS_LAMBDA_RUNTIME_API has to be set).

      serve [--host HOST] [--port PORT] [--feature-store-yaml FILE]
          The same on a port of this machine: http://127.0.0.1:6566 by default.
          feature_store.yaml is FILE, else what the environment holds (below), else the one here.

      Environment:
        FEATURE_STORE_YAML_BASE64       feature_store.yaml in base64; ${VAR} in it is filled in
        FEATURE_STORE_YAML_GZIP_BASE64  the same, compressed with gzip first
        FEATURE_SERVER_SERVING          JSON; what is left out has the value that stands here:
                                        {"responseFormat": "FieldValues",  or "Results": columns
                                         "staleFeatures": "Serve",         or "Flag", "Withhold"
                                         "maxRows": 10000}                 1 to 100000
        FEATURE_SERVER_API_KEY_SHA256   SHA-256 of the API keys that requests need, as lower-case
                                        hex with commas; not set: everybody may ask
        AWS_REGION, AWS_ENDPOINT_URL and credentials, as for every AWS SDK
      """;

  private Main() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    // As many connections as are in use at once; the JDK would keep five and close the others.
    System.setProperty(
        "http.maxConnections", Integer.toString(DynamoDbOnlineStore.MAX_CONCURRENT_BATCHES));
    Map<String, String> environment = System.getenv();
    if (args.length == 0 && environment.get(RUNTIME_API) instanceof String api) {
      runInLambda(new RuntimeApi(api), environment);
    } else if (args.length > 0 && args[0].equals("serve")) {
      serve(args, environment);
    } else if (args.length == 1 && args[0].equals("--help")) {
      System.out.print(USAGE);
    } else {
      System.err.print(USAGE);
      System.exit(2);
    }
  }

  private static void runInLambda(RuntimeApi api, Map<String, String> environment)
      throws IOException {
    boolean snapshot = "snap-start".equals(environment.get(INITIALIZATION_TYPE));
    if (snapshot) {
      forgetAddresses();
    }
    FeatureServer server;
    try {
      String yaml = FeatureStoreSource.requiredYaml(environment);
      server = FeatureServer.of(yaml, environment);
      server.start();
      if (snapshot) {
        server.beforeSnapshot();
      }
    } catch (ConfigException e) {
      api.failInit("Config.Invalid", String.valueOf(e.getMessage()));
      System.exit(1);
      return;
    } catch (RuntimeException e) {
      Log.error("the feature server cannot start", e);
      // Not the exception's message: what a library puts into it may hold what is configured.
      api.failInit(
          "Runtime.Init",
          "the feature server cannot start: "
              + e.getClass().getName()
              + "; the function's log says more");
      System.exit(1);
      return;
    }
    if (snapshot) {
      goOnAfterSnapshot(api, server);
    }
    new LambdaLoop(api, server).run();
  }

  /**
   * The JVM would keep a service's addresses for 30 s of its own time, which does not pass in a
   * snapshot. Without that each new connection asks for them; there are few.
   */
  private static void forgetAddresses() {
    Security.setProperty("networkaddress.cache.ttl", "0");
    Security.setProperty("networkaddress.cache.negative.ttl", "0");
  }

  private static void goOnAfterSnapshot(RuntimeApi api, FeatureServer server) throws IOException {
    api.awaitRestore();
    try {
      server.afterRestore();
    } catch (RuntimeException e) {
      Log.error("the feature server cannot go on from its snapshot", e);
      api.failRestore(
          "Runtime.Restore",
          "the feature server cannot go on from its snapshot: "
              + e.getClass().getName()
              + "; the function's log says more");
      System.exit(1);
    }
  }

  private static void serve(String[] args, Map<String, String> environment)
      throws IOException, InterruptedException {
    // Seconds: who sends its request more slowly would keep others from theirs.
    System.setProperty("sun.net.httpserver.maxReqTime", "30");
    try {
      ServeOptions options = ServeOptions.parse(args);
      String yaml = yaml(options.featureStoreYaml(), environment);
      try (var server = FeatureServer.of(yaml, environment);
          Port port = open(options, server)) {
        server.start();
        System.out.println(
            "feature server ready on http://" + options.host() + ":" + port.number());
        Thread.currentThread().join();
      }
    } catch (ConfigException e) {
      System.err.println(e.getMessage());
      System.exit(2);
    }
  }

  private static Port open(ServeOptions options, FeatureServer server) throws ConfigException {
    try {
      return Port.open(options.host(), options.port(), server);
    } catch (UnknownHostException e) {
      throw new ConfigException("--host " + options.host() + " is not known on this machine", e);
    } catch (IOException e) {
      throw new ConfigException(
          "cannot listen on "
              + options.host()
              + ":"
              + options.port()
              + ": "
              + e.getMessage()
              + "; choose others with --host and --port",
          e);
    }
  }

  private static String yaml(@Nullable Path file, Map<String, String> environment)
      throws ConfigException, IOException {
    if (file != null) {
      if (!Files.isRegularFile(file)) {
        throw new ConfigException("--feature-store-yaml " + file + " is not a file");
      }
      return Files.readString(file);
    }
    Path here = Path.of("feature_store.yaml");
    if (FeatureStoreSource.yaml(environment).isEmpty() && Files.isRegularFile(here)) {
      return Files.readString(here);
    }
    return FeatureStoreSource.requiredYaml(environment);
  }
}
