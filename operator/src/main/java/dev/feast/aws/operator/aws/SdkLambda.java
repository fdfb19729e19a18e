package dev.feast.aws.operator.aws;

import static dev.feast.aws.operator.aws.AwsErrors.ifFound;
import static dev.feast.aws.operator.aws.AwsErrors.translating;

import com.fasterxml.jackson.databind.JsonNode;
import dev.feast.aws.operator.model.Environment;
import dev.feast.aws.operator.model.FunctionConfiguration;
import dev.feast.aws.operator.model.FunctionConfiguration.LastUpdate;
import dev.feast.aws.operator.model.FunctionConfiguration.State;
import dev.feast.aws.operator.model.FunctionSettings;
import dev.feast.aws.operator.model.ObservedStack.Alias;
import dev.feast.aws.operator.model.ObservedStack.Permission;
import dev.feast.aws.operator.model.ObservedStack.Provisioned;
import dev.feast.aws.operator.model.ObservedStack.Provisioned.Allocation;
import dev.feast.aws.operator.model.ObservedStack.Version;
import dev.feast.aws.operator.model.PolicyStatement;
import dev.feast.aws.operator.model.VpcAttachment;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.Architecture;
import software.amazon.awssdk.services.lambda.model.EnvironmentError;
import software.amazon.awssdk.services.lambda.model.EnvironmentResponse;
import software.amazon.awssdk.services.lambda.model.EphemeralStorage;
import software.amazon.awssdk.services.lambda.model.GetAliasResponse;
import software.amazon.awssdk.services.lambda.model.GetFunctionResponse;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;
import software.amazon.awssdk.services.lambda.model.LastUpdateStatus;
import software.amazon.awssdk.services.lambda.model.LogType;
import software.amazon.awssdk.services.lambda.model.PackageType;
import software.amazon.awssdk.services.lambda.model.ProvisionedConcurrencyConfigListItem;
import software.amazon.awssdk.services.lambda.model.PublishVersionResponse;
import software.amazon.awssdk.services.lambda.model.SnapStartApplyOn;
import software.amazon.awssdk.services.lambda.model.SnapStartResponse;
import software.amazon.awssdk.services.lambda.model.TagsError;
import software.amazon.awssdk.services.lambda.model.TracingConfigResponse;
import software.amazon.awssdk.services.lambda.model.TracingMode;
import software.amazon.awssdk.services.lambda.model.VpcConfig;
import software.amazon.awssdk.services.lambda.model.VpcConfigResponse;

/** {@link Lambda} over the SDK. */
final class SdkLambda implements Lambda {
  private static final String LATEST = "$LATEST";

  /** A function's own limit is 30 s here; its first start comes on top. */
  private static final Duration INVOKE_TIMEOUT = Duration.ofSeconds(90);

  private static final DateTimeFormatter LAST_MODIFIED =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss[.SSS][.SS][.S][XXX][XX][X]");

  private final LambdaClient read;
  private final LambdaClient write;

  /**
   * @param read retries by itself
   * @param write does not: what a lost answer left behind has to be looked at first
   */
  SdkLambda(LambdaClient read, LambdaClient write) {
    this.read = read;
    this.write = write;
  }

  @Override
  public Optional<Described> find(String function) {
    return ifFound(
            "lambda:GetFunction of " + function,
            () -> read.getFunction(r -> r.functionName(function)))
        .map(
            found ->
                new Described(
                    configuration(found),
                    tags(function, found),
                    found.concurrency() == null
                        ? null
                        : found.concurrency().reservedConcurrentExecutions()));
  }

  @Override
  public FunctionConfiguration version(String function, long version) {
    return configuration(
        translating(
            "lambda:GetFunction of %s:%d".formatted(function, version),
            () ->
                read.getFunction(r -> r.functionName(function).qualifier(Long.toString(version)))));
  }

  @Override
  public List<Version> versions(String function) {
    return translating(
        "lambda:ListVersionsByFunction of " + function,
        () ->
            read.listVersionsByFunctionPaginator(r -> r.functionName(function)).versions().stream()
                .filter(version -> !version.version().equals(LATEST))
                .map(
                    version ->
                        new Version(
                            Long.parseLong(version.version()),
                            settings(
                                version.role(),
                                version.memorySize(),
                                version.timeout(),
                                version.environment(),
                                version.kmsKeyArn(),
                                version.ephemeralStorage(),
                                version.tracingConfig(),
                                version.vpcConfig(),
                                version.snapStart()),
                            digest(version.codeSha256()),
                            ""))
                .sorted(Comparator.comparingLong(Version::number))
                .toList());
  }

  @Override
  public Optional<Alias> alias(String function, String alias) {
    return ifFound(
            "lambda:GetAlias of %s:%s".formatted(function, alias),
            () -> read.getAlias(r -> r.functionName(function).name(alias)))
        .map(SdkLambda::alias);
  }

  @Override
  public List<Permission> permissions(String function, String alias) {
    return ifFound(
            "lambda:GetPolicy of %s:%s".formatted(function, alias),
            () -> read.getPolicy(r -> r.functionName(function).qualifier(alias)))
        .map(
            found ->
                PolicyStatement.parse(found.policy()).stream().map(SdkLambda::permission).toList())
        .orElse(List.of());
  }

  @Override
  public FunctionConfiguration create(
      String function,
      String image,
      String architecture,
      FunctionSettings settings,
      Map<String, String> tags) {
    var created =
        translating(
            "lambda:CreateFunction of " + function,
            List.of(settings.environment()),
            () ->
                write.createFunction(
                    r ->
                        r.functionName(function)
                            .packageType(PackageType.IMAGE)
                            .code(code -> code.imageUri(image))
                            .architectures(Architecture.fromValue(architecture))
                            .role(settings.role())
                            .memorySize(settings.memoryMiB())
                            .timeout(settings.timeoutSeconds())
                            .environment(e -> e.variables(settings.environment().variables()))
                            .kmsKeyArn(settings.kmsKeyArn())
                            .ephemeralStorage(e -> e.size(settings.ephemeralStorageMiB()))
                            .tracingConfig(t -> t.mode(tracing(settings)))
                            .vpcConfig(vpc(settings))
                            .snapStart(s -> s.applyOn(snapStart(settings)))
                            .tags(tags)));
    return new FunctionConfiguration(
        settings,
        image,
        architecture,
        state(created.stateAsString()),
        text(created.stateReason()),
        lastUpdate(created.lastUpdateStatus()),
        text(created.lastUpdateStatusReason()),
        instant(created.lastModified()));
  }

  @Override
  public FunctionConfiguration updateCode(String function, String image, String architecture) {
    var updated =
        translating(
            "lambda:UpdateFunctionCode of " + function,
            () ->
                write.updateFunctionCode(
                    r ->
                        r.functionName(function)
                            .imageUri(image)
                            .architectures(Architecture.fromValue(architecture))
                            .publish(false)));
    return new FunctionConfiguration(
        settings(
            updated.role(),
            updated.memorySize(),
            updated.timeout(),
            updated.environment(),
            updated.kmsKeyArn(),
            updated.ephemeralStorage(),
            updated.tracingConfig(),
            updated.vpcConfig(),
            updated.snapStart()),
        image,
        architecture,
        state(updated.stateAsString()),
        text(updated.stateReason()),
        lastUpdate(updated.lastUpdateStatus()),
        text(updated.lastUpdateStatusReason()),
        instant(updated.lastModified()));
  }

  @Override
  public FunctionConfiguration updateSettings(
      String function, FunctionSettings settings, String image, Environment former) {
    var updated =
        translating(
            "lambda:UpdateFunctionConfiguration of " + function,
            List.of(settings.environment(), former),
            () ->
                write.updateFunctionConfiguration(
                    r ->
                        r.functionName(function)
                            .role(settings.role())
                            .memorySize(settings.memoryMiB())
                            .timeout(settings.timeoutSeconds())
                            .environment(e -> e.variables(settings.environment().variables()))
                            .kmsKeyArn(settings.kmsKeyArn())
                            .ephemeralStorage(e -> e.size(settings.ephemeralStorageMiB()))
                            .tracingConfig(t -> t.mode(tracing(settings)))
                            .vpcConfig(vpc(settings))
                            .snapStart(s -> s.applyOn(snapStart(settings)))));
    return new FunctionConfiguration(
        settings,
        image,
        updated.architecturesAsStrings().isEmpty()
            ? Architecture.X86_64.toString()
            : updated.architecturesAsStrings().getFirst(),
        state(updated.stateAsString()),
        text(updated.stateReason()),
        lastUpdate(updated.lastUpdateStatus()),
        text(updated.lastUpdateStatusReason()),
        instant(updated.lastModified()));
  }

  @Override
  public void tag(String functionArn, Map<String, String> tags) {
    translating(
        "lambda:TagResource of " + functionArn,
        () -> write.tagResource(r -> r.resource(functionArn).tags(tags)));
  }

  @Override
  public void untag(String functionArn, Collection<String> keys) {
    translating(
        "lambda:UntagResource of " + functionArn,
        () -> write.untagResource(r -> r.resource(functionArn).tagKeys(keys)));
  }

  @Override
  public Version publish(String function, String digest) {
    PublishVersionResponse published =
        translating(
            "lambda:PublishVersion of " + function,
            () ->
                write.publishVersion(
                    // Refused where the code is not what was planned for.
                    r ->
                        r.functionName(function)
                            .codeSha256(digest.substring(digest.indexOf(':') + 1))));
    return new Version(
        Long.parseLong(published.version()),
        settings(
            published.role(),
            published.memorySize(),
            published.timeout(),
            published.environment(),
            published.kmsKeyArn(),
            published.ephemeralStorage(),
            published.tracingConfig(),
            published.vpcConfig(),
            published.snapStart()),
        digest(published.codeSha256()),
        "");
  }

  @Override
  public void createAlias(String function, String alias, long version) {
    translating(
        "lambda:CreateAlias of %s:%s".formatted(function, alias),
        () ->
            write.createAlias(
                r -> r.functionName(function).name(alias).functionVersion(Long.toString(version))));
  }

  @Override
  public void moveAlias(String function, String alias, long version) {
    translating(
        "lambda:UpdateAlias of %s:%s".formatted(function, alias),
        () ->
            write.updateAlias(
                r ->
                    r.functionName(function)
                        .name(alias)
                        .functionVersion(Long.toString(version))
                        .routingConfig(routing -> routing.additionalVersionWeights(Map.of()))));
  }

  @Override
  public void addPermission(String function, String alias, Permission permission) {
    translating(
        "lambda:AddPermission of %s:%s".formatted(function, alias),
        () ->
            write.addPermission(
                r ->
                    r.functionName(function)
                        .qualifier(alias)
                        .statementId(permission.statementId())
                        .principal(permission.principal())
                        .action(permission.action())
                        .sourceArn(permission.sourceArn())));
  }

  @Override
  public void removePermission(String function, String alias, String statementId) {
    ifFound(
        "lambda:RemovePermission of %s:%s".formatted(function, alias),
        () ->
            write.removePermission(
                r -> r.functionName(function).qualifier(alias).statementId(statementId)));
  }

  @Override
  public List<Provisioned> provisioned(String function) {
    return translating(
        "lambda:ListProvisionedConcurrencyConfigs of " + function,
        () ->
            read
                .listProvisionedConcurrencyConfigsPaginator(r -> r.functionName(function))
                .provisionedConcurrencyConfigs()
                .stream()
                .map(SdkLambda::provisioned)
                .toList());
  }

  @Override
  public void provision(String function, long version, int environments) {
    translating(
        "lambda:PutProvisionedConcurrencyConfig of %s:%d".formatted(function, version),
        () ->
            write.putProvisionedConcurrencyConfig(
                r ->
                    r.functionName(function)
                        .qualifier(Long.toString(version))
                        .provisionedConcurrentExecutions(environments)));
  }

  @Override
  public void releaseProvisioned(String function, String qualifier) {
    ifFound(
        "lambda:DeleteProvisionedConcurrencyConfig of %s:%s".formatted(function, qualifier),
        () ->
            write.deleteProvisionedConcurrencyConfig(
                r -> r.functionName(function).qualifier(qualifier)));
  }

  @Override
  public void reserveConcurrency(String function, int environments) {
    translating(
        "lambda:PutFunctionConcurrency of " + function,
        () ->
            write.putFunctionConcurrency(
                r -> r.functionName(function).reservedConcurrentExecutions(environments)));
  }

  @Override
  public void releaseConcurrency(String function) {
    translating(
        "lambda:DeleteFunctionConcurrency of " + function,
        () -> write.deleteFunctionConcurrency(r -> r.functionName(function)));
  }

  @Override
  public void deleteVersion(String function, long version) {
    ifFound(
        "lambda:DeleteFunction of %s:%d".formatted(function, version),
        () ->
            write.deleteFunction(r -> r.functionName(function).qualifier(Long.toString(version))));
  }

  @Override
  public void delete(String function) {
    ifFound(
        "lambda:DeleteFunction of " + function,
        () -> write.deleteFunction(r -> r.functionName(function)));
  }

  @Override
  public Invocation invoke(String function, long version, String payload) {
    InvokeResponse answer =
        translating(
            "lambda:InvokeFunction of %s:%d".formatted(function, version),
            () ->
                write.invoke(
                    r ->
                        r.functionName(function)
                            .qualifier(Long.toString(version))
                            .logType(LogType.TAIL)
                            .payload(SdkBytes.fromUtf8String(payload))
                            .overrideConfiguration(
                                o ->
                                    o.apiCallTimeout(INVOKE_TIMEOUT)
                                        .apiCallAttemptTimeout(INVOKE_TIMEOUT))));
    String log = answer.logResult();
    return new Invocation(
        Optional.ofNullable(answer.functionError()),
        answer.payload() == null ? "" : answer.payload().asUtf8String(),
        log == null ? "" : new String(Base64.getDecoder().decode(log), StandardCharsets.UTF_8));
  }

  private static FunctionConfiguration configuration(GetFunctionResponse found) {
    var configuration = found.configuration();
    String resolved = found.code() == null ? null : found.code().resolvedImageUri();
    return new FunctionConfiguration(
        settings(
            configuration.role(),
            configuration.memorySize(),
            configuration.timeout(),
            configuration.environment(),
            configuration.kmsKeyArn(),
            configuration.ephemeralStorage(),
            configuration.tracingConfig(),
            configuration.vpcConfig(),
            configuration.snapStart()),
        text(resolved),
        configuration.architecturesAsStrings().isEmpty()
            ? Architecture.X86_64.toString()
            : configuration.architecturesAsStrings().getFirst(),
        state(configuration.stateAsString()),
        text(configuration.stateReason()),
        lastUpdate(configuration.lastUpdateStatus()),
        text(configuration.lastUpdateStatusReason()),
        instant(configuration.lastModified()));
  }

  /**
   * GetFunction answers even where it could not read the tags. Taken for none, they would make our
   * function somebody else's, and a deletion would leave it behind.
   */
  private static Map<String, String> tags(String function, GetFunctionResponse found) {
    TagsError error = found.tagsError();
    if (error != null) {
      throw AwsErrors.partial(
          "lambda:ListTags of %s (with lambda:GetFunction)".formatted(function),
          text(error.errorCode()),
          text(error.message()));
    }
    return Map.copyOf(found.tags());
  }

  private static FunctionSettings settings(
      @Nullable String role,
      @Nullable Integer memory,
      @Nullable Integer timeout,
      @Nullable EnvironmentResponse environment,
      @Nullable String kmsKeyArn,
      @Nullable EphemeralStorage storage,
      @Nullable TracingConfigResponse tracing,
      @Nullable VpcConfigResponse vpc,
      @Nullable SnapStartResponse snapStart) {
    return new FunctionSettings(
        text(role),
        memory == null ? 0 : memory,
        timeout == null ? 0 : timeout,
        environment(environment),
        text(kmsKeyArn),
        storage == null ? FunctionSettings.DEFAULT_EPHEMERAL_STORAGE_MIB : storage.size(),
        tracing != null && tracing.mode() == TracingMode.ACTIVE,
        vpc == null
            ? VpcAttachment.NONE
            : VpcAttachment.of(vpc.subnetIds(), vpc.securityGroupIds()),
        snapStart != null && snapStart.applyOn() == SnapStartApplyOn.PUBLISHED_VERSIONS);
  }

  private static TracingMode tracing(FunctionSettings settings) {
    return settings.traced() ? TracingMode.ACTIVE : TracingMode.PASS_THROUGH;
  }

  private static SnapStartApplyOn snapStart(FunctionSettings settings) {
    return settings.snapStart() ? SnapStartApplyOn.PUBLISHED_VERSIONS : SnapStartApplyOn.NONE;
  }

  /** Empty lists take a function out of its VPC. */
  private static VpcConfig vpc(FunctionSettings settings) {
    return VpcConfig.builder()
        .subnetIds(settings.vpc().subnetIds())
        .securityGroupIds(settings.vpc().securityGroupIds())
        .build();
  }

  /** Lambda answers even where the caller may not use the key that the variables are under. */
  private static Environment environment(@Nullable EnvironmentResponse found) {
    if (found == null) {
      return Environment.NONE;
    }
    EnvironmentError error = found.error();
    return error == null
        ? Environment.of(found.variables())
        : Environment.unreadable(text(error.errorCode()) + ": " + text(error.message()));
  }

  private static Alias alias(GetAliasResponse found) {
    boolean splits =
        found.routingConfig() != null
            && !found.routingConfig().additionalVersionWeights().isEmpty();
    // "$LATEST" is not one of our versions: 0 makes the planner move the alias off it.
    return new Alias(
        found.functionVersion().equals(LATEST) ? 0 : Long.parseLong(found.functionVersion()),
        splits);
  }

  private static Provisioned provisioned(ProvisionedConcurrencyConfigListItem found) {
    String arn = found.functionArn();
    return new Provisioned(
        arn.substring(arn.lastIndexOf(':') + 1),
        found.requestedProvisionedConcurrentExecutions(),
        switch (found.status()) {
          case READY -> Allocation.READY;
          case FAILED -> Allocation.FAILED;
          case IN_PROGRESS, UNKNOWN_TO_SDK_VERSION -> Allocation.IN_PROGRESS;
        },
        text(found.statusReason()),
        instant(found.lastModified()));
  }

  private static Permission permission(PolicyStatement statement) {
    JsonNode tree = statement.tree();
    JsonNode source = tree.path("Condition").path("ArnLike").path("AWS:SourceArn");
    return new Permission(
        statement.sid(),
        tree.path("Principal").path("Service").asText(tree.path("Principal").toString()),
        tree.path("Action").asText(),
        source.isMissingNode() ? null : source.asText());
  }

  private static State state(@Nullable String state) {
    return switch (state == null ? "Active" : state) {
      case "Active" -> State.ACTIVE;
      case "Inactive" -> State.INACTIVE;
      case "Failed" -> State.FAILED;
      case "Deactivating", "Deactivated", "Deleting" -> State.LEAVING;
      default -> State.PENDING; // "Pending", "ActiveNonInvocable", and what Lambda will invent
    };
  }

  private static LastUpdate lastUpdate(@Nullable LastUpdateStatus status) {
    return switch (status) {
      case IN_PROGRESS -> LastUpdate.IN_PROGRESS;
      case FAILED -> LastUpdate.FAILED;
      case SUCCESSFUL, UNKNOWN_TO_SDK_VERSION -> LastUpdate.SUCCESSFUL;
      case null -> LastUpdate.SUCCESSFUL;
    };
  }

  private static String digest(@Nullable String codeSha256) {
    return "sha256:" + text(codeSha256);
  }

  private static String text(@Nullable String text) {
    return text == null ? "" : text;
  }

  private static @Nullable Instant instant(@Nullable String lastModified) {
    try {
      return lastModified == null
          ? null
          : OffsetDateTime.parse(lastModified, LAST_MODIFIED).toInstant();
    } catch (DateTimeParseException e) {
      return null; // Only bounds waits; without it the wait counts from now.
    }
  }
}
