package dev.feast.aws.localaws.lambda.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.feast.aws.localaws.LocalAws;
import dev.feast.aws.localaws.Sdk;
import dev.feast.aws.localaws.lambda.TestImages;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.PackageType;
import software.amazon.awssdk.services.lambda.model.State;

/** local-aws as a process of its own, whose functions have to end with it. */
class OrphansTest {
  @Test
  void endsItsFunctionsWhenItIsToldToStop(@TempDir Path folder) throws Exception {
    Process process =
        startWithAFunction(
            folder,
            "770001",
            "dev.feast.aws.localaws.Main",
            "--port",
            "0",
            "--data",
            folder.resolve("data").toString());

    process.destroy();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(sleeping("770001")).isFalse();
  }

  @ParameterizedTest
  @MethodSource("dev.feast.aws.localaws.lambda.process.Isolations#available")
  void takesItsFunctionsWithItWhenItIsKilled(String isolation, @TempDir Path folder)
      throws Exception {
    String seconds = String.valueOf(770_010 + isolation.length());
    Process process =
        startWithAFunction(
            folder,
            seconds,
            Isolated.class.getName(),
            folder.resolve("data").toString(),
            isolation);

    process.destroyForcibly();
    await().atMost(Duration.ofSeconds(60)).until(() -> !sleeping(seconds));
  }

  /** local-aws with functions that are kept apart as the second argument says. */
  static final class Isolated {
    private Isolated() {}

    public static void main(String[] args) throws Exception {
      LocalAws aws =
          LocalAws.builder()
              .dataDir(Path.of(args[0]))
              .functions(
                  (repositories, installation) ->
                      ProcessLauncher.create(
                          repositories,
                          installation,
                          Isolations.named(args[1]),
                          Duration.ofSeconds(10)))
              .start();
      System.out.println("local-aws ready on " + aws.endpoint());
      new CountDownLatch(1).await();
    }
  }

  private static Process startWithAFunction(Path folder, String seconds, String... main)
      throws Exception {
    Path output = folder.resolve("out");
    var command =
        new ArrayList<>(
            List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path")));
    command.addAll(List.of(main));
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(output.toFile())
            .redirectError(folder.resolve("err").toFile())
            .start();
    String ready = "local-aws ready on ";
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () ->
                Files.readString(output).contains(ready)
                    && Files.readString(output).endsWith("\n"));
    try (var sdk =
        new Sdk(URI.create(Files.readString(output).strip().substring(ready.length())))) {
      invokeSleep(
          sdk, URI.create(Files.readString(output).strip().substring(ready.length())), seconds);
    }
    await().atMost(Duration.ofSeconds(60)).until(() -> sleeping(seconds));
    return process;
  }

  private static void invokeSleep(Sdk sdk, URI endpoint, String seconds) throws Exception {
    var images = new TestImages(endpoint, sdk.ecr());
    String image =
        images.push(images.repository("feast-dev"), "v1", BashImage.CONFIG, BashImage.layer());
    LambdaClient lambda = sdk.lambda();
    lambda.createFunction(
        r ->
            r.functionName("feast-dev")
                .packageType(PackageType.IMAGE)
                .code(c -> c.imageUri(image))
                .timeout(20)
                .role("arn:aws:iam::000000000000:role/feast"));
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () ->
                lambda.getFunctionConfiguration(r -> r.functionName("feast-dev")).state()
                    == State.ACTIVE);
    lambda.invoke(
        r ->
            r.functionName("feast-dev")
                .payload(SdkBytes.fromUtf8String("{\"child\":\"" + seconds + "\"}")));
  }

  private static boolean sleeping(String seconds) {
    return ProcessHandle.allProcesses()
        .anyMatch(p -> p.info().commandLine().orElse("").endsWith("sleep " + seconds));
  }
}
