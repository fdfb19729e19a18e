package dev.feast.aws.operator.validation;

import dev.feast.aws.api.v1alpha1.AwsSpec;
import dev.feast.aws.api.v1alpha1.FeatureServerSpec;
import dev.feast.aws.api.v1alpha1.FeatureStoreSource;
import dev.feast.aws.api.v1alpha1.SnapStart;
import dev.feast.aws.api.v1alpha1.Tracing;
import dev.feast.aws.operator.model.Access;
import dev.feast.aws.operator.model.Adoption;
import dev.feast.aws.operator.model.DesiredEndpoint;
import dev.feast.aws.operator.model.DesiredRollout;
import dev.feast.aws.operator.policy.TenantRules;
import dev.feast.aws.operator.validation.Problem.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Makes a {@link FeatureServerConfig} of a spec and its feature_store.yaml, or finds all that is
 * wrong with them.
 */
public final class FeatureServerValidator {
  private static final String REFERENCED = "feature_store.yaml: ";

  /**
   * @param adopt what the annotation {@link Adoption#ANNOTATION} holds; null where there is none
   * @param referenced what the spec refers to
   * @param rules what the operator's settings allow in the resource's namespace
   * @throws IllegalArgumentException where the spec refers to a text and none is given; whether the
   *     ConfigMap or Secret exists is the caller's to find out
   */
  public Validation validate(
      FeatureServerSpec spec, @Nullable String adopt, Referenced referenced, TenantRules rules) {
    return validate(spec, adopt, referenced, rules, origin(spec));
  }

  /**
   * The same before anything of it is stored, for whoever asks: of what the spec refers to messages
   * show nothing, and a key that would do stands for those in the Secret, which is not needed.
   *
   * @param adopt as above
   * @param featureStoreYaml as in {@link Referenced}
   */
  public Validation preview(
      FeatureServerSpec spec,
      @Nullable String adopt,
      @Nullable String featureStoreYaml,
      TenantRules rules) {
    Map<String, String> keys =
        spec.endpoint().apiKeys() == null
            ? null
            : Map.of("key", "x".repeat(EndpointChecks.SHORTEST_KEY));
    return validate(
        spec,
        adopt,
        new Referenced(featureStoreYaml, keys),
        rules,
        spec.featureStore() == null
            ? FeatureStoreYaml.Origin.UNSEEN
            : FeatureStoreYaml.Origin.OPEN);
  }

  /** What is wrong with the spec whatever the feature_store.yaml says that it refers to. */
  public List<Problem> previewWithoutFeatureStore(FeatureServerSpec spec, TenantRules rules) {
    List<Problem> problems = new ArrayList<>();
    TenantChecks tenant = new TenantChecks(rules, problems);
    new StoreChecks(FeatureStoreYaml.empty(), new Keys(REFERENCED), tenant, problems)
        .standIn(spec.function());
    String region = spec.aws() == null ? null : spec.aws().region();
    FunctionChecks function = new FunctionChecks(tenant, problems);
    function.image(spec.image(), region);
    function.environment(spec.function(), "", RuntimeEnvironment.settings(spec.serving(), null));
    function.kmsKeyArn(spec.function(), region);
    rest(spec, tenant, problems);
    return List.copyOf(problems);
  }

  private static Validation validate(
      FeatureServerSpec spec,
      @Nullable String adopt,
      Referenced referenced,
      TenantRules rules,
      FeatureStoreYaml.Origin origin) {
    String text = text(spec, referenced.featureStoreYaml());
    Keys keys = new Keys(spec.featureStoreFrom() == null ? "spec.featureStore." : REFERENCED);
    return switch (FeatureStoreYaml.read(text, variables(spec), origin)) {
      case FeatureStoreYaml.Reading.Unreadable unreadable ->
          new Validation.Rejected(
              List.of(new Problem(Reason.UnreadableFeatureStore, keys.root(), unreadable.why())));
      case FeatureStoreYaml.Reading.Read(FeatureStoreYaml yaml) ->
          validate(spec, adopt, text, yaml, keys, referenced.apiKeys(), rules);
    };
  }

  private static Validation validate(
      FeatureServerSpec spec,
      @Nullable String adopt,
      String text,
      FeatureStoreYaml yaml,
      Keys keys,
      @Nullable Map<String, String> apiKeys,
      TenantRules rules) {
    if (Boolean.FALSE.equals(yaml.value("feature_server", "enabled"))) {
      return new Validation.Disabled();
    }
    List<Problem> problems = new ArrayList<>();
    TenantChecks tenant = new TenantChecks(rules, problems);
    StoreChecks store = new StoreChecks(yaml, keys, tenant, problems);
    String project = store.project();
    store.provider();
    Registry registry = store.registry();
    String region = store.region(spec.aws());
    ExecutionRole role = store.executionRole(spec.function());
    store.entityKeyVersion();
    store.placeholdersInArns();

    FunctionChecks function = new FunctionChecks(tenant, problems);
    ImageWish image = function.image(spec.image(), region);
    DesiredEndpoint endpoint =
        new EndpointChecks(yaml, keys, problems).endpoint(spec.endpoint(), apiKeys);
    Access access = endpoint == null ? null : endpoint.access();
    if (access instanceof Access.Open) {
      tenant.publicEndpoint();
    }
    Map<String, String> environment =
        function.environment(
            spec.function(), text, RuntimeEnvironment.settings(spec.serving(), access));

    String kmsKeyArn = function.kmsKeyArn(spec.function(), region);
    DesiredRollout rollout = rest(spec, tenant, problems);
    Adoption adoption = adopt == null ? null : tenant.adoption(adopt);

    if (!problems.isEmpty()
        || project == null
        || registry == null
        || region == null
        || role == null
        || image == null
        || endpoint == null
        || environment == null
        || rollout == null
        || kmsKeyArn == null) {
      return new Validation.Rejected(problems);
    }
    return new Validation.Accepted(
        new FeatureServerConfig(
            project,
            registry,
            region,
            assumeRoleArn(spec),
            role,
            image,
            spec.function().memoryMiB(),
            spec.function().timeoutSeconds(),
            environment,
            kmsKeyArn,
            spec.function().ephemeralStorageMiB(),
            spec.function().tracing() == Tracing.Active,
            FunctionChecks.vpc(spec.function()),
            spec.function().snapStart() == SnapStart.PublishedVersions,
            FunctionChecks.capacity(spec.function()),
            spec.function().logRetentionDays(),
            endpoint,
            rollout,
            tags(spec.aws()),
            spec.deletionPolicy(),
            adoption,
            text));
  }

  /** What has nothing to do with the feature_store.yaml. */
  private static @Nullable DesiredRollout rest(
      FeatureServerSpec spec, TenantChecks tenant, List<Problem> problems) {
    DesiredRollout rollout = new RolloutChecks(problems).rollout(spec.rollout());
    String assumeRoleArn = assumeRoleArn(spec);
    if (assumeRoleArn != null) {
      tenant.assumeRole(assumeRoleArn);
    }
    new TagChecks(problems).tags(tags(spec.aws()));
    return rollout;
  }

  private static @Nullable String assumeRoleArn(FeatureServerSpec spec) {
    return spec.aws() == null ? null : spec.aws().assumeRoleArn();
  }

  private static String text(FeatureServerSpec spec, @Nullable String referencedText) {
    if (spec.featureStore() != null) {
      return FeatureStoreText.of(spec.featureStore());
    }
    return Optional.ofNullable(referencedText)
        .orElseThrow(() -> new IllegalArgumentException("the spec refers to a text: pass it"));
  }

  private static FeatureStoreYaml.Origin origin(FeatureServerSpec spec) {
    FeatureStoreSource from = spec.featureStoreFrom();
    return from != null && from.secretKeyRef() != null
        ? FeatureStoreYaml.Origin.SECRET
        : FeatureStoreYaml.Origin.OPEN;
  }

  /** What the runtime will find in its environment: the user's variables and Lambda's region. */
  private static Variables variables(FeatureServerSpec spec) {
    Map<String, String> variables = new TreeMap<>(spec.function().environment());
    String region = spec.aws() == null ? null : spec.aws().region();
    if (region != null) {
      variables.put("AWS_REGION", region);
      variables.put("AWS_DEFAULT_REGION", region);
    }
    return new Variables(variables);
  }

  private static Map<String, String> tags(@Nullable AwsSpec aws) {
    return aws == null ? Map.of() : aws.tags();
  }

  /** How keys of the feature_store.yaml are called in messages. */
  record Keys(String prefix) {
    String of(String path) {
      return prefix + path;
    }

    String root() {
      return prefix.substring(0, prefix.lastIndexOf(prefix.endsWith(".") ? '.' : ':'));
    }
  }
}
