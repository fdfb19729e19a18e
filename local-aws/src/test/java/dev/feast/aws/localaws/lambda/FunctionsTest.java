package dev.feast.aws.localaws.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.feast.aws.localaws.LocalAws;
import dev.feast.aws.localaws.Sdk;
import dev.feast.aws.localaws.control.Fault;
import dev.feast.aws.localaws.ecr.Manifest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.ecr.model.ImageIdentifier;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.Architecture;
import software.amazon.awssdk.services.lambda.model.CreateFunctionRequest;
import software.amazon.awssdk.services.lambda.model.CreateFunctionResponse;
import software.amazon.awssdk.services.lambda.model.FunctionConfiguration;
import software.amazon.awssdk.services.lambda.model.InvocationType;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;
import software.amazon.awssdk.services.lambda.model.LambdaException;
import software.amazon.awssdk.services.lambda.model.LastUpdateStatus;
import software.amazon.awssdk.services.lambda.model.LogType;
import software.amazon.awssdk.services.lambda.model.PackageType;
import software.amazon.awssdk.services.lambda.model.PublishVersionResponse;
import software.amazon.awssdk.services.lambda.model.State;
import software.amazon.awssdk.services.lambda.model.TooManyRequestsException;

class FunctionsTest {
  private static final String ROLE = "arn:aws:iam::000000000000:role/feast";
  private static final String ARN = "arn:aws:lambda:us-west-2:000000000000:function:feast-dev";

  private final Set<String> broken = ConcurrentHashMap.newKeySet();
  private volatile boolean diskFull;
  private final List<String> ended = new CopyOnWriteArrayList<>();
  private volatile FunctionHandler handler = invocation -> "{}";
  private LocalAws aws;
  private Sdk sdk;
  private EcrClient ecr;
  private LambdaClient lambda;
  private TestImages images;
  private String repository;
  private String image;

  @BeforeEach
  void start(@TempDir Path data) throws Exception {
    var limits = new LambdaLimits(20, Duration.ofMillis(150), Duration.ofMinutes(5));
    aws = LocalAws.builder().dataDir(data).functions(launcher()).lambdaLimits(limits).start();
    sdk = new Sdk(aws.endpoint());
    ecr = sdk.ecr();
    lambda = sdk.lambda();
    images = new TestImages(aws.endpoint(), ecr);
    repository = images.repository("feast-dev");
    image = images.push(repository, "v1", "one");
  }

  /** In-process, with images that can be made to fail. */
  private FunctionLauncher launcher() {
    FunctionLauncher inProcess = FunctionLauncher.inProcess(i -> handler.handle(i));
    return new FunctionLauncher() {
      @Override
      public void prepare(FunctionImage prepared) throws ImageRefused {
        if (diskFull) {
          throw new UncheckedIOException(new IOException("No space left on device"));
        }
        if (broken.contains(prepared.resolvedUri())) {
          throw new ImageRefused(
              "InvalidImage", "ImageLayerFailure: UnsupportedImageLayerDetected");
        }
      }

      @Override
      public ExecutionEnvironment launch(Launch launch) {
        ExecutionEnvironment environment = inProcess.launch(launch);
        return new ExecutionEnvironment() {
          @Override
          public InvocationResult invoke(Invocation invocation, Consumer<String> log) {
            return environment.invoke(invocation, log);
          }

          @Override
          public boolean isReusable() {
            return environment.isReusable();
          }

          @Override
          public void close() {
            ended.add(launch.version());
            environment.close();
          }
        };
      }

      @Override
      public void close() {
        inProcess.close();
      }
    };
  }

  @AfterEach
  void stop() {
    sdk.close();
    aws.close();
  }

  @Test
  void becomesActiveAMomentAfterItWasCreated() {
    CreateFunctionResponse created =
        create(
            r -> r.memorySize(1769).timeout(30).environment(e -> e.variables(Map.of("Kk", "v"))));

    assertThat(created.state()).isEqualTo(State.PENDING);
    assertThat(created.stateReasonCodeAsString()).isEqualTo("Creating");
    assertThat(created.lastUpdateStatus()).isNull();
    assertThat(created.functionArn()).isEqualTo(ARN);
    assertThat(created.version()).isEqualTo("$LATEST");
    FunctionConfiguration active = awaitActive();
    assertThat(active.lastUpdateStatus()).isEqualTo(LastUpdateStatus.SUCCESSFUL);
    assertThat(active.revisionId()).isNotEqualTo(created.revisionId());
    assertThat(active.memorySize()).isEqualTo(1769);
    assertThat(active.timeout()).isEqualTo(30);
    assertThat(active.environment().variables()).containsExactly(Map.entry("Kk", "v"));
    assertThat(active.architectures()).containsExactly(Architecture.X86_64);
  }

  @Test
  void resolvesATagOnce() {
    create(r -> r.code(c -> c.imageUri(repository + ":v1")));
    awaitActive();
    images.push(repository, "v1", "moved");

    var function = lambda.getFunction(r -> r.functionName("feast-dev"));
    assertThat(function.code().imageUri()).isEqualTo(repository + ":v1");
    assertThat(function.code().resolvedImageUri()).isEqualTo(image);
    assertThat(function.code().repositoryType()).isEqualTo("ECR");
    assertThat(function.configuration().codeSha256()).isEqualTo(image.split("sha256:")[1]);
  }

  @Test
  void refusesToBeInvokedOrChangedWhilePending() {
    create(r -> {});

    assertError(
        () -> invoke(""),
        409,
        "ResourceConflictException",
        "The operation cannot be performed at this time. The function is currently in the following"
            + " state: Pending");
    assertError(
        () -> lambda.updateFunctionConfiguration(r -> r.functionName("feast-dev").timeout(5)),
        409,
        "ResourceConflictException",
        "The operation cannot be performed at this time. The function is currently in the following"
            + " state: Pending");
  }

  @Test
  void servesAsBeforeWhileAnUpdateIsUnderWay() {
    handler = i -> "\"" + i.environment().get("WHO") + "\"";
    create(r -> r.environment(e -> e.variables(Map.of("WHO", "old"))));
    awaitActive();
    var updated =
        lambda.updateFunctionConfiguration(
            r -> r.functionName("feast-dev").environment(e -> e.variables(Map.of("WHO", "new"))));

    assertThat(updated.lastUpdateStatus()).isEqualTo(LastUpdateStatus.IN_PROGRESS);
    assertThat(updated.state()).isEqualTo(State.ACTIVE);
    assertThat(text(invoke(""))).isEqualTo("\"old\"");
    assertError(
        () -> lambda.publishVersion(r -> r.functionName("feast-dev")),
        409,
        "ResourceConflictException",
        "The operation cannot be performed at this time. An update is in progress for resource: "
            + ARN);
    assertError(
        () -> lambda.tagResource(r -> r.resource(ARN).tags(Map.of("a", "b"))),
        409,
        "ResourceConflictException",
        "The operation cannot be performed at this time. An update is in progress for resource: "
            + ARN);
    awaitUpdated();
    assertThat(text(invoke(""))).isEqualTo("\"new\"");
  }

  private static Arguments change(String name, String qualifier, Use use) {
    return Arguments.of(name, qualifier, use);
  }

  static Stream<Arguments> changes() {
    return Stream.of(
        change("an update of $LATEST", "$LATEST", t -> t.update(r -> r.timeout(9))),
        change(
            "the deletion of its version",
            "1",
            t -> t.lambda.deleteFunction(r -> r.functionName("feast-dev").qualifier("1"))),
        change(
            "the deletion of its function",
            "$LATEST",
            t -> t.lambda.deleteFunction(r -> r.functionName("feast-dev"))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("changes")
  void answersAnInvocationThatIsUnderWayAndEndsWhatItRanIn(
      String name, String qualifier, Use change) throws Exception {
    var started = new CountDownLatch(1);
    var release = new CountDownLatch(1);
    handler =
        i -> {
          started.countDown();
          release.await();
          return "\"done\"";
        };
    create(r -> r.timeout(30));
    awaitActive();
    lambda.publishVersion(r -> r.functionName("feast-dev"));
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var running = threads.submit(() -> invoke(qualifier));
      started.await();
      try {
        change.of(this);
      } finally {
        release.countDown();
      }

      assertThat(text(running.get())).isEqualTo("\"done\"");
    }
    assertThat(ended).contains(qualifier);
  }

  @Test
  void failsToBeCreatedFromAnImageThatLambdaRefuses() {
    broken.add(image);
    create(r -> {});

    await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(() -> assertThat(configuration().state()).isEqualTo(State.FAILED));
    assertThat(configuration().stateReasonCodeAsString()).isEqualTo("InvalidImage");
    assertThat(configuration().stateReason())
        .isEqualTo("ImageLayerFailure: UnsupportedImageLayerDetected");
    assertError(
        () -> lambda.updateFunctionCode(r -> r.functionName("feast-dev").imageUri(image)),
        409,
        "ResourceConflictException",
        "The operation cannot be performed at this time. The function is currently in the following"
            + " state: Failed");
    lambda.deleteFunction(r -> r.functionName("feast-dev"));
    broken.clear();
    create(r -> {});
    awaitActive();
  }

  @Test
  void failsWhereItCannotBeMadeReadyForAnotherReasonThanItsImage() {
    diskFull = true;
    create(r -> {});

    await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(() -> assertThat(configuration().state()).isEqualTo(State.FAILED));
    assertThat(configuration().stateReasonCodeAsString()).isEqualTo("InternalError");
    assertThat(configuration().stateReason()).contains("No space left on device");
    lambda.deleteFunction(r -> r.functionName("feast-dev"));
    diskFull = false;
    create(r -> {});
    awaitActive();
    diskFull = true;
    lambda.updateFunctionCode(r -> r.functionName("feast-dev").imageUri(image));
    await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(
            () ->
                assertThat(configuration().lastUpdateStatus()).isEqualTo(LastUpdateStatus.FAILED));
    assertThat(configuration().lastUpdateStatusReasonCodeAsString()).isEqualTo("InternalError");
    assertThat(text(invoke(""))).isEqualTo("{}");
  }

  @Test
  void servesAsBeforeAfterAnUpdateThatFailed() {
    create(r -> {});
    awaitActive();
    String second = images.push(repository, "v2", "two");
    broken.add(second);
    lambda.updateFunctionCode(r -> r.functionName("feast-dev").imageUri(second));

    await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(
            () ->
                assertThat(configuration().lastUpdateStatus()).isEqualTo(LastUpdateStatus.FAILED));
    assertThat(configuration().lastUpdateStatusReasonCodeAsString()).isEqualTo("InvalidImage");
    assertThat(configuration().state()).isEqualTo(State.ACTIVE);
    assertThat(text(invoke(""))).isEqualTo("{}");
    lambda.updateFunctionCode(r -> r.functionName("feast-dev").imageUri(image));
    awaitUpdated();
  }

  @Test
  void letsLambdaPullByAStatementInTheRepositoryPolicy() {
    create(r -> {});

    assertThat(ecr.getRepositoryPolicy(r -> r.repositoryName("feast-dev")).policyText())
        .contains("LambdaECRImageRetrievalPolicy")
        .contains("lambda.amazonaws.com");
  }

  @Test
  void cannotPullWhereTheRepositoryPolicyForbidsIt() {
    ecr.setRepositoryPolicy(
        r ->
            r.repositoryName("feast-dev")
                .policyText(
                    """
                    {"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"ecr:*"}]}\
                    """));

    assertError(
        () -> create(r -> {}),
        403,
        "AccessDeniedException",
        "Lambda does not have permission to access the ECR image. Check the ECR permissions.");
  }

  @Test
  void publishesNothingNewWhereNothingChanged() {
    create(r -> {});
    String revision = awaitActive().revisionId();
    PublishVersionResponse first =
        lambda.publishVersion(r -> r.functionName("feast-dev").description("one"));

    assertThat(first.version()).isEqualTo("1");
    assertThat(first.functionArn()).isEqualTo(ARN + ":1");
    assertThat(first.description()).isEqualTo("one");
    assertThat(first.state()).isEqualTo(State.ACTIVE);
    assertThat(configuration().revisionId()).isNotEqualTo(revision);
    assertThat(lambda.publishVersion(r -> r.functionName("feast-dev")).version()).isEqualTo("1");
    update(r -> r.timeout(9));
    assertThat(lambda.publishVersion(r -> r.functionName("feast-dev")).version()).isEqualTo("2");
    lambda.deleteFunction(r -> r.functionName("feast-dev").qualifier("2"));
    update(r -> r.timeout(10));
    assertThat(lambda.publishVersion(r -> r.functionName("feast-dev")).version()).isEqualTo("3");
    var versions = lambda.listVersionsByFunction(r -> r.functionName("feast-dev")).versions();
    assertThat(versions)
        .extracting(FunctionConfiguration::version)
        .containsExactly("$LATEST", "1", "3");
    assertThat(versions).allSatisfy(v -> assertThat(v.stateAsString()).isNull());
  }

  @Test
  void publishesOnlyWhatTheCallerMeant() {
    create(r -> {});
    awaitActive();
    String sha = image.split("sha256:")[1];

    assertError(
        () -> lambda.publishVersion(r -> r.functionName("feast-dev").codeSha256("0".repeat(64))),
        400,
        "InvalidParameterValueException",
        "CodeSHA256 (%s) is different from current CodeSHA256 in $LATEST (%s). Please try again with the CodeSHA256 in $LATEST."
            .formatted("0".repeat(64), sha));
    assertError(
        () -> lambda.publishVersion(r -> r.functionName("feast-dev").revisionId("nope")),
        412,
        "PreconditionFailedException",
        "The Revision Id provided does not match the latest Revision Id. Call the"
            + " GetFunction/GetAlias API to retrieve the latest Revision Id");
  }

  @Test
  void keepsAVersionAsItWasPublished() {
    handler = i -> "\"" + i.functionVersion() + " " + i.environment().get("WHO") + "\"";
    create(r -> r.environment(e -> e.variables(Map.of("WHO", "first"))));
    awaitActive();
    lambda.publishVersion(r -> r.functionName("feast-dev"));
    update(r -> r.environment(e -> e.variables(Map.of("WHO", "second"))));

    assertThat(text(invoke("1"))).isEqualTo("\"1 first\"");
    assertThat(text(invoke(""))).isEqualTo("\"$LATEST second\"");
    assertThat(invoke("1").executedVersion()).isEqualTo("1");
  }

  @Test
  void movesAnAlias() {
    handler = i -> "\"" + i.functionVersion() + " " + i.invokedArn() + "\"";
    create(r -> {});
    awaitActive();
    lambda.publishVersion(r -> r.functionName("feast-dev"));
    var alias =
        lambda.createAlias(r -> r.functionName("feast-dev").name("live").functionVersion("1"));
    assertThat(alias.aliasArn()).isEqualTo(ARN + ":live");
    update(r -> r.timeout(9));
    lambda.publishVersion(r -> r.functionName("feast-dev"));

    assertThat(text(invoke("live"))).isEqualTo("\"1 " + ARN + ":live\"");
    var moved =
        lambda.updateAlias(r -> r.functionName("feast-dev").name("live").functionVersion("2"));
    assertThat(moved.revisionId()).isNotEqualTo(alias.revisionId());
    assertThat(text(invoke("live"))).isEqualTo("\"2 " + ARN + ":live\"");
    assertThat(lambda.getFunction(r -> r.functionName(ARN + ":live")).configuration().version())
        .isEqualTo("2");
    assertThat(lambda.listAliases(r -> r.functionName("feast-dev").functionVersion("2")).aliases())
        .extracting(a -> a.name())
        .containsExactly("live");
    assertError(
        () -> lambda.deleteFunction(r -> r.functionName("feast-dev").qualifier("2")),
        409,
        "ResourceConflictException",
        "Unable to delete version because the following aliases reference it: [live]");
    lambda.deleteFunction(r -> r.functionName("feast-dev").qualifier("1"));
    lambda.deleteAlias(r -> r.functionName("feast-dev").name("live"));
    assertError(
        () -> lambda.getAlias(r -> r.functionName("feast-dev").name("live")),
        404,
        "ResourceNotFoundException",
        "Cannot find alias arn: " + ARN + ":live");
  }

  @Test
  void splitsTrafficByTheWeightsOfAnAlias() {
    handler = i -> "\"" + i.functionVersion() + "\"";
    create(r -> {});
    awaitActive();
    lambda.publishVersion(r -> r.functionName("feast-dev"));
    update(r -> r.timeout(9));
    lambda.publishVersion(r -> r.functionName("feast-dev"));
    lambda.createAlias(
        r ->
            r.functionName("feast-dev")
                .name("live")
                .functionVersion("1")
                .routingConfig(c -> c.additionalVersionWeights(Map.of("2", 1.0))));

    assertThat(text(invoke("live"))).isEqualTo("\"2\"");
  }

  @Test
  void keepsAPolicyForEachQualifier() {
    create(r -> {});
    awaitActive();
    lambda.publishVersion(r -> r.functionName("feast-dev"));
    lambda.createAlias(r -> r.functionName("feast-dev").name("live").functionVersion("1"));
    String source = "arn:aws:execute-api:us-west-2:000000000000:abc/$default/GET/health";

    var added =
        lambda.addPermission(
            r ->
                r.functionName("feast-dev")
                    .qualifier("live")
                    .statementId("get-health")
                    .action("lambda:InvokeFunction")
                    .principal("apigateway.amazonaws.com")
                    .sourceArn(source));
    assertThat(added.statement())
        .isEqualTo(
            """
            {"Sid":"get-health","Effect":"Allow","Principal":{"Service":"apigateway.amazonaws.com"},"Action":"lambda:InvokeFunction","Resource":"%s:live","Condition":{"ArnLike":{"AWS:SourceArn":"%s"}}}\
            """
                .formatted(ARN, source));
    assertThat(lambda.getPolicy(r -> r.functionName("feast-dev").qualifier("live")).policy())
        .isEqualTo(
            "{\"Version\":\"2012-10-17\",\"Id\":\"default\",\"Statement\":["
                + added.statement()
                + "]}");
    assertError(
        () -> lambda.getPolicy(r -> r.functionName("feast-dev")),
        404,
        "ResourceNotFoundException",
        "The resource you requested does not exist.");
    lambda.removePermission(
        r -> r.functionName("feast-dev").qualifier("live").statementId("get-health"));
    assertError(
        () ->
            lambda.removePermission(
                r -> r.functionName("feast-dev").qualifier("live").statementId("get-health")),
        404,
        "ResourceNotFoundException",
        "No policy is associated with the given resource.");
  }

  @Test
  void pagesThroughFunctions() {
    for (String name : List.of("feast-c", "feast-a", "feast-b")) {
      create(r -> r.functionName(name));
    }
    var names = new ArrayList<String>();
    lambda
        .listFunctionsPaginator(r -> r.maxItems(2))
        .functions()
        .forEach(f -> names.add(f.functionName()));

    assertThat(names).containsExactly("feast-a", "feast-b", "feast-c");
  }

  /** As Lambda answers a caller without lambda:ListTags, and when its tags cannot be had. */
  @Test
  void saysThatItCouldNotReadTheTags() {
    create(r -> r.tags(Map.of("feast-owned", "True")));
    aws.faults()
        .add(
            Fault.error("lambda", "ListTags", 403, "AccessDeniedException", "not authorized")
                .times(1));

    var denied = lambda.getFunction(r -> r.functionName("feast-dev"));

    assertThat(denied.tags()).isEmpty();
    assertThat(denied.tagsError().errorCode()).isEqualTo("AccessDeniedException");
    assertThat(denied.tagsError().message()).isEqualTo("not authorized");
    var answered = lambda.getFunction(r -> r.functionName("feast-dev"));
    assertThat(answered.tags()).containsKey("feast-owned");
    assertThat(answered.tagsError()).isNull();
  }

  @Test
  void keepsTheKeyOfTheEnvironmentUntilAnEmptyOneIsGiven() {
    String key = "arn:aws:kms:us-west-2:000000000000:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    create(r -> r.kmsKeyArn(key).environment(e -> e.variables(Map.of("KEY", "1"))));
    awaitActive();
    String version = lambda.publishVersion(r -> r.functionName("feast-dev")).version();
    update(r -> r.memorySize(512));
    assertThat(configuration().kmsKeyArn()).isEqualTo(key);

    update(r -> r.kmsKeyArn(""));

    assertThat(configuration().kmsKeyArn()).isNull();
    assertThat(
            lambda
                .getFunctionConfiguration(r -> r.functionName("feast-dev").qualifier(version))
                .kmsKeyArn())
        .isEqualTo(key);
  }

  @Test
  void refusesAKeyThatIsNoneOrOfAnotherRegion() {
    LambdaException none =
        catchThrowableOfType(LambdaException.class, () -> create(r -> r.kmsKeyArn("alias/mine")));
    assertThat(none.awsErrorDetails().errorCode()).isEqualTo("ValidationException");
    assertThat(none.awsErrorDetails().errorMessage()).contains("'kMSKeyArn'");

    LambdaException elsewhere =
        catchThrowableOfType(
            LambdaException.class,
            () -> create(r -> r.kmsKeyArn("arn:aws:kms:eu-west-1:000000000000:key/a")));
    assertThat(elsewhere.awsErrorDetails().errorCode()).isEqualTo("InvalidParameterValueException");
    assertThat(elsewhere.awsErrorDetails().errorMessage())
        .contains("KMS key is invalid", "eu-west-1");
  }

  /** As Lambda answers a caller without kms:Decrypt on the key. */
  @Test
  void saysThatItCouldNotDecryptTheEnvironment() {
    create(
        r ->
            r.kmsKeyArn("arn:aws:kms:us-west-2:000000000000:key/a")
                .environment(e -> e.variables(Map.of("KEY", "1"))));
    aws.faults()
        .add(Fault.error("kms", "Decrypt", 403, "AccessDeniedException", "no Decrypt").times(1));

    var denied = configuration().environment();

    assertThat(denied.variables()).isEmpty();
    assertThat(denied.error().errorCode()).isEqualTo("AccessDeniedException");
    assertThat(denied.error().message()).isEqualTo("no Decrypt");
    assertThat(configuration().environment().variables()).containsKey("KEY");
  }

  @Test
  void tagsAFunction() {
    create(r -> r.tags(Map.of("feast-owned", "True")));
    awaitActive();
    lambda.tagResource(r -> r.resource(ARN).tags(Map.of("a", "1")));
    lambda.untagResource(r -> r.resource(ARN).tagKeys("feast-owned"));

    assertThat(lambda.listTags(r -> r.resource(ARN)).tags()).containsExactly(Map.entry("a", "1"));
    assertThat(lambda.getFunction(r -> r.functionName("feast-dev")).tags()).containsKey("a");
  }

  @Test
  void answersWhatTheFunctionThrows() {
    handler =
        i -> {
          throw new IllegalStateException("no registry");
        };
    create(r -> {});
    awaitActive();

    InvokeResponse answer = invoke("");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.functionError()).isEqualTo("Unhandled");
    assertThat(text(answer))
        .isEqualTo(
            "{\"errorMessage\":\"no registry\",\"errorType\":\"java.lang.IllegalStateException\"}");
  }

  @Test
  void endsWhatTakesTooLong() {
    handler =
        i -> {
          new CountDownLatch(1).await();
          return "{}";
        };
    create(r -> r.timeout(1));
    awaitActive();

    InvokeResponse answer = invoke("");
    assertThat(answer.functionError()).isEqualTo("Unhandled");
    assertThat(text(answer))
        .matches(
            "\\{\"errorType\":\"Sandbox.Timedout\",\"errorMessage\":\"RequestId: [0-9a-f-]{36}"
                + " Error: Task timed out after 1.00 seconds\"}");
  }

  @Test
  void refusesAnAnswerThatIsTooLarge() {
    handler = i -> "\"" + "x".repeat(6_291_556) + "\"";
    create(r -> {});
    awaitActive();

    assertThat(text(invoke("")))
        .isEqualTo(
            "{\"errorType\":\"Function.ResponseSizeTooLarge\",\"errorMessage\":\"Response payload"
                + " size exceeded maximum allowed payload size (6291556 bytes).\"}");
  }

  @Test
  void tellsTheTailOfTheLog() {
    create(r -> r.memorySize(256));
    awaitActive();

    var answer = lambda.invoke(r -> r.functionName("feast-dev").logType(LogType.TAIL));
    String log = new String(Base64.getDecoder().decode(answer.logResult()), StandardCharsets.UTF_8);
    String requestId = answer.responseMetadata().requestId();
    assertThat(log.lines())
        .satisfiesExactly(
            line ->
                assertThat(line).isEqualTo("START RequestId: " + requestId + " Version: $LATEST"),
            line -> assertThat(line).isEqualTo("END RequestId: " + requestId),
            line ->
                assertThat(line)
                    .startsWith("REPORT RequestId: " + requestId + "\tDuration: ")
                    .contains("\tMemory Size: 256 MB\t"));
    assertThat(invoke("").logResult()).isNull();
  }

  @Test
  void onlyChecksInADryRunAndDoesNotWaitForAnEvent() throws Exception {
    var started = new CountDownLatch(1);
    handler =
        i -> {
          started.countDown();
          return "{}";
        };
    create(r -> {});
    awaitActive();

    assertThat(
            lambda
                .invoke(r -> r.functionName("feast-dev").invocationType(InvocationType.DRY_RUN))
                .statusCode())
        .isEqualTo(204);
    assertThat(started.getCount()).isEqualTo(1);
    assertThat(
            lambda
                .invoke(r -> r.functionName("feast-dev").invocationType(InvocationType.EVENT))
                .statusCode())
        .isEqualTo(202);
    assertThat(started.await(10, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void throttlesPastTheReservedConcurrency() throws Exception {
    var busy = new CountDownLatch(2);
    var release = new CountDownLatch(1);
    handler =
        i -> {
          busy.countDown();
          release.await();
          return "{}";
        };
    create(r -> r.timeout(30));
    awaitActive();
    lambda.putFunctionConcurrency(r -> r.functionName("feast-dev").reservedConcurrentExecutions(2));
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var running = IntStream.range(0, 2).mapToObj(i -> threads.submit(() -> invoke(""))).toList();
      busy.await();
      TooManyRequestsException error =
          catchThrowableOfType(TooManyRequestsException.class, () -> invoke(""));
      release.countDown();
      assertThat(error.reasonAsString())
          .isEqualTo("ReservedFunctionConcurrentInvocationLimitExceeded");
      assertThat(error.awsErrorDetails().errorMessage()).isEqualTo("Rate Exceeded.");
      for (var one : running) {
        assertThat(one.get().functionError()).isNull();
      }
    }
    lambda.deleteFunctionConcurrency(r -> r.functionName("feast-dev"));
    assertThat(
            lambda
                .getFunctionConcurrency(r -> r.functionName("feast-dev"))
                .reservedConcurrentExecutions())
        .isNull();
  }

  @Test
  void invokesNothingWithAReservedConcurrencyOfZero() {
    create(r -> {});
    awaitActive();
    lambda.putFunctionConcurrency(r -> r.functionName("feast-dev").reservedConcurrentExecutions(0));

    assertError(() -> invoke(""), 429, "TooManyRequestsException", "Rate Exceeded.");
  }

  @Test
  void refusesAnIndex() {
    String index =
        """
        {"schemaVersion":2,"mediaType":"%s","manifests":[{"mediaType":"%s","digest":"%s","size":1}]}\
        """
            .formatted(Manifest.OCI_INDEX, Manifest.OCI_MANIFEST, image.split("@")[1]);
    String uri = images.pushManifest(repository, "all", Manifest.OCI_INDEX, index);

    assertImageIsNotSupported(uri);
  }

  @Test
  void refusesAManifestThatDoesNotSayWhatItIs() {
    String manifest = manifest(Manifest.OCI_MANIFEST).replaceFirst("\"mediaType\":\"[^\"]*\",", "");
    String uri = images.pushManifest(repository, "untyped", Manifest.OCI_MANIFEST, manifest);

    assertImageIsNotSupported(uri);
  }

  private void assertImageIsNotSupported(String uri) {
    assertError(
        () -> create(r -> r.code(c -> c.imageUri(uri))),
        400,
        "InvalidParameterValueException",
        "The image manifest, config or layer media type for the source image "
            + uri
            + " is not supported.");
  }

  @Test
  void takesAnImageAsDockerPushesIt() {
    String manifest =
        manifest(Manifest.DOCKER_MANIFEST)
            .replace(
                "application/vnd.oci.image.config.v1+json",
                "application/vnd.docker.container.image.v1+json")
            .replace(
                "application/vnd.oci.image.layer.v1.tar+gzip",
                "application/vnd.docker.image.rootfs.diff.tar.gzip");
    String uri = images.pushManifest(repository, "docker", Manifest.DOCKER_MANIFEST, manifest);
    create(r -> r.code(c -> c.imageUri(uri)));

    awaitActive();
    assertThat(text(invoke(""))).isEqualTo("{}");
  }

  /** That of the image, as another kind. */
  private String manifest(String mediaType) {
    return ecr.batchGetImage(
            r ->
                r.repositoryName("feast-dev")
                    .imageIds(ImageIdentifier.builder().imageTag("v1").build()))
        .images()
        .getFirst()
        .imageManifest()
        .replace(Manifest.OCI_MANIFEST, mediaType);
  }

  @Test
  void throttlesPastTheAccountsConcurrency() throws Exception {
    var busy = new CountDownLatch(20);
    var release = new CountDownLatch(1);
    handler =
        i -> {
          busy.countDown();
          release.await();
          return "{}";
        };
    create(r -> r.timeout(30));
    awaitActive();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var running = IntStream.range(0, 20).mapToObj(i -> threads.submit(() -> invoke(""))).toList();
      busy.await();
      TooManyRequestsException error =
          catchThrowableOfType(TooManyRequestsException.class, () -> invoke(""));
      release.countDown();
      assertThat(error.reasonAsString()).isEqualTo("ConcurrentInvocationLimitExceeded");
      for (var one : running) {
        assertThat(one.get().functionError()).isNull();
      }
    }
  }

  private interface Use {
    void of(FunctionsTest test);
  }

  private static Arguments mistake(String name, int status, String code, String text, Use use) {
    return Arguments.of(name, status, code, text, use);
  }

  static Stream<Arguments> mistakes() {
    String nope = ARN.replace("feast-dev", "nope");
    return Stream.of(
        mistake(
            "get what is not there",
            404,
            "ResourceNotFoundException",
            "Function not found: " + nope,
            t -> t.lambda.getFunction(r -> r.functionName("nope"))),
        mistake(
            "get a version that is not there",
            404,
            "ResourceNotFoundException",
            "Function not found: " + ARN + ":7",
            t -> t.lambda.getFunction(r -> r.functionName("feast-dev").qualifier("7"))),
        mistake(
            "another region",
            404,
            "ResourceNotFoundException",
            "Functions from 'eu-west-1' are not reachable in this region ('us-west-2')",
            t -> t.lambda.getFunction(r -> r.functionName(ARN.replace("us-west-2", "eu-west-1")))),
        mistake(
            "two qualifiers",
            400,
            "InvalidParameterValueException",
            "The derived qualifier from the function name does not match the specified qualifier.",
            t -> t.lambda.getFunction(r -> r.functionName(ARN + ":1").qualifier("2"))),
        mistake(
            "name taken",
            409,
            "ResourceConflictException",
            "Function already exist: feast-dev",
            t -> t.create(r -> {})),
        mistake(
            "no such image",
            400,
            "InvalidParameterValueException",
            "Source image HOST/000000000000/us-west-2/feast-dev:nope does not exist. Provide a"
                + " valid source image.",
            t -> t.create(r -> r.functionName("x").code(c -> c.imageUri(t.repository + ":nope")))),
        mistake(
            "no image",
            400,
            "InvalidParameterValueException",
            "Source image busybox:latest is not valid. Provide a valid source image.",
            t -> t.create(r -> r.functionName("x").code(c -> c.imageUri("busybox:latest")))),
        mistake(
            "memory",
            400,
            "ValidationException",
            "1 validation error detected: Value '64' at 'memorySize' failed to satisfy constraint:"
                + " Member must have value greater than or equal to 128",
            t -> t.create(r -> r.functionName("x").memorySize(64))),
        mistake(
            "timeout",
            400,
            "ValidationException",
            "1 validation error detected: Value '901' at 'timeout' failed to satisfy constraint:"
                + " Member must have value less than or equal to 900",
            t -> t.create(r -> r.functionName("x").timeout(901))),
        mistake(
            "role",
            400,
            "ValidationException",
            "1 validation error detected: Value 'r1' at 'role' failed to satisfy constraint: Member"
                + " must satisfy regular expression pattern:"
                + " arn:(aws[a-zA-Z-]*)?:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+",
            t -> t.create(r -> r.functionName("x").role("r1"))),
        mistake(
            "reserved variable",
            400,
            "InvalidParameterValueException",
            "Lambda was unable to configure your environment variables because the environment"
                + " variables you have provided contains reserved keys that are currently not"
                + " supported for modification. Reserved keys used in this request: AWS_REGION",
            t ->
                t.create(
                    r ->
                        r.functionName("x")
                            .environment(e -> e.variables(Map.of("AWS_REGION", "x"))))),
        mistake(
            "environment too large",
            400,
            "InvalidParameterValueException",
            "Lambda was unable to configure your environment variables because the environment"
                + " variables you have provided exceeded the 4KB limit. String measured:"
                + " {\"BIG\":\""
                + "x".repeat(4087)
                + "\"}",
            t ->
                t.create(
                    r ->
                        r.functionName("x")
                            .environment(e -> e.variables(Map.of("BIG", "x".repeat(4087)))))),
        mistake(
            "a page of no aliases",
            400,
            "ValidationException",
            "1 validation error detected: Value '0' at 'maxItems' failed to satisfy constraint:"
                + " Member must have value greater than or equal to 1",
            t -> t.lambda.listAliases(r -> r.functionName("feast-dev").maxItems(0))),
        mistake(
            "a page whose size is no number",
            400,
            "SerializationException",
            "MaxItems is not a number: x",
            t ->
                t.lambda.listAliases(
                    r ->
                        r.functionName("feast-dev")
                            .overrideConfiguration(c -> c.putRawQueryParameter("MaxItems", "x")))),
        mistake(
            "alias to nothing",
            404,
            "ResourceNotFoundException",
            "Function not found: " + ARN + ":9",
            t ->
                t.lambda.createAlias(
                    r -> r.functionName("feast-dev").name("live").functionVersion("9"))),
        mistake(
            "alias that is a number",
            400,
            "ValidationException",
            "1 validation error detected: Value '2024' at 'name' failed to satisfy constraint:"
                + " Member must satisfy regular expression pattern: (?!^[0-9]+$)([a-zA-Z0-9-_]+)",
            t ->
                t.lambda.createAlias(
                    r -> r.functionName("feast-dev").name("2024").functionVersion("1"))),
        mistake(
            "permission on no alias",
            404,
            "ResourceNotFoundException",
            "Cannot find alias arn: " + ARN + ":nope",
            t -> t.permit(r -> r.qualifier("nope"))),
        mistake(
            "permission on $LATEST",
            400,
            "InvalidParameterValueException",
            "We currently do not support adding policies for $LATEST.",
            t -> t.permit(r -> r.qualifier("$LATEST"))),
        mistake(
            "permission for nobody",
            400,
            "InvalidParameterValueException",
            "The provided principal was invalid. Please check the principal and try again.",
            t -> t.permit(r -> r.principal("nobody"))),
        mistake(
            "permission twice",
            409,
            "ResourceConflictException",
            "The statement id (sid) provided already exists. Please provide a new statement id, or"
                + " remove the existing statement.",
            t -> {
              t.permit(r -> {});
              t.permit(r -> {});
            }),
        mistake(
            "remove a statement that is not there",
            404,
            "ResourceNotFoundException",
            "Statement other is not found in resource policy.",
            t -> {
              t.permit(r -> {});
              t.lambda.removePermission(r -> r.functionName("feast-dev").statementId("other"));
            }),
        mistake(
            "delete $LATEST",
            400,
            "InvalidParameterValueException",
            "$LATEST version cannot be deleted without deleting the function.",
            t -> t.lambda.deleteFunction(r -> r.functionName("feast-dev").qualifier("$LATEST"))),
        mistake(
            "tag a version",
            400,
            "InvalidParameterValueException",
            "Tags on function aliases and versions are not supported. Please specify a function"
                + " ARN.",
            t -> t.lambda.tagResource(r -> r.resource(ARN + ":1").tags(Map.of("a", "b")))),
        mistake(
            "reserve for a version",
            400,
            "InvalidParameterValueException",
            "This operation is permitted on Lambda functions only. Aliases and versions do not"
                + " support this operation. Please specify either a function name or an unqualified"
                + " function ARN.",
            t ->
                t.lambda.putFunctionConcurrency(
                    r -> r.functionName(ARN + ":1").reservedConcurrentExecutions(1))),
        mistake(
            "reserve too much",
            400,
            "InvalidParameterValueException",
            "Specified ReservedConcurrentExecutions for function decreases account's"
                + " UnreservedConcurrentExecution below its minimum value of [10].",
            t ->
                t.lambda.putFunctionConcurrency(
                    r -> r.functionName("feast-dev").reservedConcurrentExecutions(11))),
        mistake(
            "zip",
            400,
            "InvalidParameterValueException",
            "Please provide ImageUri when updating a function with packageType Image.",
            t ->
                t.lambda.updateFunctionCode(
                    r -> r.functionName("feast-dev").zipFile(SdkBytes.fromUtf8String("zip")))),
        mistake(
            "event that is no JSON",
            400,
            "InvalidRequestContentException",
            "Could not parse request body into json: Could not parse payload into json:"
                + " Unrecognized token 'x': was expecting (JSON String, Number, Array, Object or"
                + " token 'null', 'true' or 'false')",
            t ->
                t.lambda.invoke(
                    r -> r.functionName("feast-dev").payload(SdkBytes.fromUtf8String("x")))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("mistakes")
  void answersMistakesAsLambdaDoes(String name, int status, String code, String text, Use use) {
    create(r -> {});
    awaitActive();
    assertError(
        () -> use.of(this), status, code, text.replace("HOST", aws.endpoint().getAuthority()));
  }

  private void permit(
      Consumer<software.amazon.awssdk.services.lambda.model.AddPermissionRequest.Builder> change) {
    lambda.addPermission(
        r -> {
          r.functionName("feast-dev")
              .statementId("sid")
              .action("lambda:InvokeFunction")
              .principal("apigateway.amazonaws.com");
          change.accept(r);
        });
  }

  private CreateFunctionResponse create(Consumer<CreateFunctionRequest.Builder> change) {
    return lambda.createFunction(
        r -> {
          r.functionName("feast-dev")
              .packageType(PackageType.IMAGE)
              .code(c -> c.imageUri(image))
              .role(ROLE);
          change.accept(r);
        });
  }

  private void update(
      Consumer<
              software.amazon.awssdk.services.lambda.model.UpdateFunctionConfigurationRequest
                  .Builder>
          change) {
    lambda.updateFunctionConfiguration(
        r -> {
          r.functionName("feast-dev");
          change.accept(r);
        });
    awaitUpdated();
  }

  private FunctionConfiguration configuration() {
    return lambda.getFunction(r -> r.functionName("feast-dev")).configuration();
  }

  private FunctionConfiguration awaitActive() {
    await()
        .atMost(Duration.ofSeconds(10))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> configuration().state() == State.ACTIVE);
    return configuration();
  }

  private void awaitUpdated() {
    await()
        .atMost(Duration.ofSeconds(10))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> configuration().lastUpdateStatus() == LastUpdateStatus.SUCCESSFUL);
  }

  private InvokeResponse invoke(String qualifier) {
    return lambda.invoke(
        r -> r.functionName("feast-dev").qualifier(qualifier.isEmpty() ? null : qualifier));
  }

  private static String text(InvokeResponse response) {
    return response.payload().asUtf8String();
  }

  private static void assertError(ThrowingCallable call, int status, String code, String text) {
    LambdaException error = catchThrowableOfType(LambdaException.class, call);
    assertThat(error.awsErrorDetails().errorCode()).isEqualTo(code);
    assertThat(error.awsErrorDetails().errorMessage()).isEqualTo(text);
    assertThat(error.statusCode()).isEqualTo(status);
  }
}
