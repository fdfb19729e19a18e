package dev.feast.aws.localaws.lambda.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.feast.aws.localaws.ecr.Digest;
import dev.feast.aws.localaws.ecr.RepositoryKey;
import dev.feast.aws.localaws.lambda.FunctionImage;
import dev.feast.aws.localaws.lambda.FunctionKey;
import dev.feast.aws.localaws.lambda.FunctionLog;
import dev.feast.aws.localaws.lambda.ImageOverrides;
import dev.feast.aws.localaws.lambda.Invocation;
import dev.feast.aws.localaws.lambda.Launch;
import dev.feast.aws.localaws.lambda.image.ImageConfig;
import dev.feast.aws.localaws.lambda.image.Layers;
import dev.feast.aws.localaws.lambda.image.UnpackedImage;
import dev.feast.aws.localaws.spi.Installation;
import dev.feast.aws.localaws.sts.IssuedKeys;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every way of keeping a function apart, where the machine has it. */
class IsolationTest {
  private static final ImageConfig CONFIG =
      new ImageConfig(
          "linux",
          "amd64",
          List.of("/bin/bash"),
          List.of("bootstrap"),
          Map.of("PATH", "/bin"),
          "/var/task");

  private static Isolation isolation(String name) {
    Optional<Isolation.Tools> tools = Isolation.Tools.find();
    return switch (name) {
      case "namespaces" -> Isolation.namespaces(tools.orElseThrow(), false);
      case "user namespace" -> Isolation.namespaces(tools.orElseThrow(), true);
      case "chroot" -> new Isolation.Chroot(tools.orElseThrow());
      default -> new Isolation.Prefix(tools);
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {"namespaces", "user namespace", "chroot", "prefix"})
  void runsAFunctionAndLeavesNothingOfIt(String name, @TempDir Path folder) throws Exception {
    Isolation isolation = isolation(name);
    assumeTrue(isolation.works(), name + " may not be had here");
    Path root = Files.createDirectory(folder.resolve("root"));
    Layers.unpack(BashImage.layer(), root);
    for (String mounted : List.of("tmp", "dev", "proc")) {
      Files.createDirectories(root.resolve(mounted));
    }
    var installation =
        new Installation(
            folder,
            () -> URI.create("http://127.0.0.1:4566"),
            new IssuedKeys(Clock.systemUTC()),
            Clock.systemUTC());
    String seconds = String.valueOf(880_000 + name.length());
    try (var thread = Executors.newSingleThreadExecutor(Thread.ofPlatform().factory())) {
      var starter =
          new ProcessStarter(
              launch(), new UnpackedImage(root, CONFIG), isolation, installation, thread);
      try (var environment = 
          new ProcessEnvironment(launch(), starter, Duration.ofSeconds(10), closed -> {})) {
        assertThat(invoke(environment, "{\"variable\":\"AWS_REGION\"}")).isEqualTo("\"us-west-2\"");
        assertThat(invoke(environment, "{\"child\":\"" + seconds + "\"}")).isEqualTo("null");
        assertThat(invoke(environment, "{\"count\":\"\"}")).isEqualTo("3");
        assertThat(sleeping(seconds)).isTrue();
      }
    }
    assertThat(sleeping(seconds)).isFalse();
    try (var left = Files.list(folder.resolve("lambda/tmp"))) {
      assertThat(left).isEmpty();
    }
  }

  private static boolean sleeping(String seconds) {
    return ProcessHandle.allProcesses()
        .anyMatch(p -> p.info().commandLine().orElse("").endsWith("sleep " + seconds));
  }

  private static Launch launch() {
    var image =
        new FunctionImage(
            "",
            "",
            new RepositoryKey("000000000000", "us-west-2", "x"),
            new Digest("a".repeat(64)));
    return new Launch(
        new FunctionKey("000000000000", "us-west-2", "feast-dev"),
        "1",
        image,
        ImageOverrides.NONE,
        "arn:aws:iam::000000000000:role/feast",
        128,
        10,
        Map.of(),
        "x86_64",
        new FunctionLog());
  }

  private static String invoke(ProcessEnvironment environment, String event) {
    var invocation =
        new Invocation(
            UUID.randomUUID().toString(),
            "feast-dev",
            "1",
            "arn",
            Map.of(),
            event.getBytes(StandardCharsets.UTF_8),
            Optional.empty(),
            "Root=1");
    return new String(environment.invoke(invocation, line -> {}).payload(), StandardCharsets.UTF_8);
  }
}
