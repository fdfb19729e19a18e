package dev.feast.aws.operator.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.feast.aws.localaws.LocalAws;
import dev.feast.aws.localaws.control.Fault;
import dev.feast.aws.localaws.iam.Identities;
import dev.feast.aws.localaws.iam.Role;
import dev.feast.aws.operator.aws.AwsException.Kind;
import dev.feast.aws.operator.metrics.OperatorMetrics;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** Clients as the operator makes them: every call takes its turn. */
class SdkRegionsTest {
  /** One call in a quarter of an hour: whoever comes second waits. */
  private static final double OFTEN = 1_000;

  private static final double SELDOM = 0.001;

  private LocalAws aws;
  private SdkRegions regions;
  private final OperatorMetrics metrics = new OperatorMetrics();

  @BeforeEach
  void start(@TempDir Path data) throws Exception {
    aws = LocalAws.builder().dataDir(data).start();
    regions = regions(aws, metrics);
  }

  private static SdkRegions regions(LocalAws aws, OperatorMetrics metrics) {
    return new SdkRegions(
        new RateLimits(SELDOM, SELDOM, SELDOM, SELDOM, 1, SELDOM, OFTEN),
        builder ->
            builder
                .endpointOverride(aws.endpoint())
                .credentialsProvider(
                    StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test"))),
        Duration.ofHours(1),
        InstantSource.system(),
        metrics);
  }

  @AfterEach
  void stop() {
    regions.close();
    metrics.close();
    aws.close();
  }

  static Stream<Arguments> calls() {
    return Stream.of(
        call("reading Lambda", region -> region.lambda().alias("f", "live")),
        call("GetFunction", region -> region.lambda().find("f")),
        call("GetPolicy", region -> region.lambda().permissions("f", "live")),
        call("changing Lambda", region -> region.lambda().delete("f")),
        call("reading API Gateway", region -> region.apiGateway().find("a")),
        call("changing API Gateway", region -> region.apiGateway().create("a", Map.of())),
        call("reading ECR", region -> region.ecr().find("repo")),
        call("changing ECR", region -> region.ecr().delete("repo")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("calls")
  void letsACallWaitForItsTurn(String what, Consumer<AwsRegion> call) throws Exception {
    AwsRegion region = regions.in("us-west-2", null);
    aws.calls().clear();
    call.accept(region);
    assertThat(aws.calls().list()).hasSize(1);
    var error = new AtomicReference<RuntimeException>();
    Thread second =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    call.accept(region);
                  } catch (RuntimeException e) {
                    error.set(e);
                  }
                });

    await().until(() -> second.getState() == Thread.State.TIMED_WAITING && sleeps(second));
    second.interrupt();
    second.join();

    assertThat(error.get())
        .isInstanceOfSatisfying(
            AwsException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE));
    assertThat(aws.calls().list()).hasSize(1);
  }

  /** AWS counts invocations against the function's concurrency, and not as calls to Lambda. */
  @Test
  void invokesWithoutWaitingForATurn() {
    AwsRegion region = regions.in("us-west-2", null);
    region.lambda().alias("f", "live"); // Takes the only token of a quarter of an hour.
    aws.calls().clear();

    assertThatExceptionOfType(AwsException.class)
        .isThrownBy(() -> region.lambda().invoke("f", 1, "{}"))
        .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.NOT_FOUND));

    assertThat(aws.calls().list()).hasSize(1);
  }

  /** What waits outside the call cannot run into the call's timeout. */
  @Test
  void takesTheTurnBeforeTheCallAndItsTimeoutBegin() throws Exception {
    AwsRegion region = regions.in("us-west-2", null);
    region.ecr().find("repo");
    Thread second =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    region.ecr().find("repo");
                  } catch (AwsException e) {
                    // It is interrupted below.
                  }
                });
    await().until(() -> sleeps(second));

    StackTraceElement[] stack = second.getStackTrace();
    second.interrupt();
    second.join();

    assertThat(stack)
        .noneMatch(frame -> frame.getClassName().endsWith(".ApiCallTimeoutTrackingStage"));
  }

  /** The SDK's own retry of a read is a call as well. */
  @Test
  void letsARetryWaitForItsTurn() throws Exception {
    AwsRegion region = regions.in("us-west-2", null);
    aws.calls().clear();
    aws.faults().add(Fault.error("ecr", "DescribeRepositories", 500, "ServerException", "no"));
    Thread reading =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    region.ecr().find("repo");
                  } catch (AwsException e) {
                    // It is interrupted below.
                  }
                });

    await().until(() -> aws.calls().list().size() == 1 && sleeps(reading));
    reading.interrupt();
    reading.join();

    assertThat(aws.calls().list()).hasSize(1);
  }

  /** So that no tenant can have the operator act as a role that trusts it for another one. */
  @Test
  void actsAsARoleOnlyForTheTenantThatItsTrustPolicyNames(@TempDir Path data) throws Exception {
    String arn = "arn:aws:iam::222222222222:role/feast";
    var identities = new Identities();
    identities.put(
        Role.of(
            arn,
            """
            {"Statement": {"Effect": "Allow", "Principal": {"AWS": "000000000000"},
             "Action": "sts:AssumeRole",
             "Condition": {"StringLike": {"sts:ExternalId": "cluster-1/team-a"}}}}
            """));
    try (LocalAws enforcing = LocalAws.builder().dataDir(data).iam(identities).start();
        SdkRegions acting = regions(enforcing, metrics)) {
      assertThat(
              acting
                  .in("us-west-2", AssumedRole.of(arn, "cluster-1", "team-a"))
                  .location()
                  .account())
          .isEqualTo("222222222222");

      assertThatExceptionOfType(AwsException.class)
          .isThrownBy(() -> acting.in("us-west-2", AssumedRole.of(arn, "cluster-1", "team-b")))
          .satisfies(refused -> assertThat(refused.kind()).isEqualTo(Kind.DENIED))
          .withMessageContaining("cluster-1/team-b");
    }
  }

  private static boolean sleeps(Thread thread) {
    return Stream.of(thread.getStackTrace())
        .anyMatch(frame -> frame.getClassName().equals(TokenBucket.class.getName()));
  }

  private static Arguments call(String what, Consumer<AwsRegion> call) {
    return Arguments.of(what, call);
  }
}
