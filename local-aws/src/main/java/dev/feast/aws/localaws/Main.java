package dev.feast.aws.localaws;

import dev.feast.aws.localaws.iam.Identities;
import dev.feast.aws.localaws.limits.CallRates;
import java.io.IOException;
import java.net.BindException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;

/** {@code java -jar local-aws.jar}. */
@Command(
    name = "local-aws",
    description =
        "ECR, Lambda, API Gateway, S3, DynamoDB and STS on one port of 127.0.0.1."
            + " Point AWS_ENDPOINT_URL there; any access key will do.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    sortOptions = false,
    footer = {
      "",
      "It prints 'local-aws ready on http://127.0.0.1:<port>' once it serves, and stops on Ctrl-C"
          + " or TERM.",
      "ECR, Lambda and API Gateway begin empty at each start. Functions run as processes, kept"
          + " apart as far as the user may: by namespaces, by chroot, or not at all.",
      "GET /_local/health, /_local/calls and /_local/faults tell and change how it behaves,"
          + " /_local/logs/<function> what a function logged, /_local/iam what the roles of --iam"
          + " used of their permissions."
    })
public final class Main implements Callable<Integer> {
  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "4566",
      description = "Port on 127.0.0.1; 0 takes a free one. Default: ${DEFAULT-VALUE}.")
  private int port;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "Folder for objects and tables, which are there again at the next start with it; made if"
              + " missing. Default: a temporary one, removed when it stops.")
  private @Nullable Path data;

  @Option(
      names = "--load",
      paramLabel = "DIR",
      description =
          "Folder of what to begin with: DIR/s3/<bucket>/<key> files become objects,"
              + " DIR/dynamodb/<region>.json tables with items, DIR/buckets.json tells buckets'"
              + " regions (us-west-2 if not). May be given more than once.")
  private List<Path> load = List.of();

  @Option(
      names = "--limits",
      paramLabel = "none|aws",
      defaultValue = "none",
      description =
          "How often services may be called: none, as often as one likes; aws, as AWS limits"
              + " Lambda, API Gateway and ECR for each account and region. Default:"
              + " ${DEFAULT-VALUE}.")
  private CallRates limits = CallRates.NONE;

  @Option(
      names = "--iam",
      paramLabel = "FILE",
      description =
          "Enforces IAM: FILE names roles with their policies, trust policies and access keys, and"
              + " what those do not allow is refused. Keys that are no role's may do everything."
              + " Default: nothing is refused.")
  private @Nullable Path iam;

  private Main() {}

  public static void main(String[] args) {
    Logging.toStandardError();
    int status =
        new CommandLine(new Main())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setExecutionExceptionHandler(
                (e, command, parsed) -> {
                  command.getErr().println("local-aws: " + sentence(e));
                  return 1;
                })
            .execute(args);
    System.exit(status);
  }

  private static String sentence(Exception e) {
    if (e instanceof BindException) {
      return e.getMessage() + "; --port takes another one, 0 a free one";
    }
    return e instanceof IOException && e.getMessage() != null ? e.getMessage() : e.toString();
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    LocalAws.Builder builder = LocalAws.builder().port(port).callRates(limits);
    if (data != null) {
      builder.dataDir(data);
    }
    if (iam != null) {
      builder.iam(Identities.read(iam));
    }
    load.forEach(builder::load);
    LocalAws aws = builder.start();
    var stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .name("stop")
                .unstarted(
                    () -> {
                      aws.close();
                      stopped.countDown();
                    }));
    System.out.println("local-aws ready on " + aws.endpoint());
    aws.warmUp();
    stopped.await();
    return 0;
  }

  /** What the jar's manifest says. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Main.class.getPackage().getImplementationVersion();
      return new String[] {"local-aws " + (version == null ? "(not packaged)" : version)};
    }
  }
}
