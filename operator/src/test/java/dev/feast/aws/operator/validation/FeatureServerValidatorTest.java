package dev.feast.aws.operator.validation;

import static dev.feast.aws.operator.validation.Problem.Reason.ApiKeysMissing;
import static dev.feast.aws.operator.validation.Problem.Reason.AuthorizationConflict;
import static dev.feast.aws.operator.validation.Problem.Reason.EnvironmentTooLarge;
import static dev.feast.aws.operator.validation.Problem.Reason.ExecutionRoleMissing;
import static dev.feast.aws.operator.validation.Problem.Reason.FeatureServerMissing;
import static dev.feast.aws.operator.validation.Problem.Reason.InvalidApiKey;
import static dev.feast.aws.operator.validation.Problem.Reason.InvalidEnvironmentName;
import static dev.feast.aws.operator.validation.Problem.Reason.InvalidExecutionRole;
import static dev.feast.aws.operator.validation.Problem.Reason.InvalidImage;
import static dev.feast.aws.operator.validation.Problem.Reason.InvalidProject;
import static dev.feast.aws.operator.validation.Problem.Reason.InvalidRegion;
import static dev.feast.aws.operator.validation.Problem.Reason.InvalidValue;
import static dev.feast.aws.operator.validation.Problem.Reason.JwtMissing;
import static dev.feast.aws.operator.validation.Problem.Reason.NoRegion;
import static dev.feast.aws.operator.validation.Problem.Reason.PlaceholderLeft;
import static dev.feast.aws.operator.validation.Problem.Reason.ProviderNotAws;
import static dev.feast.aws.operator.validation.Problem.Reason.RegistryNotOnS3;
import static dev.feast.aws.operator.validation.Problem.Reason.ReservedEnvironmentName;
import static dev.feast.aws.operator.validation.Problem.Reason.TwoExecutionRoles;
import static dev.feast.aws.operator.validation.Problem.Reason.UndefinedVariable;
import static dev.feast.aws.operator.validation.Problem.Reason.UnknownOnlineStore;
import static dev.feast.aws.operator.validation.Problem.Reason.UnreadableFeatureStore;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.feast.aws.api.v1alpha1.ApiKeys;
import dev.feast.aws.api.v1alpha1.Architecture;
import dev.feast.aws.api.v1alpha1.Authorization;
import dev.feast.aws.api.v1alpha1.AwsSpec;
import dev.feast.aws.api.v1alpha1.DeletionPolicy;
import dev.feast.aws.api.v1alpha1.EndpointSpec;
import dev.feast.aws.api.v1alpha1.FeatureServer;
import dev.feast.aws.api.v1alpha1.FeatureServerSpec;
import dev.feast.aws.api.v1alpha1.FeatureStoreSource;
import dev.feast.aws.api.v1alpha1.FunctionSpec;
import dev.feast.aws.api.v1alpha1.ImageSpec;
import dev.feast.aws.api.v1alpha1.JwtSpec;
import dev.feast.aws.api.v1alpha1.KeyReference;
import dev.feast.aws.api.v1alpha1.PullSecret;
import dev.feast.aws.api.v1alpha1.RolloutSpec;
import dev.feast.aws.api.v1alpha1.ServingSpec;
import dev.feast.aws.api.v1alpha1.SnapStart;
import dev.feast.aws.api.v1alpha1.Tracing;
import dev.feast.aws.operator.model.Access;
import dev.feast.aws.operator.model.ApiKey;
import dev.feast.aws.operator.model.DesiredEndpoint;
import dev.feast.aws.operator.policy.TenantRules;
import dev.feast.aws.operator.validation.Problem.Reason;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FeatureServerValidatorTest {
  private static final String GOOD =
      """
      project: dev
      registry: s3://feast/registries/dev
      provider: aws
      online_store:
        region: us-west-2
      feature_server:
        enabled: True
        execution_role_name: arn:aws:iam::000000000000:role/lambda_execution_role
      """;

  private static final String KEY = "0123456789abcdef-0123456789ABCDEF";

  private final FeatureServerValidator validator = new FeatureServerValidator();

  @Test
  void acceptsTheDocumentedStore() {
    String text = documented().replace("{aws_account}", "000000000000");

    FeatureServerConfig config = accepted(validate(text));

    assertThat(config.project()).isEqualTo("dev");
    assertThat(config.registry()).isEqualTo(new Registry("feast", "registries/dev"));
    assertThat(config.region()).isEqualTo("us-west-2");
    assertThat(config.executionRole().arn("aws", "111111111111"))
        .isEqualTo("arn:aws:iam::000000000000:role/lambda_execution_role");
    assertThat(config.image()).isEqualTo(new ImageWish.Shipped(null));
    assertThat(config.memoryMiB()).isEqualTo(1769);
    assertThat(config.timeoutSeconds()).isEqualTo(30);
    assertThat(config.deletionPolicy()).isEqualTo(DeletionPolicy.Delete);
    assertThat(config.featureStoreYaml()).isEqualTo(text);
    assertThat(config.environment())
        .containsOnlyKeys("FEATURE_STORE_YAML_BASE64", "FEATURE_SERVER_SERVING");
    assertThat(config.endpoint()).isEqualTo(DesiredEndpoint.OPEN);
  }

  @Test
  void namesThePlaceholderThatTheDocumentationHas() {
    assertThat(problems(validate(documented())))
        .containsExactlyInAnyOrder(
            new Problem(
                PlaceholderLeft,
                "feature_store.yaml: feature_server.execution_role_name",
                "still has the placeholder {aws_account}; replace it by your own value"),
            new Problem(
                PlaceholderLeft,
                "feature_store.yaml: offline_store.iam_role",
                "still has the placeholder {aws_account}; replace it by your own value"));
  }

  /** One mistake each: what the good file's line becomes, and what is said of it. */
  static Stream<Arguments> mistakes() {
    return Stream.of(
        mistake("provider: aws", "provider: gcp", ProviderNotAws, "provider", "\"gcp\"", "aws"),
        mistake("provider: aws", "", ProviderNotAws, "provider", "missing", "aws"),
        mistake("provider: aws", "provider: [aws]", ProviderNotAws, "provider", "a list", "aws"),
        mistake("project: dev", "", InvalidProject, "project", "missing"),
        mistake("project: dev", "project: _dev", InvalidProject, "project", "\"_dev\"", "letters"),
        mistake("project: dev", "project: a.b", InvalidProject, "project", "\"a.b\"", "letters"),
        mistake("project: dev", "project: 7", InvalidProject, "project", "7", "no text"),
        mistake("project: dev", "project: {project}", PlaceholderLeft, "project", "{project}"),
        mistake("project: dev", "project: ${PP}", UndefinedVariable, "project", "${PP}"),
        mistake("s3://feast/registries/dev", "data/r.db", RegistryNotOnS3, "registry", "data/r.db"),
        mistake("s3://feast/registries/dev", "s3://feast", RegistryNotOnS3, "registry", "s3://f"),
        mistake("registry: s3://feast/registries/dev", "", RegistryNotOnS3, "registry", "missing"),
        mistake("s3://feast/registries/dev", "gs://b/k", RegistryNotOnS3, "registry", "gs://b/k"),
        mistake(
            "registry: s3://feast/registries/dev",
            "registry: {path: /tmp/r}",
            RegistryNotOnS3,
            "registry.path",
            "/tmp/r"),
        mistake(
            "registry: s3://feast/registries/dev",
            "registry: {cache_ttl_seconds: 60}",
            RegistryNotOnS3,
            "registry.path",
            "missing"),
        mistake(
            "registry: s3://feast/registries/dev",
            "registry: {registry_type: sql, path: 's3://b/k'}",
            RegistryNotOnS3,
            "registry.registry_type",
            "sql"),
        mistake(
            "registry: s3://feast/registries/dev",
            "registry: {path: 's3://b/k', cache_ttl_seconds: soon}",
            InvalidValue,
            "registry.cache_ttl_seconds",
            "soon"),
        mistake("s3://feast/registries/dev", "s3://{bucket}/k", PlaceholderLeft, "registry", "{b"),
        mistake(
            "  region: us-west-2",
            "  region: us-west-2\n  type: redis",
            UnknownOnlineStore,
            "online_store.type",
            "redis",
            "dynamodb"),
        mistake(
            "online_store:\n  region: us-west-2",
            "online_store: null",
            UnknownOnlineStore,
            "online_store",
            "nothing"),
        mistake("  region: us-west-2", "  type: dynamodb", NoRegion, "online_store.region", "aws."),
        mistake("region: us-west-2", "region: west", InvalidRegion, "online_store.region", "west"),
        mistake("enabled: True", "enabled: maybe", InvalidValue, "feature_server.enabled", "maybe"),
        mistake("  enabled: True\n", "", InvalidValue, "feature_server.enabled", "missing"),
        mistake(
            "  execution_role_name: arn:aws:iam::000000000000:role/lambda_execution_role\n",
            "",
            ExecutionRoleMissing,
            "feature_server.execution_role_name",
            "spec.function.executionRole"),
        mistake(
            "arn:aws:iam::000000000000:role/lambda_execution_role",
            "arn:aws:s3:::bucket",
            InvalidExecutionRole,
            "feature_server.execution_role_name",
            "arn:aws:s3:::bucket"),
        mistake(
            "enabled: True",
            "enabled: True\n  auth: x",
            InvalidValue,
            "feature_server.auth",
            "\"x\"",
            "api-key"),
        mistake(
            "enabled: True",
            "enabled: True\n  public: no",
            AuthorizationConflict,
            "feature_server.public",
            "false",
            "spec.endpoint.authorization"),
        mistake(
            "enabled: True",
            "enabled: True\n  public: perhaps",
            InvalidValue,
            "feature_server.public",
            "perhaps"),
        mistake(
            "enabled: True",
            "enabled: True\n  type: gcp_cloudrun",
            InvalidValue,
            "feature_server.type",
            "gcp_cloudrun"),
        mistake(
            "provider: aws",
            "provider: aws\nentity_key_serialization_version: 4",
            InvalidValue,
            "entity_key_serialization_version",
            "4"));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void namesTheKeyWhatItHoldsAndWhatWouldDo(
      String good, String bad, Problem.Reason reason, String key, List<String> words) {
    assertThat(GOOD).contains(good);

    List<Problem> problems = problems(validate(GOOD.replace(good, bad)));

    assertThat(problems).hasSize(1);
    assertThat(problems.getFirst().reason()).isEqualTo(reason);
    assertThat(problems.getFirst().key()).isEqualTo("feature_store.yaml: " + key);
    assertThat(words).allSatisfy(word -> assertThat(problems.getFirst().message()).contains(word));
  }

  @Test
  void asksForAFeatureServerOrARoleThatStandsIn() {
    String today = GOOD.substring(0, GOOD.indexOf("feature_server"));

    assertThat(problems(validate(today)))
        .singleElement()
        .satisfies(problem -> assertThat(problem.reason()).isEqualTo(FeatureServerMissing));

    assertThat(accepted(validate(today, role("feast"), null, null)).executionRole())
        .isEqualTo(new ExecutionRole.ByName("feast"));
  }

  @Test
  void reportsAllProblemsAtOnce() {
    Validation validation =
        validate("provider: gcp\nproject: _x\nregistry: r\n", FunctionSpec.DEFAULT, null, null);

    assertThat(problems(validation))
        .extracting(Problem::reason)
        .containsExactly(
            InvalidProject, ProviderNotAws, RegistryNotOnS3, NoRegion, FeatureServerMissing);
    assertThat(((Validation.Rejected) validation).reason()).isEqualTo("SeveralProblems");
    assertThat(((Validation.Rejected) validation).message())
        .startsWith("5 problems: (1) feature_store.yaml: project: holds \"_x\"")
        .contains("(5) feature_store.yaml: feature_server: is missing");
  }

  @Test
  void namesKeysOfTheSpecWhereTheStoreIsInIt() {
    FeatureServer server =
        new KubernetesSerialization()
            .unmarshal(
                """
                apiVersion: aws.feast.dev/v1alpha1
                kind: FeatureServer
                metadata: {name: dev}
                spec:
                  featureStore: {project: dev, provider: gcp, registry: "s3://b/k", online_store: {region: eu-west-1}}
                  function: {executionRole: feast}
                """,
                FeatureServer.class);

    assertThat(
            problems(
                validator.validate(
                    server.getSpec(), null, Referenced.NOTHING, TenantRules.DEFAULT)))
        .extracting(Problem::text)
        .containsExactly("spec.featureStore.provider: holds \"gcp\"; must be aws");
  }

  @ParameterizedTest
  @ValueSource(strings = {"enabled: false", "enabled: no", "enabled: Off"})
  void disabledIsNoMistakeWhateverElseThereIs(String enabled) {
    assertThat(validate(GOOD.replace("enabled: True", enabled).replace("aws\n", "gcp\n")))
        .isEqualTo(new Validation.Disabled());
  }

  @ParameterizedTest
  @ValueSource(strings = {"yes", "on", "TRUE", "True"})
  void readsTruthAsPyYamlDoes(String truth) {
    accepted(validate(GOOD.replace("enabled: True", "enabled: " + truth + "\n  public: " + truth)));
  }

  @Test
  void twoDifferentRolesAreAMistakeAndTwoNamesOfOneAreNot() {
    String arn = "arn:aws:iam::000000000000:role/lambda_execution_role";

    assertThat(problems(validate(GOOD, role("other"), null, null)))
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.reason()).isEqualTo(TwoExecutionRoles);
              assertThat(problem.message()).contains(arn, "other");
            });
    assertThat(
            problems(
                validate(
                    GOOD,
                    role("arn:aws:iam::111111111111:role/lambda_execution_role"),
                    null,
                    null)))
        .extracting(Problem::reason)
        .containsExactly(TwoExecutionRoles);
    assertThat(accepted(validate(GOOD, role(arn), null, null)).executionRole())
        .isEqualTo(new ExecutionRole.ByArn(arn));
    assertThat(accepted(validate(GOOD, role("lambda_execution_role"), null, null)).executionRole())
        .isEqualTo(new ExecutionRole.ByArn(arn));
  }

  @Test
  void aNamedRoleIsInTheFunctionsAccountAndPartition() {
    FeatureServerConfig config =
        accepted(
            validate(GOOD.replace("arn:aws:iam::000000000000:role/lambda_execution_role", "r")));

    assertThat(config.executionRole().arn("aws-cn", "123456789012"))
        .isEqualTo("arn:aws-cn:iam::123456789012:role/r");
  }

  @ParameterizedTest
  @CsvSource({
    "ReservedTag, project, x",
    "ReservedTag, feast-owned, x",
    "ReservedTag, aws.feast.dev/uid, x",
    "ReservedTag, AWS:x, x",
    "InvalidTag, team#1, x",
    "InvalidTag, team, a;b",
  })
  void aTagThatCannotBeSetIsAMistake(Reason reason, String key, String value) {
    var aws = new AwsSpec(null, Map.of(key, value), null);

    assertThat(problems(validate(GOOD, FunctionSpec.DEFAULT, aws, null)))
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.reason()).isEqualTo(reason);
              assertThat(problem.key()).isEqualTo("spec.aws.tags." + key);
            });
  }

  @Test
  void aTagsKeyIsAsLongAsAwsTakes() {
    assertThat(problemsOfTag("k".repeat(129))).hasSize(1);
    assertThat(problemsOfTag("k".repeat(128))).isEmpty();
  }

  private List<Problem> problemsOfTag(String key) {
    var aws = new AwsSpec(null, Map.of(key, "é und +-=._:/@ 1"), null);
    return validate(GOOD, FunctionSpec.DEFAULT, aws, null)
            instanceof Validation.Rejected(List<Problem> problems)
        ? problems
        : List.of();
  }

  @Test
  void theSpecsRegionGoesBeforeTheStores() {
    AwsSpec aws = new AwsSpec("eu-central-1", Map.of("team", "ml"), null);

    FeatureServerConfig config = accepted(validate(GOOD, FunctionSpec.DEFAULT, aws, null));

    assertThat(config.region()).isEqualTo("eu-central-1");
    assertThat(config.tags()).isEqualTo(Map.of("team", "ml"));
    assertThat(
            accepted(
                    validate(
                        GOOD.replace("  region: us-west-2", "  type: dynamodb"),
                        FunctionSpec.DEFAULT,
                        aws,
                        null))
                .region())
        .isEqualTo("eu-central-1");
  }

  @Test
  void expandsVariablesForTheChecksAndPassesThemOnAsTheyAre() {
    String text =
        GOOD.replace("dev\nreg", "${PROJECT}\nreg")
            .replace("us-west-2", "$STORE_REGION")
            .replace(
                "registry: s3://feast/registries/dev",
                "registry:\n  path: ${REG}\n  cache_ttl_seconds: ${TTL}");
    FunctionSpec function =
        environment(
            Map.of("PROJECT", "dev", "STORE_REGION", "eu-west-1", "REG", "s3://b/k", "TTL", "60"));

    FeatureServerConfig config = accepted(validate(text, function, null, null));

    assertThat(config.project()).isEqualTo("dev");
    assertThat(config.region()).isEqualTo("eu-west-1");
    assertThat(config.registry()).isEqualTo(new Registry("b", "k"));
    assertThat(config.featureStoreYaml()).isEqualTo(text);
    assertThat(config.environment())
        .containsEntry("PROJECT", "dev")
        .containsEntry(
            "FEATURE_STORE_YAML_BASE64",
            Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void neverShowsTheValueOfAVariable() {
    Validation validation =
        validate(
            GOOD.replace("provider: aws", "provider: ${PP}").replace("dev\nreg", "\"${QQ}\"\nreg"),
            environment(Map.of("PP", "hunter2", "QQ", "hunter2 too")),
            null,
            null);

    assertThat(problems(validation)).hasSize(2);
    assertThat(((Validation.Rejected) validation).message())
        .contains("${PP}", "${QQ}")
        .doesNotContain("hunter2");
  }

  /** Each text has the password wherever a message could repeat it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        """
        project: hunter2 !
        provider: hunter2
        registry: postgresql://feast:hunter2@host/db
        online_store: {type: hunter2, region: hunter2}
        feature_server: {enabled: hunter2, type: hunter2, auth: hunter2, public: hunter2,
                         execution_role_name: hunter2 !}
        entity_key_serialization_version: hunter2
        """,
        """
        project: pa$hunter2
        provider: '{hunter2}'
        registry: {path: hunter2, registry_type: hunter2, cache_ttl_seconds: hunter2}
        online_store: hunter2
        feature_server: {enabled: True, execution_role_name: hunter2}
        offline_store: {iam_role: 'arn:aws:iam::{hunter2}:role/x'}
        """,
        "feature_server: {execution_role_name: '{hunter2}'}",
        "project: *hunter2",
        "project: !hunter2 x",
        "project: !!int hunter2",
        "hunter2: 1\nhunter2: 2",
        "hunter2: [",
      })
  void showsNothingOfWhatIsInASecret(String text) {
    Validation validation =
        validator.validate(
            fromSecret(role("another")), null, new Referenced(text, null), TenantRules.DEFAULT);

    assertThat(problems(validation)).isNotEmpty();
    assertThat(((Validation.Rejected) validation).message())
        .contains("feature_store.yaml")
        .doesNotContain("hunter2");
  }

  @Test
  void readsAFileThatIsOnlyYamlOnceItsVariablesAreInPlace() {
    String text = GOOD.replace("registry: s3://feast/registries/dev", "registry: {path: ${REG}}");

    accepted(validate(text, environment(Map.of("REG", "s3://b/k")), null, null));
    assertThat(problems(validate(text, environment(Map.of("REG", "hunter2")), null, null)))
        .extracting(Problem::text)
        .containsExactly(
            "feature_store.yaml: registry.path: holds what its variables make of it; must be"
                + " s3://<bucket>/<key>, as `feast apply` writes it");
  }

  @Test
  void lambdaSetsTheRegionThatTheStoreMayRefer() {
    FeatureServerConfig config =
        accepted(
            validate(
                GOOD.replace("us-west-2", "${AWS_REGION}"),
                FunctionSpec.DEFAULT,
                new AwsSpec("eu-west-3", Map.of(), null),
                null));

    assertThat(config.region()).isEqualTo("eu-west-3");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "AWS_REGION",
        "AWS_LAMBDA_RUNTIME_API",
        "_HANDLER",
        "FEATURE_STORE_YAML_BASE64",
        "FEATURE_STORE_YAML_GZIP_BASE64",
        "FEATURE_SERVER_SERVING",
        "FEATURE_SERVER_ANYTHING"
      })
  void refusesReservedNamesInTheEnvironment(String name) {
    assertThat(problems(validate(GOOD, environment(Map.of(name, "secret")), null, null)))
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.reason()).isEqualTo(ReservedEnvironmentName);
              assertThat(problem.key()).isEqualTo("spec.function.environment." + name);
              assertThat(problem.message()).doesNotContain("secret");
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"A", "1A", "A-B", "A B", ""})
  void refusesNamesThatLambdaWouldRefuse(String name) {
    assertThat(problems(validate(GOOD, environment(Map.of(name, "v")), null, null)))
        .extracting(Problem::reason)
        .containsExactly(InvalidEnvironmentName);
  }

  @Test
  void saysBothSizesOfAnEnvironmentThatIsTooLarge() {
    String noise = "hunter2".repeat(600);

    assertThat(problems(validate(GOOD, environment(Map.of("NOISE", noise)), null, null)))
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.reason()).isEqualTo(EnvironmentTooLarge);
              assertThat(problem.message())
                  .containsPattern("[0-9]+ bytes, [0-9]+ with .* compressed, and Lambda takes 4096")
                  .doesNotContain("hunter2");
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "just text",
        "- a\n- b",
        "project: [",
        "project: dev\nproject: prod",
        "project: !!java.lang.Runtime x",
        "project: !!int x",
        "a: &a [x,x,x,x,x,x,x,x,x]\n"
            + "b: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\n"
            + "c: [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b,*b,*b,*b,*b,*b,*b,*b,*b,*b,*b,*b,*b,*b,*b,*b,*b,*b,*b,*b,*b,*b,*b,*b,*b,*b,*b,*b,*b,*b,*b,*b,*b,*b,*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]",
        "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
        "project: dev\nx: &x {y: *x}",
        "x: &x [1, [*x]]",
        "a: &a {b: &b {a: *a, b: *b}}"
      })
  void saysWhereATextIsNoFeatureStore(String text) {
    assertThat(problems(validate(text)))
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.reason()).isEqualTo(UnreadableFeatureStore);
              assertThat(problem.key()).isEqualTo("feature_store.yaml");
            });
  }

  /** What feature_store.yaml says of it, what spec.endpoint says, and who then may ask. */
  static Stream<Arguments> agreements() {
    return Stream.of(
        arguments("", null, false),
        arguments("auth: none", null, false),
        arguments("auth: none", Authorization.None, false),
        arguments("public: true", null, false),
        arguments("", Authorization.APIKey, true),
        arguments("auth: api-key", null, true),
        arguments("auth: api-key", Authorization.APIKey, true),
        arguments("public: false", Authorization.APIKey, true),
        arguments("public: true", Authorization.APIKey, true));
  }

  @ParameterizedTest
  @MethodSource("agreements")
  void letsBothSayWhoMayAsk(String written, @Nullable Authorization declared, boolean byKey) {
    Map<String, String> keys = byKey ? Map.of("b", KEY + "b", "a", KEY + "a\n") : null;

    FeatureServerConfig config = accepted(validate(withFeatureServer(written), declared, keys));

    assertThat(config.endpoint().access())
        .isEqualTo(
            byKey
                ? new Access.ByApiKey(List.of(new ApiKey(KEY + "a"), new ApiKey(KEY + "b")))
                : new Access.Open());
    String digests = config.environment().get("FEATURE_SERVER_API_KEY_SHA256");
    if (byKey) {
      assertThat(digests).matches("[0-9a-f]{64},[0-9a-f]{64}");
    } else {
      assertThat(digests).isNull();
    }
    assertThat(config.toString()).doesNotContain(KEY);
  }

  @Test
  void letsApiGatewayCheckWhoAsks() {
    var jwt =
        new JwtSpec(
            "https://issuer.example",
            List.of("b", "a"),
            List.of(),
            "$request.header.Authorization");

    FeatureServerConfig iam =
        accepted(validate("public: false", endpoint(Authorization.IAM, null, null)));
    FeatureServerConfig token =
        accepted(validate("public: false", endpoint(Authorization.JWT, null, jwt)));

    assertThat(iam.endpoint().access()).isEqualTo(new Access.ByIam());
    assertThat(token.endpoint().access())
        .isEqualTo(
            new Access.ByJwt(
                "https://issuer.example",
                Set.of("a", "b"),
                Set.of(),
                "$request.header.Authorization"));
    assertThat(iam.environment()).doesNotContainKey(ApiKey.DIGESTS);
  }

  /** The CRD refuses all but the last; an object written past it must not open an endpoint. */
  @Test
  void refusesAnAuthorizationThatNothingChecks() {
    var keys = new ApiKeys("dev-keys");

    assertThat(reasons(validate("", endpoint(Authorization.IAM, keys, null))))
        .containsExactly(AuthorizationConflict);
    assertThat(reasons(validate("", endpoint(Authorization.JWT, null, null))))
        .containsExactly(JwtMissing);
    assertThat(reasons(validate("auth: none", endpoint(Authorization.IAM, null, null))))
        .containsExactly(AuthorizationConflict);
  }

  private static EndpointSpec endpoint(
      Authorization authorization, @Nullable ApiKeys keys, @Nullable JwtSpec jwt) {
    return new EndpointSpec(authorization, keys, jwt, null, null, null);
  }

  private Validation validate(String featureServer, EndpointSpec endpoint) {
    return validator.validate(
        spec(FunctionSpec.DEFAULT, endpoint, null, null),
        null,
        new Referenced(withFeatureServer(featureServer), null),
        TenantRules.DEFAULT);
  }

  private static List<Reason> reasons(Validation validation) {
    return ((Validation.Rejected) validation).problems().stream().map(Problem::reason).toList();
  }

  static Stream<Arguments> disagreements() {
    Map<String, String> keys = Map.of("a", KEY);
    return Stream.of(
        arguments("auth: none", Authorization.APIKey, keys, AuthorizationConflict, "\"none\""),
        arguments("auth: api-key", Authorization.None, null, AuthorizationConflict, "api-key"),
        arguments("public: false", null, null, AuthorizationConflict, "holds false"),
        arguments("", null, keys, AuthorizationConflict, "set spec.endpoint.authorization"),
        arguments("auth: none", null, keys, AuthorizationConflict, "set spec.endpoint.auth"),
        arguments("auth: api-key", null, null, ApiKeysMissing, "secretName"),
        arguments("", Authorization.APIKey, null, ApiKeysMissing, "secretName"),
        arguments("auth: api-key", null, Map.of(), InvalidApiKey, "dev-keys, which holds nothing"),
        arguments("auth: api-key", null, Map.of("a", KEY, "b", "hunter2"), InvalidApiKey, "7 char"),
        arguments("auth: api-key", null, Map.of("a", KEY + " x"), InvalidApiKey, "no header"),
        arguments("auth: api-key", null, Map.of("a", KEY + "\n\n"), InvalidApiKey, "no header"),
        arguments("auth: api-key", null, Map.of("a", KEY + "\u00e9"), InvalidApiKey, "ASCII"));
  }

  @ParameterizedTest
  @MethodSource("disagreements")
  void saysWhereItIsNotClearWhoMayAsk(
      String written,
      @Nullable Authorization declared,
      @Nullable Map<String, String> keys,
      Reason reason,
      String words) {
    assertThat(problems(validate(withFeatureServer(written), declared, keys)))
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.reason()).isEqualTo(reason);
              assertThat(problem.text()).contains(words).doesNotContain(KEY, "hunter2");
            });
  }

  @Test
  void aRenamedEntryOfTheKeysSecretIsNoNewEnvironment() {
    var keys = Map.of("a", KEY + "1", "b", KEY + "2");
    var renamed = Map.of("z", KEY + "1", "b", KEY + "2", "c", KEY + "2");

    assertThat(accepted(validate(GOOD, Authorization.APIKey, renamed)).environment())
        .isEqualTo(accepted(validate(GOOD, Authorization.APIKey, keys)).environment());
  }

  private static String withFeatureServer(String line) {
    return GOOD.replace("enabled: True", "enabled: True\n  " + line);
  }

  /** ~ is a key, and each alias stands for all of its anchor: 3^16 ARNs, of which one is there. */
  @Test
  void readsWhatNobodyWritesButYamlAllows() {
    var text =
        new StringBuilder(GOOD).append("~: foo\nx0: &x0 {r: 'arn:aws:iam::1:role/{role}'}\n");
    for (int i = 1; i <= 16; i++) {
      text.append("x%d: &x%d {a: *x%d, b: *x%d, c: *x%d}%n".formatted(i, i, i - 1, i - 1, i - 1));
    }

    assertThat(problems(validate(text.toString())))
        .singleElement()
        .satisfies(problem -> assertThat(problem.key()).isEqualTo("feature_store.yaml: x0.r"));
    accepted(validate(GOOD + "~: {~: 'arn:aws:iam::1:role/one'}\n"));
  }

  @Test
  void knowsTheThreeWishesForAnImage() {
    String digest = "sha256:" + "a".repeat(64);
    String ecr = "123456789012.dkr.ecr.us-west-2.amazonaws.com/feast@" + digest;

    assertThat(accepted(validate(GOOD, FunctionSpec.DEFAULT, null, uri(ecr))).image())
        .isEqualTo(
            new ImageWish.InEcr(
                new ImageReference("123456789012.dkr.ecr.us-west-2.amazonaws.com", "feast", digest),
                null));
    assertThat(
            accepted(
                    validate(
                        GOOD,
                        FunctionSpec.DEFAULT,
                        null,
                        new ImageSpec(
                            null,
                            "registry.example/acme/rt:1",
                            new PullSecret("regcred"),
                            Architecture.arm64)))
                .image())
        .isEqualTo(
            new ImageWish.Copied(
                new ImageReference("registry.example", "acme/rt", "1"),
                "regcred",
                Architecture.arm64));
    assertThat(
            problems(
                validate(
                    GOOD, FunctionSpec.DEFAULT, null, uri(ecr.replace("us-west-2", "eu-west-1")))))
        .singleElement()
        .satisfies(problem -> assertThat(problem.message()).contains("eu-west-1", "us-west-2"));
    assertThat(problems(validate(GOOD, FunctionSpec.DEFAULT, null, uri("Not An Image"))))
        .extracting(Problem::reason)
        .containsExactly(InvalidImage);
  }

  private static Arguments mistake(
      String good, String bad, Problem.Reason reason, String key, String... words) {
    return arguments(good, bad, reason, key, List.of(words));
  }

  private Validation validate(String text) {
    return validate(text, FunctionSpec.DEFAULT, null, null);
  }

  private Validation validate(
      String text, FunctionSpec function, @Nullable AwsSpec aws, @Nullable ImageSpec image) {
    return validator.validate(
        spec(function, EndpointSpec.DEFAULT, aws, image),
        null,
        new Referenced(text, null),
        TenantRules.DEFAULT);
  }

  private Validation validate(
      String text, @Nullable Authorization authorization, @Nullable Map<String, String> apiKeys) {
    ApiKeys secret = apiKeys == null ? null : new ApiKeys("dev-keys");
    return validator.validate(
        spec(
            FunctionSpec.DEFAULT,
            new EndpointSpec(authorization, secret, null, null, null, null),
            null,
            null),
        null,
        new Referenced(text, apiKeys),
        TenantRules.DEFAULT);
  }

  private static FeatureServerSpec spec(
      FunctionSpec function,
      EndpointSpec endpoint,
      @Nullable AwsSpec aws,
      @Nullable ImageSpec image) {
    return new FeatureServerSpec(
        null,
        new FeatureStoreSource(new KeyReference("store", "feature_store.yaml"), null),
        image,
        function,
        endpoint,
        ServingSpec.DEFAULT,
        RolloutSpec.DEFAULT,
        aws,
        DeletionPolicy.Delete,
        false);
  }

  private static FeatureServerSpec fromSecret(FunctionSpec function) {
    return new FeatureServerSpec(
        null,
        new FeatureStoreSource(null, new KeyReference("store", "feature_store.yaml")),
        null,
        function,
        EndpointSpec.DEFAULT,
        ServingSpec.DEFAULT,
        RolloutSpec.DEFAULT,
        null,
        DeletionPolicy.Delete,
        false);
  }

  private static FeatureServerConfig accepted(Validation validation) {
    assertThat(validation).isInstanceOf(Validation.Accepted.class);
    return ((Validation.Accepted) validation).config();
  }

  private static List<Problem> problems(Validation validation) {
    assertThat(validation).isInstanceOf(Validation.Rejected.class);
    return ((Validation.Rejected) validation).problems();
  }

  private static FunctionSpec role(String role) {
    return new FunctionSpec(
        role,
        1769,
        30,
        Map.of(),
        null,
        512,
        Tracing.PassThrough,
        null,
        null,
        null,
        SnapStart.None,
        null);
  }

  private static FunctionSpec environment(Map<String, String> environment) {
    return new FunctionSpec(
        null,
        1769,
        30,
        environment,
        null,
        512,
        Tracing.PassThrough,
        null,
        null,
        null,
        SnapStart.None,
        null);
  }

  private static ImageSpec uri(String uri) {
    return new ImageSpec(uri, null, null, null);
  }

  private static String documented() {
    try (InputStream in =
        Objects.requireNonNull(
            FeatureServerValidatorTest.class.getResourceAsStream(
                "/documented/feature_store.yaml"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
