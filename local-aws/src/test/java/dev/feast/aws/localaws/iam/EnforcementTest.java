package dev.feast.aws.localaws.iam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.feast.aws.localaws.LocalAws;
import dev.feast.aws.localaws.Sdk;
import dev.feast.aws.localaws.ecr.RegistryClient;
import dev.feast.aws.localaws.lambda.FunctionLauncher;
import dev.feast.aws.localaws.lambda.TestImages;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.services.apigatewayv2.model.AuthorizationType;
import software.amazon.awssdk.services.apigatewayv2.model.ProtocolType;
import software.amazon.awssdk.services.ecr.model.Tag;
import software.amazon.awssdk.services.lambda.model.CreateFunctionRequest;
import software.amazon.awssdk.services.lambda.model.GetFunctionResponse;
import software.amazon.awssdk.services.lambda.model.PackageType;
import software.amazon.awssdk.services.lambda.model.State;
import software.amazon.awssdk.services.lambda.model.TracingMode;
import software.amazon.awssdk.services.s3.model.Delete;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Error;

/** What the services answer to a role that may not do all, through the real SDK. */
class EnforcementTest {
  private static final String ACCOUNT = "000000000000";
  private static final String ROLE = "arn:aws:iam::" + ACCOUNT + ":role/operator";
  private static final String EXECUTION = "arn:aws:iam::" + ACCOUNT + ":role/execution";
  private static final String SESSION = "arn:aws:sts::" + ACCOUNT + ":assumed-role/operator/test";
  private static final String ROOT_TRUSTED = trust("\"AWS\":\"" + ACCOUNT + "\"", "sts:AssumeRole");
  private static final String LAMBDA_TRUSTED =
      trust("\"Service\":\"lambda.amazonaws.com\"", "sts:AssumeRole");

  private final Identities identities = new Identities();
  private LocalAws aws;
  private Sdk root;
  private Sdk role;

  @BeforeEach
  void start(@TempDir Path data) throws Exception {
    granting();
    identities.put(Role.of(EXECUTION, LAMBDA_TRUSTED));
    aws =
        LocalAws.builder()
            .dataDir(data)
            .iam(identities)
            .functions(FunctionLauncher.inProcess(invocation -> "{}"))
            .start();
    root = new Sdk(aws.endpoint());
    role = assumed(root, ROLE, "test");
  }

  @AfterEach
  void stop() {
    role.close();
    root.close();
    aws.close();
  }

  private static String trust(String principal, String action) {
    return trust(principal, action, "");
  }

  private static String trust(String principal, String action, String more) {
    return "{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{%s},\"Action\":\"%s\"%s}}"
        .formatted(principal, action, more);
  }

  private static Policy policy(String... actionsAndResources) {
    return Policy.parse(
        Stream.of(actionsAndResources)
            .map(
                text -> {
                  String[] parts = text.split(" ", 2);
                  return "{\"Effect\":\"Allow\",\"Action\":\"%s\",\"Resource\":\"%s\"}"
                      .formatted(parts[0], parts.length == 1 ? "*" : parts[1]);
                })
            .collect(java.util.stream.Collectors.joining(",", "{\"Statement\":[", "]}")));
  }

  /** From now on the role may do just this, each an action and, after a space, its resource. */
  private void granting(String... actionsAndResources) {
    identities.put(
        actionsAndResources.length == 0
            ? Role.of(ROLE, ROOT_TRUSTED)
            : Role.of(ROLE, ROOT_TRUSTED, policy(actionsAndResources)));
  }

  private static Sdk assumed(Sdk as, String role, String session) {
    var keys = as.sts().assumeRole(r -> r.roleArn(role).roleSessionName(session)).credentials();
    return as.as(
        AwsSessionCredentials.create(
            keys.accessKeyId(), keys.secretAccessKey(), keys.sessionToken()));
  }

  private static AwsServiceException refused(ThrowingCallable call) {
    AwsServiceException refused = catchThrowableOfType(AwsServiceException.class, call);
    assertThat(refused).isNotNull();
    return refused;
  }

  private static String sentence(String action, String resource) {
    return "User: %s is not authorized to perform: %s on resource: %s because no identity-based policy allows the %s action"
        .formatted(SESSION, action, resource, action);
  }

  /** One call of each service, the permission that it needs, and how the service refuses it. */
  static Stream<Arguments> calls() {
    String tags = "arn:aws:apigateway:us-west-2::/tags/arn%3Aaws%3Aapigateway%3Aus-west-2%3A%3A%2F";
    return Stream.of(
        call(
            "lambda:GetFunction",
            "arn:aws:lambda:us-west-2:000000000000:function:feast-dev",
            403,
            "AccessDeniedException",
            sdk -> sdk.lambda().getFunction(r -> r.functionName("feast-dev"))),
        call(
            "lambda:InvokeFunction",
            "arn:aws:lambda:us-west-2:000000000000:function:feast-dev:live",
            403,
            "AccessDeniedException",
            sdk -> sdk.lambda().invoke(r -> r.functionName("feast-dev").qualifier("live"))),
        call(
            "lambda:ListFunctions",
            "*",
            403,
            "AccessDeniedException",
            sdk -> sdk.lambda().listFunctions()),
        call(
            "ecr:GetAuthorizationToken",
            "*",
            400,
            "AccessDeniedException",
            sdk -> sdk.ecr().getAuthorizationToken()),
        call(
            "ecr:DescribeRepositories",
            "arn:aws:ecr:us-west-2:000000000000:repository/feast-dev",
            400,
            "AccessDeniedException",
            sdk -> sdk.ecr().describeRepositories(r -> r.repositoryNames("feast-dev"))),
        call(
            "apigateway:GET",
            "arn:aws:apigateway:us-west-2::/apis",
            403,
            "AccessDeniedException",
            sdk -> sdk.apiGateway().getApis()),
        call(
            "apigateway:DELETE",
            "arn:aws:apigateway:us-west-2::/apis/abc/stages/$default",
            403,
            "AccessDeniedException",
            sdk -> sdk.apiGateway().deleteStage(r -> r.apiId("abc").stageName("$default"))),
        call(
            "apigateway:POST",
            tags + "apis%2Fabc",
            403,
            "AccessDeniedException",
            sdk ->
                sdk.apiGateway()
                    .tagResource(
                        r ->
                            r.resourceArn("arn:aws:apigateway:us-west-2::/apis/abc")
                                .tags(Map.of("a", "b")))),
        call(
            "dynamodb:GetItem",
            "arn:aws:dynamodb:us-west-2:000000000000:table/dev.stats",
            400,
            "AccessDeniedException",
            sdk -> sdk.dynamoDb().getItem(r -> r.tableName("dev.stats").key(Map.of()))),
        call(
            "dynamodb:BatchGetItem",
            "arn:aws:dynamodb:us-west-2:000000000000:table/dev.stats",
            400,
            "AccessDeniedException",
            sdk ->
                sdk.dynamoDb()
                    .batchGetItem(r -> r.requestItems(Map.of("dev.stats", keysOfNothing())))),
        call(
            "s3:GetObject",
            "arn:aws:s3:::feast/registry.db",
            403,
            "AccessDenied",
            sdk -> sdk.s3().getObject(r -> r.bucket("feast").key("registry.db")).close()),
        call(
            "s3:PutObject",
            "arn:aws:s3:::feast/registry.db",
            403,
            "AccessDenied",
            sdk ->
                sdk.s3()
                    .putObject(
                        r -> r.bucket("feast").key("registry.db"), RequestBody.fromString("x"))),
        call(
            "s3:ListBucket",
            "arn:aws:s3:::feast",
            403,
            "AccessDenied",
            sdk -> sdk.s3().listObjectsV2(r -> r.bucket("feast"))));
  }

  private static software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes keysOfNothing() {
    return software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes.builder()
        .keys(List.of(Map.of()))
        .build();
  }

  private interface OfSdk {
    void run(Sdk sdk) throws Exception;
  }

  private static Arguments call(
      String action, String resource, int status, String code, OfSdk call) {
    return Arguments.of(action, resource, status, code, call);
  }

  @ParameterizedTest(name = "{0} on {1}")
  @MethodSource("calls")
  void refusesWhatNothingAllowsAsTheServiceDoes(
      String action, String resource, int status, String code, OfSdk call) {
    AwsServiceException refused = refused(() -> call.run(role));

    assertThat(refused.statusCode()).isEqualTo(status);
    assertThat(refused.awsErrorDetails().errorCode()).isEqualTo(code);
    String quoted = action.startsWith("s3:") ? '"' + resource + '"' : resource;
    assertThat(refused.awsErrorDetails().errorMessage())
        .isEqualTo(sentence(action, resource).replace(" " + resource + " ", " " + quoted + " "));
    assertThat(aws.calls().list().getLast().errorCode()).isEqualTo(code);
  }

  /** What is asked for is not there: once the permission is, that is what the answer says. */
  @ParameterizedTest(name = "{0} on {1}")
  @MethodSource("calls")
  void asksForNoMoreThanThatPermission(
      String action, String resource, int status, String code, OfSdk call) {
    granting(action + " " + resource);

    AwsServiceException other =
        catchThrowableOfType(AwsServiceException.class, () -> call.run(role));

    assertThat(other == null ? "" : other.awsErrorDetails().errorMessage())
        .doesNotContain("is not authorized to perform: " + action);
  }

  /** API Gateway does not tell which one is missing. */
  @Test
  void letsAccessLogsBeWrittenByThoseWhoMaySetUpTheirDelivery() {
    String api =
        root.apiGateway().createApi(r -> r.name("dev").protocolType(ProtocolType.HTTP)).apiId();
    root.apiGateway().createStage(r -> r.apiId(api).stageName("$default"));
    String group =
        "arn:aws:logs:us-west-2:000000000000:log-group:/feast/access"; // There is none such.
    Runnable logs =
        () ->
            role.apiGateway()
                .updateStage(
                    r ->
                        r.apiId(api)
                            .stageName("$default")
                            .accessLogSettings(
                                s -> s.destinationArn(group).format("$context.requestId")));

    granting("apigateway:PATCH");
    assertThat(refused(logs::run).awsErrorDetails().errorMessage())
        .isEqualTo("Insufficient permissions to enable logging");
    granting("apigateway:PATCH", "logs:*");
    assertThat(refused(logs::run).awsErrorDetails().errorMessage())
        .startsWith("Invalid access log destination");
  }

  @Test
  void letsRootDoEverything() {
    assertThat(root.lambda().listFunctions().functions()).isEmpty();
    assertThat(root.s3().listBuckets().buckets()).isEmpty();
  }

  @Test
  void saysWhenAPolicyDenies() {
    identities.put(
        Role.of(
            ROLE,
            ROOT_TRUSTED,
            policy("*"),
            Policy.parse(
                """
                {"Statement": {"Effect": "Deny", "Action": "lambda:*", "Resource": "*",
                 "Condition": {"StringNotEquals": {"aws:RequestedRegion": "us-west-2"}}}}
                """)));

    assertThat(role.lambda().listFunctions().functions()).isEmpty();
    assertThat(
            refused(() -> role.in("eu-west-1").lambda().listFunctions())
                .awsErrorDetails()
                .errorMessage())
        .isEqualTo(
            "User: %s is not authorized to perform: lambda:ListFunctions on resource: * with an explicit deny in an identity-based policy"
                .formatted(SESSION));
  }

  @Test
  void refusesTagsThatMayNotBeSet() {
    String repository = "arn:aws:ecr:us-west-2:000000000000:repository/feast-dev";
    granting("ecr:CreateRepository " + repository, "apigateway:POST arn:aws:apigateway:*::/apis");

    assertThat(
            refused(
                () ->
                    role.ecr()
                        .createRepository(
                            r ->
                                r.repositoryName("feast-dev")
                                    .tags(Tag.builder().key("a").value("b").build()))))
        .hasMessageContaining(sentence("ecr:TagResource", repository));
    assertThat(
            refused(
                () ->
                    role.apiGateway()
                        .createApi(
                            r ->
                                r.name("dev")
                                    .protocolType(ProtocolType.HTTP)
                                    .tags(Map.of("a", "b")))))
        .hasMessageContaining(
            sentence(
                "apigateway:POST",
                "arn:aws:apigateway:us-west-2::/tags/arn%3Aaws%3Aapigateway%3Aus-west-2%3A%3A%2Fv2%2Fapis%2F*"));
    assertThat(
            role.apiGateway().createApi(r -> r.name("dev").protocolType(ProtocolType.HTTP)).apiId())
        .isNotEmpty();
  }

  @Test
  void asksForTheTagsOfAnApi() {
    String ours =
        root.apiGateway()
            .createApi(
                r -> r.name("ours").protocolType(ProtocolType.HTTP).tags(Map.of("owned", "True")))
            .apiId();
    String theirs =
        root.apiGateway().createApi(r -> r.name("theirs").protocolType(ProtocolType.HTTP)).apiId();
    identities.put(
        Role.of(
            ROLE,
            ROOT_TRUSTED,
            Policy.parse(
                """
                {"Statement": {"Effect": "Allow", "Action": "apigateway:DELETE",
                 "Resource": "arn:aws:apigateway:us-west-2::/apis/*",
                 "Condition": {"StringEquals": {"aws:ResourceTag/owned": "True"}}}}
                """)));

    role.apiGateway().deleteApi(r -> r.apiId(ours));

    assertThat(refused(() -> role.apiGateway().deleteApi(r -> r.apiId(theirs))))
        .hasMessageContaining("apigateway:DELETE");
  }

  @Test
  void hidesFromWhoMayNotListWhetherAnObjectIsThere() {
    root.s3()
        .createBucket(
            r ->
                r.bucket("feast")
                    .createBucketConfiguration(c -> c.locationConstraint("us-west-2")));
    granting("s3:GetObject arn:aws:s3:::feast/*");

    AwsServiceException hidden =
        refused(() -> role.s3().getObject(r -> r.bucket("feast").key("missing")));
    granting("s3:GetObject arn:aws:s3:::feast/*", "s3:ListBucket arn:aws:s3:::feast");
    AwsServiceException told =
        refused(() -> role.s3().getObject(r -> r.bucket("feast").key("missing")));

    assertThat(hidden.awsErrorDetails().errorCode()).isEqualTo("AccessDenied");
    assertThat(hidden).hasMessageContaining("s3:ListBucket on resource: \"arn:aws:s3:::feast\"");
    assertThat(told.awsErrorDetails().errorCode()).isEqualTo("NoSuchKey");
  }

  @Test
  void deletesOnlyTheObjectsThatMayBeDeleted() {
    root.s3()
        .createBucket(
            r ->
                r.bucket("feast")
                    .createBucketConfiguration(c -> c.locationConstraint("us-west-2")));
    for (String key : List.of("mine/a", "theirs/b")) {
      root.s3().putObject(r -> r.bucket("feast").key(key), RequestBody.fromString("x"));
    }
    granting("s3:DeleteObject arn:aws:s3:::feast/mine/*");

    var answer =
        role.s3()
            .deleteObjects(
                r ->
                    r.bucket("feast")
                        .delete(
                            Delete.builder()
                                .objects(
                                    ObjectIdentifier.builder().key("mine/a").build(),
                                    ObjectIdentifier.builder().key("theirs/b").build())
                                .build()));

    assertThat(answer.deleted()).extracting("key").containsExactly("mine/a");
    assertThat(answer.errors())
        .extracting(S3Error::key, S3Error::code)
        .containsExactly(org.assertj.core.api.Assertions.tuple("theirs/b", "AccessDenied"));
    assertThat(root.s3().listObjectsV2(r -> r.bucket("feast")).contents())
        .extracting("key")
        .containsExactly("theirs/b");
  }

  // The registry

  @ParameterizedTest
  @CsvSource({
    "POST, blobs/uploads/,  ecr:InitiateLayerUpload",
    "HEAD, blobs/sha256:aa, ecr:BatchCheckLayerAvailability",
    "GET,  blobs/sha256:aa, ecr:GetDownloadUrlForLayer",
    "GET,  manifests/v1,    ecr:BatchGetImage",
    "PUT,  manifests/v1,    ecr:PutImage",
    "GET,  tags/list,       ecr:ListImages",
  })
  void letsARegistrysTokenDoWhatItsHolderMay(String method, String path, String action) {
    root.ecr().createRepository(r -> r.repositoryName("feast-dev"));
    String arn = "arn:aws:ecr:us-west-2:000000000000:repository/feast-dev";
    granting("ecr:GetAuthorizationToken");
    var registry = RegistryClient.of(aws.endpoint(), role.ecr());
    String url = "/v2/000000000000/us-west-2/feast-dev/" + path;

    HttpResponse<byte[]> refused = registry.send(method, url, new byte[0]);
    granting(action + " " + arn);
    HttpResponse<byte[]> allowed = registry.send(method, url, new byte[0]);

    assertThat(refused.statusCode()).isEqualTo(403);
    if (!method.equals("HEAD")) {
      assertThat(RegistryClient.text(refused)).contains("DENIED").contains(sentence(action, arn));
    }
    assertThat(allowed.statusCode()).isNotEqualTo(403);
  }

  @ParameterizedTest
  @CsvSource({
    "POST, blobs/uploads/?digest=sha256:aa, ecr:InitiateLayerUpload ecr:CompleteLayerUpload",
    "PUT,  blobs/uploads/some?digest=sha256:aa, ecr:CompleteLayerUpload",
  })
  void takesABlobInWholeForAPartAsWell(String method, String path, String actions) {
    root.ecr().createRepository(r -> r.repositoryName("feast-dev"));
    granting("ecr:GetAuthorizationToken");
    var registry = RegistryClient.of(aws.endpoint(), role.ecr());
    granting(actions.split(" "));

    HttpResponse<byte[]> refused =
        registry.send(
            method,
            "/v2/000000000000/us-west-2/feast-dev/" + path,
            "a blob".getBytes(StandardCharsets.UTF_8));

    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(RegistryClient.text(refused)).contains("ecr:UploadLayerPart");
  }

  // Functions

  private CreateFunctionRequest function(String image, String executionRole) {
    return CreateFunctionRequest.builder()
        .functionName("feast-dev")
        .packageType(PackageType.IMAGE)
        .role(executionRole)
        .code(c -> c.imageUri(image))
        .build();
  }

  private String image() {
    var images = new TestImages(aws.endpoint(), root.ecr());
    return images.push(images.repository("feast-dev"), "v1", "an image");
  }

  private GetFunctionResponse active() {
    await()
        .until(
            () ->
                root.lambda().getFunction(r -> r.functionName("feast-dev")).configuration().state()
                    == State.ACTIVE);
    return root.lambda().getFunction(r -> r.functionName("feast-dev"));
  }

  @Test
  void wantsPermissionToPassTheRole() {
    String image = image();
    String ecr = "arn:aws:ecr:us-west-2:000000000000:repository/feast-dev";
    granting("lambda:*", "ecr:*RepositoryPolicy " + ecr);

    assertThat(refused(() -> role.lambda().createFunction(function(image, EXECUTION))))
        .hasMessageContaining(sentence("iam:PassRole", EXECUTION));
    granting("lambda:*", "ecr:*RepositoryPolicy " + ecr, "iam:PassRole " + EXECUTION);
    role.lambda().createFunction(function(image, EXECUTION));
    active();
    granting("lambda:*");

    assertThat(
            refused(
                () ->
                    role.lambda()
                        .updateFunctionConfiguration(
                            r -> r.functionName("feast-dev").role(EXECUTION))))
        .hasMessageContaining(sentence("iam:PassRole", EXECUTION));
    role.lambda().updateFunctionConfiguration(r -> r.functionName("feast-dev").memorySize(256));
  }

  /** Lambda changes a repository's policy for a caller who may, and for no other. */
  @Test
  void pullsFromARepositoryThatDoesNotLetLambdaOnlyForWhoMayLetIt() {
    String image = image();
    granting("lambda:*", "iam:PassRole", "ecr:GetRepositoryPolicy");

    assertThat(refused(() -> role.lambda().createFunction(function(image, EXECUTION))))
        .hasMessageContaining("Lambda does not have permission to access the ECR image.");
    granting("lambda:*", "iam:PassRole", "ecr:GetRepositoryPolicy", "ecr:SetRepositoryPolicy");

    assertThat(role.lambda().createFunction(function(image, EXECUTION)).role())
        .isEqualTo(EXECUTION);
  }

  @ParameterizedTest
  @CsvSource({"arn:aws:iam::000000000000:role/operator", "arn:aws:iam::000000000000:role/none"})
  void takesNoRoleThatLambdaMayNotAssume(String untrusting) {
    String image = image();

    AwsServiceException refused =
        refused(() -> root.lambda().createFunction(function(image, untrusting)));

    assertThat(refused.awsErrorDetails().errorCode()).isEqualTo("InvalidParameterValueException");
    assertThat(refused)
        .hasMessageContaining("The role defined for the function cannot be assumed by Lambda.");
  }

  @Test
  void readsAFunctionWithoutItsTagsWhereThoseMayNotBeRead() {
    root.lambda()
        .createFunction(
            function(image(), EXECUTION).toBuilder().tags(Map.of("team", "ml")).build());
    granting("lambda:GetFunction");

    GetFunctionResponse found = role.lambda().getFunction(r -> r.functionName("feast-dev"));

    assertThat(found.tags()).isEmpty();
    assertThat(found.tagsError().errorCode()).isEqualTo("AccessDeniedException");
    assertThat(found.tagsError().message())
        .isEqualTo(
            sentence(
                "lambda:ListTags", "arn:aws:lambda:us-west-2:000000000000:function:feast-dev"));
  }

  /** Lambda looks before it takes them; the parts of a VPC as the caller. */
  @Test
  void takesNoVpcAndNoTracingThatTheFunctionsRoleMayNotUse() {
    granting(
        "lambda:CreateFunction",
        "iam:PassRole",
        "ecr:GetRepositoryPolicy",
        "ecr:SetRepositoryPolicy");
    String image = image();

    assertThat(refused(() -> role.lambda().createFunction(attached(image))).getMessage())
        .contains("permission to DescribeSecurityGroups for [sg-1]");
    assertThat(refused(() -> root.lambda().createFunction(attached(image))).getMessage())
        .contains(
            "The provided execution role does not have permissions to call CreateNetworkInterface"
                + " on EC2");
    assertThat(
            refused(
                    () ->
                        root.lambda()
                            .createFunction(
                                function(image, EXECUTION).toBuilder()
                                    .tracingConfig(c -> c.mode(TracingMode.ACTIVE))
                                    .build()))
                .getMessage())
        .contains(
            "The provided execution role does not have permissions to call PutTraceSegments on"
                + " XRAY");

    identities.put(Role.of(EXECUTION, LAMBDA_TRUSTED, policy("ec2:*")));

    assertThat(root.lambda().createFunction(attached(image)).vpcConfig().subnetIds())
        .containsExactly("subnet-1");
  }

  private CreateFunctionRequest attached(String image) {
    return function(image, EXECUTION).toBuilder()
        .vpcConfig(v -> v.subnetIds("subnet-1").securityGroupIds("sg-1"))
        .build();
  }

  @ParameterizedTest
  @ValueSource(strings = {"logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"})
  void keepsNoLogThatTheFunctionsRoleMayNotWrite(String missing) throws Exception {
    List<String> needed =
        List.of("logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents");
    root.lambda().createFunction(function(image(), EXECUTION));
    active();

    logging(needed.stream().filter(action -> !action.equals(missing)).toList());
    root.lambda().invoke(r -> r.functionName("feast-dev"));
    assertThat(log()).isEmpty();
    logging(needed);
    root.lambda().invoke(r -> r.functionName("feast-dev"));
    assertThat(log()).contains("START RequestId");
  }

  private void logging(List<String> actions) {
    String group = " arn:aws:logs:us-west-2:000000000000:log-group:/aws/lambda/feast-*";
    identities.put(
        Role.of(
            EXECUTION,
            LAMBDA_TRUSTED,
            policy(actions.stream().map(action -> action + group).toArray(String[]::new))));
  }

  private String log() throws Exception {
    return local("logs/feast-dev").body();
  }

  private HttpResponse<String> local(String path) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      URI url = aws.endpoint().resolve("/_local/" + path);
      return http.send(HttpRequest.newBuilder(url).build(), HttpResponse.BodyHandlers.ofString());
    }
  }

  @Test
  void tellsWhatOfAPolicyWasUsed() throws Exception {
    granting("lambda:ListFunctions", "lambda:DeleteFunction");
    role.lambda().listFunctions();

    assertThat(local("iam").body())
        .contains(
            """
            {"arn":"arn:aws:iam::000000000000:role/operator",\
            "used":[{"action":"lambda:ListFunctions","resource":"*"}],\
            "unused":[{"action":"lambda:DeleteFunction","resource":"*"}]}\
            """);
  }

  // Endpoints and logs

  @ParameterizedTest
  @CsvSource({
    "'',          403",
    // The route has no integration, which is told to whom it lets in.
    "GET/health,  500",
    "GET/*,       500",
    "POST/health, 403",
  })
  void letsThoseInvokeAnApiWhomTheirPolicyLets(String allowed, int status) throws Exception {
    String api =
        root.apiGateway().createApi(r -> r.name("dev").protocolType(ProtocolType.HTTP)).apiId();
    root.apiGateway()
        .createRoute(
            r -> r.apiId(api).routeKey("GET /health").authorizationType(AuthorizationType.AWS_IAM));
    root.apiGateway().createStage(r -> r.apiId(api).stageName("$default").autoDeploy(true));
    URI url = aws.endpoint().resolve("/_apis/" + api + "/health");
    if (!allowed.isEmpty()) {
      granting(
          "execute-api:Invoke arn:aws:execute-api:us-west-2:000000000000:%s/$default/%s"
              .formatted(api, allowed));
    }

    assertThat(
            signed("execute-api", SdkHttpRequest.builder().method(SdkHttpMethod.GET).uri(url), "")
                .statusCode())
        .isEqualTo(status);
  }

  @Test
  void asksForPermissionOnALogGroup() throws Exception {
    String group = "arn:aws:logs:us-west-2:000000000000:log-group:/feast/";
    granting("logs:CreateLogGroup " + group + "*");

    assertThat(logs("CreateLogGroup").statusCode()).isEqualTo(200);
    assertThat(logs("DeleteLogGroup").body())
        .contains(sentence("logs:DeleteLogGroup", group + "dev:log-stream:"));
  }

  private HttpResponse<String> logs(String operation) throws Exception {
    return signed(
        "logs",
        SdkHttpRequest.builder()
            .method(SdkHttpMethod.POST)
            .uri(aws.endpoint())
            .putHeader("X-Amz-Target", "Logs_20140328." + operation)
            .putHeader("Content-Type", "application/x-amz-json-1.1"),
        "{\"logGroupName\":\"/feast/dev\"}");
  }

  /** What the SDK has no client for, or nobody a client: signed by a session of the role. */
  private HttpResponse<String> signed(String service, SdkHttpRequest.Builder request, String body)
      throws Exception {
    var keys = root.sts().assumeRole(r -> r.roleArn(ROLE).roleSessionName("test")).credentials();
    SdkHttpRequest unsigned = request.build();
    var signed =
        AwsV4HttpSigner.create()
            .sign(
                r ->
                    r.identity(
                            AwsSessionCredentials.create(
                                keys.accessKeyId(), keys.secretAccessKey(), keys.sessionToken()))
                        .request(unsigned)
                        .payload(ContentStreamProvider.fromUtf8String(body))
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, service)
                        .putProperty(AwsV4HttpSigner.REGION_NAME, "us-west-2"));
    var http =
        HttpRequest.newBuilder(unsigned.getUri())
            .method(unsigned.method().name(), HttpRequest.BodyPublishers.ofString(body));
    signed.request().headers().entrySet().stream()
        .filter(header -> !header.getKey().equalsIgnoreCase("Host"))
        .forEach(header -> http.header(header.getKey(), header.getValue().getFirst()));
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(http.build(), HttpResponse.BodyHandlers.ofString());
    }
  }

  // Assuming roles

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // The trust policy names the account: the caller's own policies decide.
        "\"AWS\":\"000000000000\"                             | sts:AssumeRole | true",
        "\"AWS\":\"arn:aws:iam::000000000000:root\"           | sts:AssumeRole | true",
        "\"AWS\":\"000000000000\"                             | ec2:*          | false",
        // It names the caller: that is enough.
        "\"AWS\":\"arn:aws:iam::000000000000:role/operator\"  | ec2:*          | true",
        "\"AWS\":\"arn:aws:sts::000000000000:assumed-role/operator/test\" | ec2:* | true",
        // It names others.
        "\"AWS\":\"arn:aws:iam::000000000000:role/other\"     | sts:AssumeRole | false",
        "\"AWS\":\"123456789012\"                             | *              | false",
        "\"Service\":\"lambda.amazonaws.com\"                 | *              | false",
      })
  void givesARolesKeysToWhomItTrusts(String principal, String allowed, boolean given) {
    String target = "arn:aws:iam::000000000000:role/target";
    identities.put(Role.of(target, trust(principal, "sts:AssumeRole")));
    granting(allowed);

    AwsServiceException refused =
        catchThrowableOfType(
            AwsServiceException.class, () -> assumed(role, target, "session").close());

    assertThat(refused == null).isEqualTo(given);
    if (refused != null) {
      assertThat(refused.awsErrorDetails().errorCode()).isEqualTo("AccessDenied");
      assertThat(refused)
          .hasMessageContaining(
              "User: %s is not authorized to perform: sts:AssumeRole on resource: %s"
                  .formatted(SESSION, target));
    }
  }

  @ParameterizedTest
  @CsvSource({"true, true, true", "true, false, false", "false, true, false"})
  void crossesAccountsWhereBothSidesAllowIt(boolean trusted, boolean allowed, boolean given) {
    String target = "arn:aws:iam::123456789012:role/target";
    String who = trusted ? ROLE : EXECUTION;
    identities.put(Role.of(target, trust("\"AWS\":\"" + who + "\"", "sts:AssumeRole")));
    granting(allowed ? "sts:AssumeRole " + target : "s3:*");

    AwsServiceException refused =
        catchThrowableOfType(
            AwsServiceException.class, () -> assumed(role, target, "session").close());

    assertThat(refused == null).isEqualTo(given);
  }

  @Test
  void wantsTheExternalIdThatARoleAsksFor() {
    String target = "arn:aws:iam::000000000000:role/target";
    identities.put(
        Role.of(
            target,
            trust(
                "\"AWS\":\"000000000000\"",
                "sts:AssumeRole",
                ",\"Condition\":{\"StringEquals\":{\"sts:ExternalId\":\"secret\"}}")));

    assertThat(refused(() -> assumed(root, target, "session"))).isNotNull();
    assertThat(
            root.sts()
                .assumeRole(r -> r.roleArn(target).roleSessionName("session").externalId("secret"))
                .credentials())
        .isNotNull();
  }

  @ParameterizedTest
  @CsvSource({
    "https://oidc.eks/id/A, system:serviceaccount:feast:operator, true",
    "https://oidc.eks/id/B, system:serviceaccount:feast:operator, false",
    "https://oidc.eks/id/A, system:serviceaccount:other:operator, false",
  })
  void givesARolesKeysToTheServiceAccountThatItTrusts(
      String issuer, String subject, boolean given) {
    String target = "arn:aws:iam::000000000000:role/target";
    identities.put(
        Role.of(
            target,
            trust(
                "\"Federated\":\"arn:aws:iam::000000000000:oidc-provider/oidc.eks/id/A\"",
                "sts:AssumeRoleWithWebIdentity",
                """
                ,"Condition":{"StringEquals":{"oidc.eks/id/A:aud":"sts.amazonaws.com",
                 "oidc.eks/id/A:sub":"system:serviceaccount:feast:operator"}}\
                """)));
    String claims =
        "{\"sub\":\"%s\",\"iss\":\"%s\",\"aud\":[\"sts.amazonaws.com\"]}"
            .formatted(subject, issuer);
    String token =
        "e30."
            + Base64.getUrlEncoder().encodeToString(claims.getBytes(StandardCharsets.UTF_8))
            + ".c2ln";

    AwsServiceException refused =
        catchThrowableOfType(
            AwsServiceException.class,
            () ->
                root.sts()
                    .assumeRoleWithWebIdentity(
                        r -> r.roleArn(target).roleSessionName("dev").webIdentityToken(token)));

    assertThat(refused == null).isEqualTo(given);
  }

  @Test
  void refusesAnUnsignedCall() throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      var request =
          HttpRequest.newBuilder(aws.endpoint())
              .header("X-Amz-Target", "DynamoDB_20120810.ListTables")
              .POST(HttpRequest.BodyPublishers.ofString("{}"))
              .build();

      HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());

      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(answer.body()).contains("AccessDeniedException");
    }
  }

  @Test
  void knowsTheKeysOfAFile(@TempDir Path folder) throws Exception {
    java.nio.file.Files.writeString(
        folder.resolve("policy.json"),
        "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"lambda:ListFunctions\",\"Resource\":\"*\"}}");
    Path file =
        java.nio.file.Files.writeString(
            folder.resolve("iam.json"),
            """
            {"roles": [{"arn": "%s", "trustPolicy": %s, "policies": ["policy.json"],
             "accessKeys": [{"accessKeyId": "AKIAOPERATOR", "secretAccessKey": "secret"}]}]}
            """
                .formatted(ROLE, ROOT_TRUSTED));
    try (LocalAws other =
            LocalAws.builder().dataDir(folder.resolve("data")).iam(Identities.read(file)).start();
        Sdk sdk = new Sdk(other.endpoint());
        Sdk operator = sdk.as(AwsBasicCredentials.create("AKIAOPERATOR", "secret"));
        Sdk impostor = sdk.as(AwsBasicCredentials.create("AKIAOPERATOR", "wrong"))) {
      assertThat(operator.sts().getCallerIdentity().arn())
          .isEqualTo("arn:aws:sts::000000000000:assumed-role/operator/AKIAOPERATOR");
      assertThat(operator.lambda().listFunctions().functions()).isEmpty();
      assertThat(refused(() -> operator.lambda().getAccountSettings()))
          .hasMessageContaining("lambda:GetAccountSettings");
      assertThat(refused(() -> impostor.lambda().listFunctions()).awsErrorDetails().errorCode())
          .isEqualTo("InvalidSignatureException");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}{                                       | JSON",
        "{'rolls':[]}                              | rolls",
        "{'roles':[{}]}                            | arn",
        "{'roles':[{'arn':'operator'}]}            | Role operator",
        "{'roles':[{'arn':'%s','trustPolicy':'missing.json'}]} | missing.json",
        "{'roles':[{'arn':'%s','trustPolicy':{'Statement':{'Effect':'Allow','Principal':{'Canonical':'x'},'Action':'*'}}}]}"
            + " | Canonical",
        "{'roles':[{'arn':'%s','trustPolicy':{'Statement':{'Effect':'Allow','Principal':'*','Action':'*'}},'accessKeys':[{'accessKeyId':'A'}]}]}"
            + " | secretAccessKey",
      })
  void namesTheFileThatCannotBeRead(String content, String named, @TempDir Path folder)
      throws Exception {
    Path file =
        java.nio.file.Files.writeString(
            folder.resolve("iam.json"), content.formatted(ROLE).replace('\'', '"'));

    java.io.IOException refused =
        catchThrowableOfType(java.io.IOException.class, () -> Identities.read(file));

    assertThat(refused).hasMessageContaining(folder.toString()).hasMessageContaining(named);
  }
}
