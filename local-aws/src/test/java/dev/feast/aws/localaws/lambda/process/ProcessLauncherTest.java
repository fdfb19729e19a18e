package dev.feast.aws.localaws.lambda.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.feast.aws.localaws.LocalAws;
import dev.feast.aws.localaws.Sdk;
import dev.feast.aws.localaws.lambda.LambdaLimits;
import dev.feast.aws.localaws.lambda.TestImages;
import dev.feast.aws.localaws.lambda.image.Layers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.CreateFunctionRequest;
import software.amazon.awssdk.services.lambda.model.FunctionConfiguration;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;
import software.amazon.awssdk.services.lambda.model.LogType;
import software.amazon.awssdk.services.lambda.model.PackageType;
import software.amazon.awssdk.services.lambda.model.State;

/** Real processes, from an image that was pushed. */
class ProcessLauncherTest {
  private LocalAws aws;
  private Sdk sdk;
  private LambdaClient lambda;
  private TestImages images;
  private String repository;
  private Path data;

  @BeforeEach
  void start(@TempDir Path folder) throws Exception {
    data = folder;
    aws =
        LocalAws.builder()
            .dataDir(data)
            .functions(
                (repositories, installation) ->
                    ProcessLauncher.create(
                        repositories, installation, Isolations.here(), Duration.ofSeconds(3)))
            .lambdaLimits(new LambdaLimits(20, Duration.ofMillis(1), Duration.ofMillis(1500)))
            .start();
    sdk = new Sdk(aws.endpoint());
    lambda = sdk.lambda();
    images = new TestImages(aws.endpoint(), sdk.ecr());
    repository = images.repository("feast-dev");
  }

  @AfterEach
  void stop() {
    sdk.close();
    aws.close();
  }

  @Test
  void givesAFunctionLambdasEnvironment() throws Exception {
    create(
        r -> r.memorySize(256).environment(e -> e.variables(Map.of("OWN", "set", "PATH", "/x"))));

    Map<String, String> expected =
        Map.ofEntries(
            Map.entry("AWS_LAMBDA_FUNCTION_NAME", "feast-dev"),
            Map.entry("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
            Map.entry("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256"),
            Map.entry("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/feast-dev"),
            Map.entry("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand"),
            Map.entry("AWS_REGION", "us-west-2"),
            Map.entry("AWS_DEFAULT_REGION", "us-west-2"),
            Map.entry("AWS_ENDPOINT_URL", aws.endpoint().toString()),
            Map.entry("LAMBDA_TASK_ROOT", "/var/task"),
            Map.entry("TZ", ":UTC"),
            Map.entry("FROM_IMAGE", "yes"),
            Map.entry("OWN", "set"),
            Map.entry("HOME", ""));
    expected.forEach((name, value) -> assertThat(variable(name)).isEqualTo('"' + value + '"'));
    // Where nothing else is possible, the image's folder stands before each path.
    String root = Isolations.here() instanceof Isolation.Prefix ? ".*/lambda/images/.*/root" : "";
    assertThat(variable("PATH")).matches("\"" + root + "/x\"");
    assertThat(variable("AWS_ACCESS_KEY_ID")).matches("\"ASIA[A-Z2-7]{16}\"");
    assertThat(variable("AWS_SESSION_TOKEN")).isNotEqualTo("\"\"");
    assertThat(text(invoke("{\"arn\":\"\"}")))
        .matches("\"arn:aws:lambda:us-west-2:000000000000:function:feast-dev \\d{13}\"");
  }

  private String variable(String name) {
    return text(invoke("{\"variable\":\"" + name + "\"}"));
  }

  @Test
  void holdsAVersionWithSnapStartWhereItsRuntimeAsksForIt() throws Exception {
    publishWithSnapStart(Map.of("SNAPSHOT", "yes"), BashImage.CONFIG);

    assertThat(awaitVersion().state()).isEqualTo(State.ACTIVE);
    // Initialized before it was invoked: no other environment was needed, and none is billed for.
    InvokeResponse first = invokeVersion("{\"variable\":\"restored\"}");
    assertThat(text(first)).isEqualTo("\"200\"");
    assertThat(log(first)).contains("RESTORE_REPORT Restore Duration: ").doesNotContain("Init Dur");
    assertThat(text(invokeVersion("{\"count\":\"\"}"))).isEqualTo("2");
    assertThat(text(invokeVersion("{\"variable\":\"AWS_LAMBDA_INITIALIZATION_TYPE\"}")))
        .isEqualTo("\"snap-start\"");
  }

  /** Those of an environment variable would not outlive a snapshot. */
  @Test
  void givesASnapshotItsKeysWhenItAsksForThem() throws Exception {
    publishWithSnapStart(Map.of("SNAPSHOT", "yes"), BashImage.CONFIG);
    awaitVersion();

    assertThat(text(invokeVersion("{\"variable\":\"AWS_ACCESS_KEY_ID\"}"))).isEqualTo("\"\"");
    assertThat(text(invokeVersion("{\"keys\":\"\"}")))
        .matches(
            "\\{\"AccessKeyId\":\"ASIA[A-Z2-7]{16}\",\"SecretAccessKey\":\"[^\"]+\",\"Token\":\"[^\"]+\","
                + "\"Expiration\":\"[-0-9T:]+Z\"}");
    assertThat(text(invokeVersion("{\"keys\":\"guessed\"}"))).contains("AccessDenied");
  }

  @Test
  void tellsThatASnapshotCannotBeRestored() throws Exception {
    publishWithSnapStart(Map.of("SNAPSHOT", "fail"), BashImage.CONFIG);
    awaitVersion();

    InvokeResponse failed = invokeVersion("{}");

    assertThat(failed.functionError()).isEqualTo("Unhandled");
    assertThat(text(failed)).contains("no clock");
  }

  @Test
  void refusesASnapshotWhereNeitherRuntimeNorLabelSaysThatItMayBeTaken() throws Exception {
    publishWithSnapStart(Map.of(), BashImage.CONFIG);

    assertThat(awaitVersion().stateReasonCodeAsString()).isEqualTo("FunctionError");
    assertThat(get("/_local/logs/feast-dev").body())
        .contains("restore/next", "com.amazonaws.lambda.feature.snapstart=Allow");
  }

  @Test
  void holdsAVersionWithSnapStartWhereItsImageHasTheLabel() throws Exception {
    publishWithSnapStart(
        Map.of(),
        BashImage.CONFIG.replace(
            "\"WorkingDir\"",
            "\"Labels\":{\"com.amazonaws.lambda.feature.snapstart\":\"Allow\"},\"WorkingDir\""));

    assertThat(awaitVersion().state()).isEqualTo(State.ACTIVE);
    assertThat(text(invokeVersion("{\"count\":\"\"}"))).isEqualTo("1");
  }

  private void publishWithSnapStart(Map<String, String> variables, String config) throws Exception {
    create(
        images.push(repository, "snapstart", config, BashImage.layer()),
        r ->
            r.publish(true)
                .environment(e -> e.variables(variables))
                .snapStart(s -> s.applyOn("PublishedVersions")));
  }

  /** Version 1, once it is no longer Pending. */
  private FunctionConfiguration awaitVersion() {
    return await()
        .until(
            () ->
                lambda.getFunction(r -> r.functionName("feast-dev").qualifier("1")).configuration(),
            version -> version.state() != State.PENDING);
  }

  private InvokeResponse invokeVersion(String event) {
    return lambda.invoke(
        r ->
            r.functionName("feast-dev")
                .qualifier("1")
                .logType(LogType.TAIL)
                .payload(SdkBytes.fromUtf8String(event)));
  }

  @Test
  void keepsTheImageReadOnlyAndTmpForEachEnvironment() throws Exception {
    create(r -> r.timeout(10));

    Isolation isolation = Isolations.here();
    if (!(isolation instanceof Isolation.Prefix)) {
      assertThat(text(invoke("{\"write\":\"/tmp/mine\"}"))).isEqualTo("\"written\"");
      assertThat(text(invoke("{\"exists\":\"/tmp/mine\"}"))).isEqualTo("\"there\"");
    }
    if (isolation instanceof Isolation.Namespaces) {
      assertThat(text(invoke("{\"write\":\"/var/task/x\"}"))).isEqualTo("\"refused\"");
      assertThat(text(invoke("{\"exists\":\"" + data + "\"}"))).isEqualTo("\"gone\"");
      assertThat(text(invoke("{\"write\":\"/dev/null\"}"))).isEqualTo("\"written\"");
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        var busy = threads.submit(() -> invoke("{\"sleep\":\"2\"}"));
        await().until(() -> text(invoke("{\"count\":\"\"}")).equals("1"));
        assertThat(text(invoke("{\"exists\":\"/tmp/mine\"}"))).isEqualTo("\"gone\"");
        busy.get();
      }
    }
  }

  @Test
  void takesOverridesOfTheImagesConfiguration() throws Exception {
    create(
        r ->
            r.imageConfig(
                c ->
                    c.entryPoint("/bin/bash", "-e")
                        .command("../var/task/bootstrap")
                        .workingDirectory("/bin")));

    assertThat(text(invoke("{\"user\":\"\"}"))).endsWith("/bin\"");
  }

  @Test
  void reusesAnEnvironmentAndEndsItWhenItIsIdle() throws Exception {
    create(r -> {});

    assertThat(text(invoke("{\"count\":\"\"}"))).isEqualTo("1");
    assertThat(text(invoke("{\"count\":\"\"}"))).isEqualTo("2");
    invoke("{\"child\":\"98761\"}");
    await().atMost(Duration.ofSeconds(60)).until(() -> !sleeping("98761").isEmpty());
    await().atMost(Duration.ofSeconds(60)).until(() -> sleeping("98761").isEmpty());
    assertThat(text(invoke("{\"count\":\"\"}"))).isEqualTo("1");
  }

  @Test
  void startsAProcessForEachConcurrentInvocation() throws Exception {
    create(r -> r.timeout(20));

    Set<String> counts = new HashSet<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<InvokeResponse> sleep = () -> invoke("{\"sleep\":\"1\"}");
      for (var answer : threads.invokeAll(java.util.List.of(sleep, sleep, sleep))) {
        counts.add(text(answer.get()));
      }
    }
    assertThat(counts).containsExactly("1");
  }

  @Test
  void startsAnewAfterAnUpdateAndEndsEverythingOnDelete() throws Exception {
    create(r -> {});
    invoke("{\"child\":\"98762\"}");
    lambda.updateFunctionConfiguration(
        r -> r.functionName("feast-dev").environment(e -> e.variables(Map.of("NEW", "1"))));
    await()
        .untilAsserted(
            () -> assertThat(configuration().lastUpdateStatusAsString()).isEqualTo("Successful"));

    assertThat(variable("NEW")).isEqualTo("\"1\"");
    await().atMost(Duration.ofSeconds(60)).until(() -> sleeping("98762").isEmpty());
    invoke("{\"child\":\"98763\"}");
    lambda.deleteFunction(r -> r.functionName("feast-dev"));
    assertThat(sleeping("98763")).isEmpty();
  }

  @Test
  void leavesNoProcessAndNoTemporaryFolderWhenItIsClosed() throws Exception {
    create(r -> {});
    invoke("{\"child\":\"98764\"}");

    aws.close();
    assertThat(sleeping("98764")).isEmpty();
    try (var left = Files.list(data.resolve("lambda/tmp"))) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void removesAtItsStartWhatOneThatWasKilledHadBegunToUnpack() throws Exception {
    aws.close();
    Path left = Files.createDirectories(data.resolve("lambda/images/.unpacking-1/root"));

    LocalAws.builder().dataDir(data).start().close();
    assertThat(left).doesNotExist();
  }

  @Test
  void killsAProcessAtItsTimeout() throws Exception {
    create(r -> r.timeout(1));

    InvokeResponse answer = invoke("{\"sleep\":\"98765\"}");
    assertThat(answer.functionError()).isEqualTo("Unhandled");
    assertThat(text(answer))
        .matches(
            "\\{\"errorType\":\"Sandbox.Timedout\",\"errorMessage\":\"RequestId: [0-9a-f-]{36}"
                + " Error: Task timed out after 1.00 seconds\"}");
    assertThat(log(answer))
        .contains("Task timed out after 1.00 seconds")
        .contains("Status: timeout");
    assertThat(sleeping("98765")).isEmpty();
    assertThat(text(invoke("{\"count\":\"\"}"))).isEqualTo("1");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "'{\"exit\":\"7\"}', Runtime exited with error: exit status 7",
    "'{\"exit\":\"0\"}', Runtime exited without providing a reason",
    "'{\"kill\":\"\"}', Runtime exited with error: signal: killed",
  })
  void tellsHowAProcessEnded(String event, String reason) throws Exception {
    create(r -> {});

    InvokeResponse answer = invoke(event);
    assertThat(answer.functionError()).isEqualTo("Unhandled");
    assertThat(text(answer))
        .matches(
            "\\{\"errorType\":\"Runtime.ExitError\",\"errorMessage\":\"RequestId: [0-9a-f-]{36}"
                + " Error: "
                + reason
                + "\"}");
    assertThat(log(answer).lines().map(line -> line.replaceAll("RequestId: [0-9a-f-]{36}", "ID")))
        .containsSubsequence(
            "START ID Version: $LATEST", "ID Error: " + reason, "Runtime.ExitError", "END ID");
    assertThat(log(answer))
        .containsPattern(
            "Max Memory Used: [1-9][0-9]* MB\t.*\tStatus: error\tError Type: Runtime.ExitError");
    assertThat(text(invoke("{\"count\":\"\"}"))).isEqualTo("1");
  }

  @Test
  void triesAFailedInitializationOnceMoreAndReportsIt() throws Exception {
    create(r -> r.environment(e -> e.variables(Map.of("FAIL", "exit"))));

    InvokeResponse answer = invoke("{}");
    assertThat(text(answer)).contains("Runtime.ExitError").contains("exit status 3");
    assertThat(log(answer))
        .containsPattern(
            "INIT_REPORT Init Duration: [0-9.]+ ms\tPhase: init\tStatus: error\tError Type:"
                + " Runtime.ExitError\n"
                + "INIT_REPORT Init Duration: [0-9.]+ ms\tPhase: invoke\tStatus: error\tError Type:"
                + " Runtime.ExitError\nSTART ")
        .doesNotContain("\tInit Duration");
  }

  @Test
  void givesAnInvocationItsWholeTimeAfterASlowInitialization() throws Exception {
    create(r -> r.timeout(1).environment(e -> e.variables(Map.of("FAIL", "slow"))));

    String answer = text(invoke("{\"arn\":\"\"}"));
    long answered = System.currentTimeMillis();
    long deadline = Long.parseLong(answer.replaceAll("\"", "").split(" ")[1]);
    assertThat(deadline).isGreaterThan(answered);
  }

  @Test
  void answersWithTheErrorThatTheRuntimeReportsOfItsInitialization() throws Exception {
    create(r -> r.environment(e -> e.variables(Map.of("FAIL", "report"))));

    InvokeResponse answer = invoke("{}");
    assertThat(answer.functionError()).isEqualTo("Unhandled");
    assertThat(text(answer))
        .isEqualTo("{\"errorMessage\":\"no registry\",\"errorType\":\"Function.NoRegistry\"}");
  }

  @Test
  void stopsWaitingForAnInitializationThatHangs() throws Exception {
    create(r -> r.timeout(1).environment(e -> e.variables(Map.of("FAIL", "hang"))));

    InvokeResponse answer = invoke("{}");
    assertThat(text(answer)).contains("Sandbox.Timedout");
    assertThat(log(answer))
        .contains("Phase: init\tStatus: timeout")
        .contains("Phase: invoke\tStatus: timeout");
  }

  @Test
  void answersWithTheErrorThatTheFunctionReports() throws Exception {
    create(r -> {});

    InvokeResponse answer = invoke("{\"fail\":\"\"}");
    assertThat(answer.functionError()).isEqualTo("Unhandled");
    assertThat(text(answer))
        .isEqualTo("{\"errorMessage\":\"on purpose\",\"errorType\":\"Function.Failed\"}");
    assertThat(text(invoke("{\"count\":\"\"}"))).isEqualTo("2");
  }

  @Test
  void tellsTheRuntimeThatItsAnswerIsTooLarge() throws Exception {
    create(r -> r.timeout(30));

    assertThat(text(invoke("{\"large\":\"\"}"))).contains("Function.ResponseSizeTooLarge");
    assertThat(text(invoke("{\"status\":\"\"}"))).isEqualTo("413");
  }

  @Test
  void logsWhatTheFunctionSays() throws Exception {
    create(r -> {});

    InvokeResponse answer = invoke("{\"log\":\"hello\"}");
    assertThat(log(answer).lines().map(line -> line.split("[: ]")[0]))
        .containsExactly("START", "said", "END", "REPORT");
    assertThat(log(answer)).containsPattern("Init Duration: [0-9.]+ ms").contains("said hello");
    assertThat(log(invoke("{\"log\":\"again\"}"))).doesNotContain("Init Duration");
    var kept = get("/_local/logs/feast-dev");
    assertThat(kept.statusCode()).isEqualTo(200);
    assertThat(kept.body()).contains("said hello\n", "said again\n");
    assertThat(get("/_local/logs/nope").statusCode()).isEqualTo(404);
  }

  static Stream<Arguments> entrypoints() {
    return Stream.of(
        Arguments.of("amd64", "/bin/nothing", "no such file or directory"),
        Arguments.of("amd64", "bin/bash", "no such file or directory"),
        Arguments.of("amd64", "/bin/link", "no such file or directory"),
        Arguments.of("amd64", "/etc/text", "permission denied"),
        Arguments.of("arm64", "/bin/bash", "exec format error"));
  }

  @ParameterizedTest(name = "{1} on {0}")
  @MethodSource("entrypoints")
  void refusesAnEntrypointThatCannotBeStarted(
      String architecture, String entrypoint, String problem) throws Exception {
    byte[] extra =
        Layers.layer()
            .folder("bin")
            .symbolicLink("bin/link", "bash")
            .file("etc/text", "text")
            .gzipped();
    String image =
        images.push(
            repository,
            "v1",
            BashImage.CONFIG.replace("amd64", architecture).replace("/bin/bash", entrypoint),
            BashImage.layer(),
            extra);
    create(r -> r.code(c -> c.imageUri(image)));

    InvokeResponse answer = invoke("{}");
    assertThat(text(answer))
        .contains("Runtime.InvalidEntrypoint")
        .contains("Error: fork/exec " + entrypoint + ": " + problem);
    assertThat(log(answer).lines().map(line -> line.split("[: ]")[0]))
        .containsExactly("START", "RequestId", "Runtime.InvalidEntrypoint", "END", "REPORT");
    assertThat(log(answer)).contains("\tStatus: error\tError Type: Runtime.InvalidEntrypoint");
  }

  static Stream<Arguments> unusable() {
    byte[] layer = Layers.layer().file("a", "some text that is there").gzipped();
    String notSupported = "is not supported.";
    return Stream.of(
        Arguments.of(
            "for Windows", BashImage.CONFIG.replace("linux", "windows"), layer, notSupported),
        Arguments.of("with a config that is no JSON", "{", layer, notSupported),
        Arguments.of(
            "with half a layer",
            BashImage.CONFIG,
            Arrays.copyOf(layer, layer.length / 2),
            "ImageLayerFailure: UnsupportedImageLayerDetected"),
        Arguments.of(
            "with a file whose folder is missing",
            BashImage.CONFIG,
            Layers.layer().orphan("a/b").gzipped(),
            "ImageLayerFailure: MissingParentDirectory"));
  }

  @ParameterizedTest(name = "an image {0}")
  @MethodSource("unusable")
  void failsToBeCreatedFromAnImageThatCannotBeUsed(
      String what, String config, byte[] layer, String reason) {
    String image = images.push(repository, "v1", config, layer);
    create(image, r -> {});

    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(configuration().state()).isEqualTo(State.FAILED));
    assertThat(configuration().stateReasonCodeAsString()).isEqualTo("InvalidImage");
    assertThat(configuration().stateReason()).contains(reason);
    try (var left = Files.list(data.resolve("lambda/images"))) {
      assertThat(left).isEmpty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void unpacksAnImageOnce() throws Exception {
    String image = images.push(repository, "bash", BashImage.CONFIG, BashImage.layer());
    create(image, r -> {});
    awaitActive();
    try (var unpacked = Files.list(data.resolve("lambda/images"))) {
      Path root = unpacked.toList().getFirst().resolve("root");
      Files.writeString(root.resolve("var/task/marked"), "");
    }
    lambda.deleteFunction(r -> r.functionName("feast-dev"));

    create(image, r -> {});
    awaitActive();
    assertThat(text(invoke("{\"exists\":\"marked\"}"))).isEqualTo("\"there\"");
  }

  private void create(Consumer<CreateFunctionRequest.Builder> change) throws Exception {
    create(images.push(repository, "bash", BashImage.CONFIG, BashImage.layer()), change);
    awaitActive();
  }

  private void awaitActive() {
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(configuration().state()).isEqualTo(State.ACTIVE));
  }

  private void create(String image, Consumer<CreateFunctionRequest.Builder> change) {
    lambda.createFunction(
        r -> {
          r.functionName("feast-dev")
              .packageType(PackageType.IMAGE)
              .code(c -> c.imageUri(image))
              .timeout(5)
              .role("arn:aws:iam::000000000000:role/feast");
          change.accept(r);
        });
  }

  private FunctionConfiguration configuration() {
    return lambda.getFunction(r -> r.functionName("feast-dev")).configuration();
  }

  private InvokeResponse invoke(String event) {
    return lambda.invoke(
        r ->
            r.functionName("feast-dev")
                .logType(LogType.TAIL)
                .payload(SdkBytes.fromUtf8String(event)));
  }

  private HttpResponse<String> get(String path) throws Exception {
    try (var http = HttpClient.newHttpClient()) {
      return http.send(
          HttpRequest.newBuilder(aws.endpoint().resolve(path)).build(), BodyHandlers.ofString());
    }
  }

  private static String text(InvokeResponse answer) {
    return answer.payload().asUtf8String();
  }

  private static String log(InvokeResponse answer) {
    return new String(Base64.getDecoder().decode(answer.logResult()), StandardCharsets.UTF_8);
  }

  /** The processes of the machine that sleep for so long. */
  private static java.util.List<ProcessHandle> sleeping(String seconds) {
    return ProcessHandle.allProcesses()
        .filter(p -> p.info().commandLine().orElse("").endsWith("sleep " + seconds))
        .toList();
  }
}
