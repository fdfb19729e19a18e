package dev.feast.aws.localaws.lambda.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.feast.aws.localaws.Sdk;
import dev.feast.aws.localaws.lambda.TestImages;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.PackageType;
import software.amazon.awssdk.services.lambda.model.State;

/** local-aws as a process of its own, whose functions have to end with it. */
class OrphansTest {
  @Test
  void endsItsFunctionsWhenItIsToldToStop(@TempDir Path folder) throws Exception {
    Process process = startWithAFunction(folder, "770001");

    process.destroy();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(sleeping("770001")).isFalse();
  }

  @Test
  void takesItsFunctionsWithItWhenItIsKilled(@TempDir Path folder) throws Exception {
    Process process = startWithAFunction(folder, "770002");

    process.destroyForcibly();
    await().atMost(Duration.ofSeconds(10)).until(() -> !sleeping("770002"));
  }

  private static Process startWithAFunction(Path folder, String seconds) throws Exception {
    Path output = folder.resolve("out");
    Process process =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.feast.aws.localaws.Main",
                "--port",
                "0",
                "--data",
                folder.resolve("data").toString())
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
    assertThat(sleeping(seconds)).isTrue();
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
        .atMost(Duration.ofSeconds(30))
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
