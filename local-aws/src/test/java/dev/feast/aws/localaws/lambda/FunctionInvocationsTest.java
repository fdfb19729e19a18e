package dev.feast.aws.localaws.lambda;

import static dev.feast.aws.localaws.lambda.TestFunctions.assertError;
import static dev.feast.aws.localaws.lambda.TestFunctions.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.feast.aws.localaws.lambda.TestFunctions.Use;
import dev.feast.aws.localaws.logs.LogsClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.lambda.model.InvocationType;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;
import software.amazon.awssdk.services.lambda.model.LogType;
import software.amazon.awssdk.services.lambda.model.TooManyRequestsException;

/** What callers of a function are answered, and how many may call at once. */
class FunctionInvocationsTest {
  private TestFunctions functions;

  @BeforeEach
  void start(@TempDir Path data) throws Exception {
    functions = new TestFunctions(data);
  }

  @AfterEach
  void stop() {
    functions.close();
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
    functions.handler =
        i -> {
          started.countDown();
          release.await();
          return "\"done\"";
        };
    functions.create(r -> r.timeout(30));
    functions.awaitActive();
    functions.lambda.publishVersion(r -> r.functionName("feast-dev"));
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var running = threads.submit(() -> functions.invoke(qualifier));
      started.await();
      try {
        change.of(functions);
      } finally {
        release.countDown();
      }

      assertThat(text(running.get())).isEqualTo("\"done\"");
    }
    assertThat(functions.ended).contains(qualifier);
  }

  @ParameterizedTest
  @CsvSource({
    "PassThrough, '',                    Sampled=0",
    "Active,      '',                    Sampled=1",
    "PassThrough, Root=1-2-3;Sampled=1,  Root=1-2-3;Sampled=1",
    "Active,      Root=1-2-3;Sampled=0,  Root=1-2-3;Sampled=0",
  })
  void tellsTheFunctionWhetherItIsTraced(String mode, String given, String passedOn) {
    functions.handler = i -> "\"" + i.traceId() + "\"";
    functions.create(r -> r.tracingConfig(c -> c.mode(mode)));
    functions.awaitActive();

    InvokeResponse answer =
        functions.lambda.invoke(
            r ->
                r.functionName("feast-dev")
                    .overrideConfiguration(
                        c -> {
                          if (!given.isEmpty()) {
                            c.putHeader("X-Amzn-Trace-Id", given);
                          }
                        }));

    assertThat(text(answer)).contains(passedOn).contains("Root=");
  }

  @Test
  void logsIntoItsGroupWhichIsMadeAgainWhereItIsGone() {
    functions.create(r -> {});
    functions.awaitActive();
    try (var logs = new LogsClient(functions.aws.endpoint())) {
      functions.invoke("");
      logs.call("DeleteLogGroup", "{\"logGroupName\":\"/aws/lambda/feast-dev\"}");
      functions.invoke("");

      assertThat(logs.lines("/aws/lambda/feast-dev"))
          .hasSize(3)
          .first()
          .asString()
          .startsWith("START RequestId");
    }
  }

  @Test
  void answersWhatTheFunctionThrows() {
    functions.handler =
        i -> {
          throw new IllegalStateException("no registry");
        };
    functions.create(r -> {});
    functions.awaitActive();

    InvokeResponse answer = functions.invoke("");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.functionError()).isEqualTo("Unhandled");
    assertThat(text(answer))
        .isEqualTo(
            "{\"errorMessage\":\"no registry\",\"errorType\":\"java.lang.IllegalStateException\"}");
  }

  @Test
  void endsWhatTakesTooLong() {
    functions.handler =
        i -> {
          new CountDownLatch(1).await();
          return "{}";
        };
    functions.create(r -> r.timeout(1));
    functions.awaitActive();

    InvokeResponse answer = functions.invoke("");
    assertThat(answer.functionError()).isEqualTo("Unhandled");
    assertThat(text(answer))
        .matches(
            "\\{\"errorType\":\"Sandbox.Timedout\",\"errorMessage\":\"RequestId: [0-9a-f-]{36}"
                + " Error: Task timed out after 1.00 seconds\"}");
  }

  @Test
  void refusesAnAnswerThatIsTooLarge() {
    functions.handler = i -> "\"" + "x".repeat(6_291_556) + "\"";
    functions.create(r -> {});
    functions.awaitActive();

    assertThat(text(functions.invoke("")))
        .isEqualTo(
            "{\"errorType\":\"Function.ResponseSizeTooLarge\",\"errorMessage\":\"Response payload"
                + " size exceeded maximum allowed payload size (6291556 bytes).\"}");
  }

  @Test
  void tellsTheTailOfTheLog() {
    functions.create(r -> r.memorySize(256));
    functions.awaitActive();

    var answer = functions.lambda.invoke(r -> r.functionName("feast-dev").logType(LogType.TAIL));
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
    assertThat(functions.invoke("").logResult()).isNull();
  }

  @Test
  void onlyChecksInADryRunAndDoesNotWaitForAnEvent() throws Exception {
    var started = new CountDownLatch(1);
    functions.handler =
        i -> {
          started.countDown();
          return "{}";
        };
    functions.create(r -> {});
    functions.awaitActive();

    assertThat(
            functions
                .lambda
                .invoke(r -> r.functionName("feast-dev").invocationType(InvocationType.DRY_RUN))
                .statusCode())
        .isEqualTo(204);
    assertThat(started.getCount()).isEqualTo(1);
    assertThat(
            functions
                .lambda
                .invoke(r -> r.functionName("feast-dev").invocationType(InvocationType.EVENT))
                .statusCode())
        .isEqualTo(202);
    assertThat(started.await(10, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void throttlesPastTheReservedConcurrency() throws Exception {
    var busy = new CountDownLatch(2);
    var release = new CountDownLatch(1);
    functions.handler =
        i -> {
          busy.countDown();
          release.await();
          return "{}";
        };
    functions.create(r -> r.timeout(30));
    functions.awaitActive();
    functions.lambda.putFunctionConcurrency(
        r -> r.functionName("feast-dev").reservedConcurrentExecutions(2));
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var running =
          IntStream.range(0, 2).mapToObj(i -> threads.submit(() -> functions.invoke(""))).toList();
      busy.await();
      TooManyRequestsException error =
          catchThrowableOfType(TooManyRequestsException.class, () -> functions.invoke(""));
      release.countDown();
      assertThat(error.reasonAsString())
          .isEqualTo("ReservedFunctionConcurrentInvocationLimitExceeded");
      assertThat(error.awsErrorDetails().errorMessage()).isEqualTo("Rate Exceeded.");
      for (var one : running) {
        assertThat(one.get().functionError()).isNull();
      }
    }
    functions.lambda.deleteFunctionConcurrency(r -> r.functionName("feast-dev"));
    assertThat(
            functions
                .lambda
                .getFunctionConcurrency(r -> r.functionName("feast-dev"))
                .reservedConcurrentExecutions())
        .isNull();
  }

  @Test
  void invokesNothingWithAReservedConcurrencyOfZero() {
    functions.create(r -> {});
    functions.awaitActive();
    functions.lambda.putFunctionConcurrency(
        r -> r.functionName("feast-dev").reservedConcurrentExecutions(0));

    assertError(() -> functions.invoke(""), 429, "TooManyRequestsException", "Rate Exceeded.");
  }

  @Test
  void throttlesPastTheAccountsConcurrency() throws Exception {
    var busy = new CountDownLatch(20);
    var release = new CountDownLatch(1);
    functions.handler =
        i -> {
          busy.countDown();
          release.await();
          return "{}";
        };
    functions.create(r -> r.timeout(30));
    functions.awaitActive();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var running =
          IntStream.range(0, 20).mapToObj(i -> threads.submit(() -> functions.invoke(""))).toList();
      busy.await();
      TooManyRequestsException error =
          catchThrowableOfType(TooManyRequestsException.class, () -> functions.invoke(""));
      release.countDown();
      assertThat(error.reasonAsString()).isEqualTo("ConcurrentInvocationLimitExceeded");
      for (var one : running) {
        assertThat(one.get().functionError()).isNull();
      }
    }
  }
}
