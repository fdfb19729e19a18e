package dev.feast.aws.operator.config;

import dev.feast.aws.operator.aws.RateLimits;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.ToIntFunction;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The command line. Values are taken as text and checked together, so that every mistake is told at
 * once; each flag can be given as the environment variable that its description names.
 */
@Command(
    name = "operator",
    mixinStandardHelpOptions = true,
    versionProvider = OperatorCommand.Version.class,
    sortOptions = false,
    usageHelpAutoWidth = true,
    description = {
      "Reconciles FeatureServers: Feast feature servers on AWS Lambda, declared in Kubernetes.",
      "",
      "Kubernetes is found as kubectl finds it (KUBECONFIG, or the pod's own ServiceAccount); AWS"
          + " as every SDK does (AWS_ENDPOINT_URL, credentials from the default chain).",
      ""
    },
    footer = {"", "Exit codes: 0 stopped as asked, 1 failed, 2 a setting is wrong."})
public final class OperatorCommand implements Callable<Integer> {

  @Option(
      names = "--namespaces",
      paramLabel = "NAMES",
      defaultValue = "${env:FEAST_OPERATOR_NAMESPACES:-}",
      description =
          "Comma-separated namespaces whose FeatureServers are reconciled; empty: all"
              + " ($FEAST_OPERATOR_NAMESPACES).")
  String namespaces = "";

  @Option(
      names = "--cluster-id",
      paramLabel = "ID",
      defaultValue = "${env:FEAST_OPERATOR_CLUSTER_ID:-}",
      description =
          "Names this cluster in tags and names in AWS; must never change. Default: the UID of"
              + " kube-system ($FEAST_OPERATOR_CLUSTER_ID).")
  String clusterId = "";

  @Option(
      names = "--runtime-image",
      paramLabel = "FOLDER",
      defaultValue = "${env:FEAST_OPERATOR_RUNTIME_IMAGE:-}",
      description =
          "OCI layout of the runtime that functions get by default. Default: runtime-image beside"
              + " the operator's jar ($FEAST_OPERATOR_RUNTIME_IMAGE).")
  String runtimeImage = "";

  @Option(
      names = "--resync-interval",
      paramLabel = "DURATION",
      defaultValue = "${env:FEAST_OPERATOR_RESYNC_INTERVAL:-10m}",
      description =
          "How often a FeatureServer is compared with AWS when nothing happens, at least 10s, give"
              + " or take a fifth; default 10m ($FEAST_OPERATOR_RESYNC_INTERVAL).")
  String resyncInterval = "10m";

  @Option(
      names = "--endpoint-probe",
      paramLabel = "true|false",
      defaultValue = "${env:FEAST_OPERATOR_ENDPOINT_PROBE:-true}",
      description =
          "Whether endpoints are asked for GET /health over HTTP after a rollout and at each"
              + " resync. false where the operator's network lets it reach AWS' APIs only; default"
              + " true ($FEAST_OPERATOR_ENDPOINT_PROBE).")
  String endpointProbe = "true";

  @Option(
      names = "--client-config-maps",
      paramLabel = "true|false",
      defaultValue = "${env:FEAST_OPERATOR_CLIENT_CONFIG_MAPS:-false}",
      description =
          "Whether a ConfigMap NAME-client with a feature_store.yaml for the Feast SDK is kept"
              + " beside each FeatureServer. Needs create, update and delete of ConfigMaps; default"
              + " false ($FEAST_OPERATOR_CLIENT_CONFIG_MAPS).")
  String clientConfigMaps = "false";

  @Option(
      names = "--leader-election",
      arity = "0..1",
      fallbackValue = "true",
      paramLabel = "true|false",
      defaultValue = "${env:FEAST_OPERATOR_LEADER_ELECTION:-false}",
      description =
          "Whether several replicas elect one that works; default false, the chart sets it"
              + " ($FEAST_OPERATOR_LEADER_ELECTION).")
  String leaderElection = "false";

  @Option(
      names = "--lease-namespace",
      paramLabel = "NAME",
      defaultValue = "${env:FEAST_OPERATOR_LEASE_NAMESPACE:-${env:POD_NAMESPACE:-default}}",
      description =
          "Namespace of the Lease of leader election; default the pod's own"
              + " ($FEAST_OPERATOR_LEASE_NAMESPACE, $POD_NAMESPACE).")
  String leaseNamespace = "default";

  @Option(
      names = "--lease-name",
      paramLabel = "NAME",
      defaultValue = "${env:FEAST_OPERATOR_LEASE_NAME:-feature-server-operator}",
      description =
          "Name of that Lease; two installations in one namespace need two. Default"
              + " feature-server-operator, the chart sets it ($FEAST_OPERATOR_LEASE_NAME).")
  String leaseName = "feature-server-operator";

  @Option(
      names = "--identity",
      paramLabel = "NAME",
      defaultValue = "${env:FEAST_OPERATOR_IDENTITY:-${env:POD_NAME:-}}",
      description =
          "This replica's name in the Lease and in Events; default the pod's name or the host's"
              + " ($FEAST_OPERATOR_IDENTITY, $POD_NAME).")
  String identity = "";

  @Option(
      names = "--health-port",
      paramLabel = "PORT",
      defaultValue = "${env:FEAST_OPERATOR_HEALTH_PORT:-8080}",
      description =
          "Port of /healthz, /readyz and /metrics, 0 for a free one; default 8080"
              + " ($FEAST_OPERATOR_HEALTH_PORT).")
  String healthPort = "8080";

  @Option(
      names = "--webhook-port",
      paramLabel = "PORT",
      defaultValue = "${env:FEAST_OPERATOR_WEBHOOK_PORT:-}",
      description =
          "Port of the validating webhook, POST /validate over TLS, 0 for a free one; empty: none"
              + " is served ($FEAST_OPERATOR_WEBHOOK_PORT).")
  String webhookPort = "";

  @Option(
      names = "--webhook-tls-dir",
      paramLabel = "FOLDER",
      defaultValue = "${env:FEAST_OPERATOR_WEBHOOK_TLS_DIR:-}",
      description =
          "Folder with tls.crt and tls.key of the webhook, read anew when they change"
              + " ($FEAST_OPERATOR_WEBHOOK_TLS_DIR).")
  String webhookTls = "";

  @Option(
      names = "--log-level",
      paramLabel = "LEVEL",
      defaultValue = "${env:FEAST_OPERATOR_LOG_LEVEL:-info}",
      description =
          "error, warn, info, debug or trace of the operator's own log; default info"
              + " ($FEAST_OPERATOR_LOG_LEVEL).")
  String logLevel = "info";

  @Option(
      names = "--lambda-rate",
      paramLabel = "CALLS",
      defaultValue = "${env:FEAST_OPERATOR_LAMBDA_RATE:-15}",
      description =
          "Calls to Lambda per second, account and region, all but Invoke, GetFunction and"
              + " GetPolicy; AWS allows 15 ($FEAST_OPERATOR_LAMBDA_RATE).")
  String lambdaRate = "15";

  @Option(
      names = "--api-gateway-rate",
      paramLabel = "CALLS",
      defaultValue = "${env:FEAST_OPERATOR_API_GATEWAY_RATE:-10}",
      description =
          "Calls to API Gateway per second, account and region; AWS allows 10"
              + " ($FEAST_OPERATOR_API_GATEWAY_RATE).")
  String apiGatewayRate = "10";

  @Option(
      names = "--ecr-rate",
      paramLabel = "CALLS",
      defaultValue = "${env:FEAST_OPERATOR_ECR_RATE:-50}",
      description =
          "Calls to ECR's API per second, account and region; default 50"
              + " ($FEAST_OPERATOR_ECR_RATE).")
  String ecrRate = "50";

  @Option(
      names = "--policy-file",
      paramLabel = "FILE",
      defaultValue = "${env:FEAST_OPERATOR_POLICY_FILE:-}",
      description =
          "YAML that says what FeatureServers may ask for, by namespace; read at the start. Under"
              + " defaults and namespaces.NAME: allowedExecutionRoles (ARNs or names),"
              + " allowedAssumeRoles (ARNs), allowPublicEndpoints (true or false),"
              + " allowedImageHosts (host or host:port), allowedAdoptions (values of the annotation"
              + " aws.feast.dev/adopt); in lists * stands for any characters."
              + " Default: [\"*\"], [], true, [\"*\"], [\"*\"] ($FEAST_OPERATOR_POLICY_FILE).")
  String policyFile = "";

  @Spec CommandSpec spec = CommandSpec.create();

  private final Path programs;
  private final ToIntFunction<OperatorSettings> run;

  private OperatorCommand(Path programs, ToIntFunction<OperatorSettings> run) {
    this.programs = programs;
    this.run = run;
  }

  @Override
  public Integer call() {
    return run.applyAsInt(settings());
  }

  private OperatorSettings settings() {
    var checked = new SettingChecks(programs);
    var settings =
        new OperatorSettings(
            checked.namespaces("--namespaces", namespaces),
            checked.clusterId("--cluster-id", clusterId),
            checked.imageLayout("--runtime-image", runtimeImage),
            checked.duration("--resync-interval", resyncInterval),
            checked.bool("--endpoint-probe", endpointProbe),
            checked.bool("--client-config-maps", clientConfigMaps),
            checked.bool("--leader-election", leaderElection),
            checked.namespace("--lease-namespace", leaseNamespace),
            checked.leaseName("--lease-name", leaseName),
            checked.identity(identity),
            checked.port("--health-port", healthPort),
            checked.webhook("--webhook-port", webhookPort, "--webhook-tls-dir", webhookTls),
            checked.level("--log-level", logLevel),
            new RateLimits(
                checked.rate("--lambda-rate", lambdaRate),
                RateLimits.AWS_QUOTAS.lambdaGetFunction(),
                RateLimits.AWS_QUOTAS.lambdaGetPolicy(),
                checked.rate("--api-gateway-rate", apiGatewayRate),
                RateLimits.AWS_QUOTAS.apiGatewayBurst(),
                checked.rate("--ecr-rate", ecrRate),
                RateLimits.AWS_QUOTAS.sts()),
            checked.policy("--policy-file", policyFile));
    List<String> mistakes = checked.mistakes();
    if (!mistakes.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), String.join(System.lineSeparator(), mistakes));
    }
    return settings;
  }

  /**
   * A command line whose mistakes are told without the whole help text after them.
   *
   * @param programs the folder of the operator's jar
   * @param run what to do with the settings; gives the exit code
   * @param subcommands what else the program does, as picocli's commands
   */
  public static CommandLine commandLine(
      Path programs, ToIntFunction<OperatorSettings> run, Object... subcommands) {
    var commandLine = new CommandLine(new OperatorCommand(programs, run));
    for (Object subcommand : subcommands) {
      commandLine.addSubcommand(subcommand);
    }
    commandLine.setParameterExceptionHandler(
        (mistake, arguments) -> {
          mistake.getCommandLine().getErr().println(mistake.getMessage());
          mistake.getCommandLine().getErr().println("See --help.");
          return CommandLine.ExitCode.USAGE;
        });
    return commandLine;
  }

  /** The version that the build wrote into the jar's manifest. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = OperatorCommand.class.getPackage().getImplementationVersion();
      return new String[] {"operator " + (version == null ? "(not from a jar)" : version)};
    }
  }
}
