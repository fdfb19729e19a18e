package dev.feast.aws.operator.iam;

import dev.feast.aws.operator.model.StackName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code iam-policy}: prints the IAM policies that an installation needs. */
@Command(
    name = "iam-policy",
    mixinStandardHelpOptions = true,
    usageHelpAutoWidth = true,
    subcommands = {
      PolicyCommand.Operator.class,
      PolicyCommand.Execution.class,
      PolicyCommand.ExecutionTrust.class
    },
    description = {
      "Prints IAM policies as JSON, for aws iam put-role-policy and its like. Nothing is sent to"
          + " AWS."
    })
public final class PolicyCommand implements Callable<Integer> {
  private static final Pattern ACCOUNT = Pattern.compile("[0-9]{12}");
  private static final Pattern REGION = Pattern.compile("[a-z]{2}(-[a-z]+)+-[0-9]");
  private static final Pattern ROLE_ARN = Pattern.compile("arn:aws[a-z-]*:iam::[0-9]{12}:role/.+");
  private static final Pattern KMS_KEY =
      Pattern.compile("arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/.+");
  private static final Pattern ROLE_NAME = Pattern.compile("[A-Za-z0-9+=,.@_/-]+[*]?");
  private static final Pattern REGISTRY = Pattern.compile("s3://([^/]+/.+)");
  private static final Pattern REPOSITORY = Pattern.compile("[a-z0-9._/-]+[*]?");
  private static final Pattern PROJECT = Pattern.compile("[A-Za-z0-9_]+");

  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    throw new ParameterException(
        spec.commandLine(), "iam-policy needs to know which: operator, execution, execution-trust");
  }

  /** Where an installation is. */
  static final class Place {
    @Option(
        names = "--account",
        paramLabel = "ID",
        required = true,
        description = "The AWS account, twelve digits.")
    String account = "";

    @Option(
        names = "--region",
        paramLabel = "REGION",
        required = true,
        split = ",",
        description = "Where FeatureServers live, e.g. us-west-2; several, separated by commas.")
    List<String> regions = new ArrayList<>();

    @Option(
        names = "--partition",
        paramLabel = "NAME",
        description = "aws, aws-cn, aws-us-gov, ...; default: that of the first region.")
    String partition = "";

    @Spec(Spec.Target.MIXEE)
    CommandSpec spec = CommandSpec.create();

    String partition() {
      if (!partition.isEmpty()) {
        return partition;
      }
      String first = regions.getFirst();
      return first.startsWith("cn-")
          ? "aws-cn"
          : first.startsWith("us-gov-") ? "aws-us-gov" : "aws";
    }

    Map<String, List<String>> values() {
      check("--account", account, ACCOUNT, "twelve digits");
      regions.forEach(region -> check("--region", region, REGION, "a region such as us-west-2"));
      return Map.of(
          "Partition", List.of(partition()), "Account", List.of(account), "Region", regions);
    }

    void check(String option, String value, Pattern form, String wanted) {
      if (!form.matcher(value).matches()) {
        throw new ParameterException(
            spec.commandLine(), "%s is '%s'; it has to be %s".formatted(option, value, wanted));
      }
    }
  }

  /** The operator's own. */
  @Command(
      name = "operator",
      mixinStandardHelpOptions = true,
      usageHelpAutoWidth = true,
      description = "The policy of the operator's role.")
  static final class Operator implements Callable<Integer> {
    @Mixin Place place = new Place();

    @Option(
        names = "--execution-role",
        paramLabel = "ROLE",
        required = true,
        split = ",",
        description =
            "ARN or name of a role that functions may have; several, separated by commas. A name"
                + " may end in *.")
    List<String> executionRoles = new ArrayList<>();

    @Option(
        names = "--assume-role",
        paramLabel = "ARN",
        split = ",",
        description =
            "Roles that the operator may act as (spec.aws.assumeRoleArn); the policy of each is"
                + " printed by this command for that role's account. Default: none.")
    List<String> assumedRoles = new ArrayList<>();

    @Option(
        names = "--kms-key",
        paramLabel = "ARN",
        split = ",",
        description =
            "Keys that FeatureServers may name as spec.function.kmsKeyArn. Default: none.")
    List<String> kmsKeys = new ArrayList<>();

    @Option(
        names = "--image-repository",
        paramLabel = "NAME",
        split = ",",
        description =
            "ECR repositories of this account that spec.image.uri or spec.image.source may name"
                + " without a pull secret; a name may end in *. Default: none.")
    List<String> imageRepositories = new ArrayList<>();

    @Option(
        names = "--reserved-concurrency",
        description = "FeatureServers may have spec.function.reservedConcurrency.")
    boolean reserving;

    @Option(
        names = "--provisioned-concurrency",
        description = "FeatureServers may have spec.function.provisionedConcurrency.")
    boolean provisioning;

    @Option(
        names = "--log-retention",
        description = "FeatureServers may have spec.function.logRetentionDays.")
    boolean logging;

    @Option(
        names = "--access-logs",
        description =
            "FeatureServers may have spec.endpoint.accessLog, whose delivery API Gateway sets up.")
    boolean accessLogging;

    @Option(
        names = "--vpc",
        description = "FeatureServers may have spec.function.vpc, whose parts Lambda looks up.")
    boolean vpc;

    @Override
    public Integer call() {
      var values = new java.util.TreeMap<>(place.values());
      imageRepositories.forEach(
          name -> place.check("--image-repository", name, REPOSITORY, "the name of a repository"));
      assumedRoles.forEach(
          role -> place.check("--assume-role", role, ROLE_ARN, "the ARN of a role"));
      values.put("AssumedRole", assumedRoles);
      kmsKeys.forEach(key -> place.check("--kms-key", key, KMS_KEY, "the ARN of a KMS key"));
      values.put("KmsKey", kmsKeys);
      values.put("ExecutionRole", executionRoles.stream().map(this::arn).toList());
      values.put("ImageRepository", imageRepositories);
      values.put("Networks", anyIf(vpc));
      values.put("AccessLogs", anyIf(accessLogging));
      values.put("LogGroups", logGroupsIf(logging));
      values.put("FoundLogGroups", logGroupsIf(logging || accessLogging));
      values.put("Reserving", prefixIf(reserving));
      values.put("Provisioning", prefixIf(provisioning));
      return print(place.spec, PolicyTemplate.OPERATOR, values);
    }

    private String arn(String role) {
      if (ROLE_ARN.matcher(role).matches()) {
        return role;
      }
      place.check("--execution-role", role, ROLE_NAME, "the ARN or the name of a role");
      return "arn:%s:iam::%s:role/%s".formatted(place.partition(), place.account, role);
    }
  }

  /** What functions do. */
  @Command(
      name = "execution",
      mixinStandardHelpOptions = true,
      usageHelpAutoWidth = true,
      description = "The policy of a role that functions have.")
  static final class Execution implements Callable<Integer> {
    @Mixin Place place = new Place();

    @Option(
        names = "--registry",
        paramLabel = "URL",
        required = true,
        split = ",",
        description = "The registry as feature_store.yaml has it, s3://bucket/key.")
    List<String> registries = new ArrayList<>();

    @Option(
        names = "--project",
        paramLabel = "NAME",
        required = true,
        split = ",",
        description = "The project as feature_store.yaml has it; its tables are called PROJECT.*.")
    List<String> projects = new ArrayList<>();

    @Option(
        names = "--tracing",
        description = "For spec.function.tracing: Active. Default: functions trace nothing.")
    boolean tracing;

    @Option(
        names = "--vpc",
        description = "For spec.function.vpc, which Lambda attaches the function to as this role.")
    boolean vpc;

    @Override
    public Integer call() {
      var values = new java.util.TreeMap<>(place.values());
      registries.forEach(
          url -> place.check("--registry", url, REGISTRY, "of the form s3://bucket/key"));
      projects.forEach(name -> place.check("--project", name, PROJECT, "a Feast project's name"));
      values.put(
          "Registry", registries.stream().map(url -> url.substring("s3://".length())).toList());
      values.put("Project", projects);
      values.put("Traces", anyIf(tracing));
      values.put("Network", anyIf(vpc));
      return print(place.spec, PolicyTemplate.EXECUTION, values);
    }
  }

  /** Who may be the function. */
  @Command(
      name = "execution-trust",
      mixinStandardHelpOptions = true,
      usageHelpAutoWidth = true,
      description = "The trust policy of a role that functions have.")
  static final class ExecutionTrust implements Callable<Integer> {
    @Spec CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
      return print(spec, PolicyTemplate.EXECUTION_TRUST, Map.of());
    }
  }

  /** What knows no resources is allowed on all of them, or left out. */
  private static List<String> anyIf(boolean used) {
    return used ? List.of("*") : List.of();
  }

  private static List<String> logGroupsIf(boolean used) {
    return used ? List.of("log-group") : List.of();
  }

  private static List<String> prefixIf(boolean used) {
    return used ? List.of(StackName.PREFIX) : List.of();
  }

  private static int print(
      CommandSpec spec, PolicyTemplate template, Map<String, List<String>> values) {
    spec.commandLine().getOut().println(template.render(values));
    return CommandLine.ExitCode.OK;
  }
}
