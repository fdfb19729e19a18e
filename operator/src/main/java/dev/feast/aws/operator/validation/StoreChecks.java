package dev.feast.aws.operator.validation;

import dev.feast.aws.api.v1alpha1.AwsSpec;
import dev.feast.aws.api.v1alpha1.FunctionSpec;
import dev.feast.aws.operator.validation.Problem.Reason;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a feature_store.yaml must hold to be served from Lambda, key by key. Each method gives the
 * value that it found right, or null after it noted what is wrong.
 */
final class StoreChecks {
  /**
   * Feast's rule ({@code is_valid_name}), in ASCII: the project is also the first part of the names
   * of DynamoDB's tables, which have nothing else.
   */
  private static final Pattern PROJECT = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]*");

  private static final Pattern S3_OBJECT = Pattern.compile("s3://([^/]+)/(.+)");
  private static final Pattern REGION = Pattern.compile("[a-z]{2,}(-[a-z]+)+-[0-9]+");
  private static final Pattern PLACEHOLDER = Pattern.compile("(?<!\\$)\\{[A-Za-z_][\\w .-]*}");
  private static final Pattern ROLE_ARN =
      Pattern.compile("arn:[a-z-]+:iam::[0-9]{12}:role/(?:[\\x21-\\x7e]+/)?([\\w+=,.@-]{1,64})");
  private static final Pattern ROLE_NAME = Pattern.compile("[\\w+=,.@-]{1,64}");

  private final FeatureStoreYaml yaml;
  private final FeatureServerValidator.Keys keys;
  private final TenantChecks tenant;
  private final List<Problem> problems;

  StoreChecks(
      FeatureStoreYaml yaml,
      FeatureServerValidator.Keys keys,
      TenantChecks tenant,
      List<Problem> problems) {
    this.yaml = yaml;
    this.keys = keys;
    this.tenant = tenant;
    this.problems = problems;
  }

  @Nullable String project() {
    String want = "letters, digits, underscores and hyphens, not starting with _ or -";
    if (yaml.value("project") == null) {
      return problem(Reason.InvalidProject, "project", "is missing; name the Feast project");
    }
    String project = text(Reason.InvalidProject, want, "project");
    if (project != null && !PROJECT.matcher(project).matches()) {
      return problem(
          Reason.InvalidProject, "project", holds("project") + "; a project's name is " + want);
    }
    return project;
  }

  void provider() {
    if (yaml.value("provider") == null) {
      problem(Reason.ProviderNotAws, "provider", "is missing; must be aws");
      return;
    }
    String provider = text(Reason.ProviderNotAws, "aws", "provider");
    if (provider != null && !provider.equals("aws")) {
      problem(Reason.ProviderNotAws, "provider", holds("provider") + "; must be aws");
    }
  }

  @Nullable Registry registry() {
    String want = "s3://<bucket>/<key>, as `feast apply` writes it";
    Object registry = yaml.value("registry");
    if (registry == null) {
      return problem(Reason.RegistryNotOnS3, "registry", "is missing; must be " + want);
    }
    if (!(registry instanceof Map<?, ?> map) || FeatureStoreYaml.placeholder(map).isPresent()) {
      return registryAt(want, "registry");
    }
    Object type = yaml.value("registry", "registry_type");
    if (type != null && !type.equals("file")) {
      problem(
          Reason.RegistryNotOnS3,
          "registry.registry_type",
          holds("registry", "registry_type")
              + "; the runtime reads registries that are one object on S3: leave it out, or file");
    }
    Object ttl = yaml.value("registry", "cache_ttl_seconds");
    if (ttl != null && !(ttl instanceof Integer seconds && seconds >= 0)) {
      problem(
          Reason.InvalidValue,
          "registry.cache_ttl_seconds",
          holds("registry", "cache_ttl_seconds") + "; must be a number of seconds, 0 or more");
    }
    if (yaml.value("registry", "path") == null) {
      return problem(Reason.RegistryNotOnS3, "registry.path", "is missing; must be " + want);
    }
    return registryAt(want, "registry", "path");
  }

  private @Nullable Registry registryAt(String want, String... path) {
    String location = text(Reason.RegistryNotOnS3, want, path);
    if (location == null) {
      return null;
    }
    Matcher s3 = S3_OBJECT.matcher(location);
    return s3.matches()
        ? new Registry(s3.group(1), s3.group(2))
        : problem(
            Reason.RegistryNotOnS3, String.join(".", path), holds(path) + "; must be " + want);
  }

  /** Checks the online store; its region counts where {@code spec.aws.region} says nothing. */
  @Nullable String region(@Nullable AwsSpec aws) {
    Object store = yaml.value("online_store");
    boolean missing = !yaml.has("online_store") || "dynamodb".equals(store);
    if (!missing && !(store instanceof Map<?, ?>)) {
      problem(
          Reason.UnknownOnlineStore,
          "online_store",
          holds("online_store") + "; must be an object with type dynamodb and a region");
      return null;
    }
    Object type = yaml.value("online_store", "type");
    if (type != null && !type.equals("dynamodb")) {
      problem(
          Reason.UnknownOnlineStore,
          "online_store.type",
          holds("online_store", "type") + "; only dynamodb can be served from Lambda");
    }
    String storeRegion =
        yaml.value("online_store", "region") == null
            ? null
            : text(Reason.InvalidRegion, "an AWS region", "online_store", "region");
    if (storeRegion != null && !REGION.matcher(storeRegion).matches()) {
      problem(
          Reason.InvalidRegion,
          "online_store.region",
          holds("online_store", "region") + "; must be an AWS region such as us-west-2");
    }
    if (aws != null && aws.region() != null) {
      return aws.region();
    }
    if (yaml.value("online_store", "region") == null) {
      return problem(
          Reason.NoRegion,
          "online_store.region",
          "is missing; give it, or spec.aws.region, so that it is known where to serve");
    }
    return storeRegion;
  }

  /** Checks {@code feature_server}; {@code function.executionRole} may stand in for all of it. */
  @Nullable ExecutionRole executionRole(FunctionSpec function) {
    ExecutionRole standIn = standIn(function);
    Object block = yaml.value("feature_server");
    if (block == null) {
      if (function.executionRole() == null) {
        problem(
            Reason.FeatureServerMissing,
            "feature_server",
            "is missing; add it with enabled: true and execution_role_name, or give"
                + " spec.function.executionRole, which stands in for it");
      }
      return standIn;
    }
    if (!(block instanceof Map<?, ?>)) {
      return problem(
          Reason.InvalidValue,
          "feature_server",
          holds("feature_server") + "; must be an object with enabled and execution_role_name");
    }
    enabled(function);
    kind();
    return agreed(function, standIn);
  }

  /** What the spec itself says, null where it says nothing. */
  @Nullable ExecutionRole standIn(FunctionSpec function) {
    return function.executionRole() == null
        ? null
        : role("spec.function.executionRole", function.executionRole(), "");
  }

  private void enabled(FunctionSpec function) {
    Object enabled = yaml.value("feature_server", "enabled");
    if (enabled == null && function.executionRole() == null) {
      problem(
          Reason.InvalidValue,
          "feature_server.enabled",
          "is missing; write true to serve features, false to take down what serves them");
    } else if (enabled != null && !(enabled instanceof Boolean)) {
      problem(
          Reason.InvalidValue,
          "feature_server.enabled",
          holds("feature_server", "enabled") + "; must be true or false");
    }
  }

  private void kind() {
    Object type = yaml.value("feature_server", "type");
    if (type != null && !type.equals("aws_lambda")) {
      problem(
          Reason.InvalidValue,
          "feature_server.type",
          holds("feature_server", "type") + "; leave it out, or write aws_lambda");
    }
  }

  private @Nullable ExecutionRole agreed(FunctionSpec function, @Nullable ExecutionRole standIn) {
    String key = "feature_server.execution_role_name";
    if (yaml.value("feature_server", "execution_role_name") == null) {
      if (function.executionRole() == null) {
        problem(
            Reason.ExecutionRoleMissing,
            key,
            "is missing; give the ARN or name of the IAM role that the function runs as, here or in"
                + " spec.function.executionRole");
      }
      return standIn;
    }
    String written =
        text(
            Reason.InvalidExecutionRole,
            "the ARN or name of an IAM role",
            "feature_server",
            "execution_role_name");
    ExecutionRole role =
        written == null
            ? null
            : role(keys.of(key), written, yaml.shown("feature_server", "execution_role_name"));
    if (role == null || standIn == null) {
      return role == null ? standIn : role;
    }
    return role.agreedWith(standIn)
        .orElseGet(
            () ->
                problem(
                    Reason.TwoExecutionRoles,
                    key,
                    holds("feature_server", "execution_role_name")
                        + ", and spec.function.executionRole holds \""
                        + function.executionRole()
                        + "\": two different roles; leave one out, or make them the same"));
  }

  private @Nullable ExecutionRole role(String key, String text, String shown) {
    Optional<String> placeholder = placeholder(text);
    if (placeholder.isPresent()) {
      String cited =
          shown.isEmpty()
              ? "the placeholder " + placeholder.get()
              : yaml.cited("placeholder", placeholder.get());
      return note(new Problem(Reason.PlaceholderLeft, key, placeholderMessage(cited)));
    }
    if (ROLE_ARN.matcher(text).matches()) {
      return allowed(key, new ExecutionRole.ByArn(text), text, shown);
    }
    if (ROLE_NAME.matcher(text).matches()) {
      return allowed(key, new ExecutionRole.ByName(text), text, shown);
    }
    return note(
        new Problem(
            Reason.InvalidExecutionRole,
            key,
            "holds "
                + (shown.isEmpty() ? '"' + text + '"' : shown)
                + "; must be the ARN of an IAM role, such as"
                + " arn:<partition>:iam::123456789012:role/feast, or a role's name"));
  }

  private ExecutionRole allowed(String key, ExecutionRole role, String text, String shown) {
    tenant.executionRole(key, text, shown.isEmpty() ? '"' + text + '"' : shown);
    return role;
  }

  void entityKeyVersion() {
    Object version = yaml.value("entity_key_serialization_version");
    if (version != null && !(version instanceof Integer number && number >= 1 && number <= 3)) {
      problem(
          Reason.InvalidValue,
          "entity_key_serialization_version",
          holds("entity_key_serialization_version")
              + "; must be 1, 2 or 3, or left out to be found out from the stored items");
    }
  }

  /** ARNs never have braces, so one with braces is from a documentation wherever it stands. */
  void placeholdersInArns() {
    for (FeatureStoreYaml.Text arn : yaml.arns()) {
      if (!arn.path().equals("feature_server.execution_role_name")) {
        placeholder(arn.text())
            .ifPresent(
                name ->
                    problem(
                        Reason.PlaceholderLeft,
                        arn.path(),
                        placeholderMessage(yaml.cited("placeholder", name))));
      }
    }
  }

  /** A text that has neither a placeholder nor a variable left in it. */
  private @Nullable String text(Reason otherwise, String want, String... path) {
    String key = String.join(".", path);
    Object value = yaml.value(path);
    Optional<String> placeholder =
        switch (value) {
          case String text -> placeholder(text);
          case Map<?, ?> map -> FeatureStoreYaml.placeholder(map);
          case null, default -> Optional.empty();
        };
    if (placeholder.isPresent()) {
      return problem(
          Reason.PlaceholderLeft,
          key,
          placeholderMessage(yaml.cited("placeholder", placeholder.get())));
    }
    if (!(value instanceof String text)) {
      return problem(otherwise, key, holds(path) + ", which is no text; must be " + want);
    }
    Optional<String> variable = Variables.firstIn(text);
    if (variable.isPresent()) {
      return problem(
          Reason.UndefinedVariable,
          key,
          "uses "
              + yaml.cited("variable", variable.get())
              + "; define it in spec.function.environment");
    }
    return text;
  }

  private static Optional<String> placeholder(String text) {
    Matcher matcher = PLACEHOLDER.matcher(text);
    return matcher.find() ? Optional.of(matcher.group()) : Optional.empty();
  }

  private static String placeholderMessage(String cited) {
    return "still has " + cited + "; replace it by your own value";
  }

  private String holds(String... path) {
    return "holds " + yaml.shown(path);
  }

  private <T> @Nullable T problem(Reason reason, String path, String message) {
    return note(new Problem(reason, keys.of(path), message));
  }

  private <T> @Nullable T note(Problem problem) {
    problems.add(problem);
    return null;
  }
}
