package dev.feast.aws.localaws.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.feast.aws.localaws.LocalAws;
import dev.feast.aws.localaws.Sdk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.CreateFunctionRequest;
import software.amazon.awssdk.services.lambda.model.CreateFunctionResponse;
import software.amazon.awssdk.services.lambda.model.FunctionConfiguration;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;
import software.amazon.awssdk.services.lambda.model.LambdaException;
import software.amazon.awssdk.services.lambda.model.LastUpdateStatus;
import software.amazon.awssdk.services.lambda.model.PackageType;
import software.amazon.awssdk.services.lambda.model.State;

/** local-aws with an image and the function feast-dev, which the test's own JVM answers for. */
final class TestFunctions implements AutoCloseable {
  static final String ROLE = "arn:aws:iam::000000000000:role/feast";
  static final String ARN = "arn:aws:lambda:us-west-2:000000000000:function:feast-dev";

  /** One call or several. */
  interface Use {
    void of(TestFunctions functions);
  }

  /** URIs by digest of images that cannot be made ready, as Lambda says of their layers. */
  final Set<String> broken = ConcurrentHashMap.newKeySet();

  /** Whether no image can be made ready. */
  volatile boolean diskFull;

  /** Whether no execution environment can be initialized. */
  volatile boolean uninitializable;

  /** How execution environments were started, and of which versions, in that order. */
  final List<String> launched = new CopyOnWriteArrayList<>();

  /** The versions whose execution environments ended, in that order. */
  final List<String> ended = new CopyOnWriteArrayList<>();

  /** What functions answer. */
  volatile FunctionHandler handler = invocation -> "{}";

  final LocalAws aws;
  final EcrClient ecr;
  final LambdaClient lambda;
  final TestImages images;
  final String repository;

  /** By digest; its tag is v1. */
  final String image;

  private final Sdk sdk;

  TestFunctions(Path data) throws IOException {
    var limits = new LambdaLimits(20, Duration.ofMillis(150), Duration.ofMinutes(5));
    aws = LocalAws.builder().dataDir(data).functions(launcher()).lambdaLimits(limits).start();
    sdk = new Sdk(aws.endpoint());
    ecr = sdk.ecr();
    lambda = sdk.lambda();
    images = new TestImages(aws.endpoint(), ecr);
    repository = images.repository("feast-dev");
    image = images.push(repository, "v1", "one");
  }

  @Override
  public void close() {
    sdk.close();
    aws.close();
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
        launched.add(launch.initialization().text() + " " + launch.version());
        return new ExecutionEnvironment() {
          @Override
          public boolean initialize() {
            return !uninitializable && environment.initialize();
          }

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

  void permit(
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

  CreateFunctionResponse create(Consumer<CreateFunctionRequest.Builder> change) {
    return lambda.createFunction(
        r -> {
          r.functionName("feast-dev")
              .packageType(PackageType.IMAGE)
              .code(c -> c.imageUri(image))
              .role(ROLE);
          change.accept(r);
        });
  }

  void update(
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

  FunctionConfiguration configuration() {
    return lambda.getFunction(r -> r.functionName("feast-dev")).configuration();
  }

  FunctionConfiguration awaitActive() {
    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> configuration().state() == State.ACTIVE);
    return configuration();
  }

  void awaitUpdated() {
    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> configuration().lastUpdateStatus() == LastUpdateStatus.SUCCESSFUL);
  }

  InvokeResponse invoke(String qualifier) {
    return lambda.invoke(
        r -> r.functionName("feast-dev").qualifier(qualifier.isEmpty() ? null : qualifier));
  }

  static String text(InvokeResponse response) {
    return response.payload().asUtf8String();
  }

  static void assertError(ThrowingCallable call, int status, String code, String text) {
    LambdaException error = catchThrowableOfType(LambdaException.class, call);
    assertThat(error.awsErrorDetails().errorCode()).isEqualTo(code);
    assertThat(error.awsErrorDetails().errorMessage()).isEqualTo(text);
    assertThat(error.statusCode()).isEqualTo(status);
  }
}
