package dev.feast.aws.localaws.lambda.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.feast.aws.localaws.ecr.Digest;
import dev.feast.aws.localaws.ecr.RepositoryKey;
import dev.feast.aws.localaws.iam.Iam;
import dev.feast.aws.localaws.lambda.FunctionImage;
import dev.feast.aws.localaws.lambda.FunctionKey;
import dev.feast.aws.localaws.lambda.FunctionLog;
import dev.feast.aws.localaws.lambda.ImageOverrides;
import dev.feast.aws.localaws.lambda.Initialization;
import dev.feast.aws.localaws.lambda.Invocation;
import dev.feast.aws.localaws.lambda.Launch;
import dev.feast.aws.localaws.lambda.image.ImageConfig;
import dev.feast.aws.localaws.lambda.image.Layers;
import dev.feast.aws.localaws.lambda.image.UnpackedImage;
import dev.feast.aws.localaws.spi.Installation;
import dev.feast.aws.localaws.sts.IssuedKeys;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every way of keeping a function apart, where the machine has it. */
class IsolationTest {
  private static final ImageConfig CONFIG =
      new ImageConfig(
          "linux",
          "amd64",
          List.of("/bin/bash"),
          List.of("bootstrap"),
          Map.of("PATH", "/bin"),
          "/var/task",
          false);

  @ParameterizedTest
  @MethodSource("dev.feast.aws.localaws.lambda.process.Isolations#available")
  void runsAFunctionAndLeavesNothingOfIt(String name, @TempDir Path folder) throws Exception {
    Isolation isolation = Isolations.named(name);
    Path root = Files.createDirectory(folder.resolve("root"));
    Layers.unpack(BashImage.layer(), root);
    for (String mounted : List.of("tmp", "dev", "proc")) {
      Files.createDirectories(root.resolve(mounted));
    }
    String seconds = String.valueOf(880_000 + name.length());
    Files.setPosixFilePermissions(
        root.resolve("tmp"), PosixFilePermissions.fromString("rwxrwxrwx"));
    Optional<Watchdog> watchdog = isolation.watchdog();
    try (var thread = Executors.newSingleThreadExecutor(Thread.ofPlatform().factory())) {
      var starter =
          new ProcessStarter(
              launch(),
              new UnpackedImage(root, CONFIG),
              isolation,
              installation(folder),
              thread,
              watchdog);
      try (var environment =
          new ProcessEnvironment(launch(), starter, Duration.ofSeconds(10), closed -> {})) {
        assertThat(invoke(environment, "{\"variable\":\"AWS_REGION\"}")).isEqualTo("\"us-west-2\"");
        assertThat(invoke(environment, "{\"user\":\"\"}")).isEqualTo(user(isolation, root));
        String file = isolation instanceof Isolation.Prefix ? folder + "/mine" : "/tmp/mine";
        assertThat(invoke(environment, "{\"write\":\"" + file + "\"}")).isEqualTo("\"written\"");
        assertThat(invoke(environment, "{\"exists\":\"" + file + "\"}")).isEqualTo("\"there\"");
        assertThat(invoke(environment, "{\"child\":\"" + seconds + "\"}")).isEqualTo("null");
        assertThat(invoke(environment, "{\"count\":\"\"}")).isEqualTo("6");
        await().atMost(Duration.ofSeconds(60)).until(() -> sleeping(seconds));
      }
    }
    assertThat(sleeping(seconds)).isFalse();
    watchdog.ifPresent(Watchdog::close);
    try (var left = Files.list(folder.resolve("lambda/tmp"))) {
      assertThat(left).isEmpty();
    }
  }

  /** The user id, and the working directory. */
  private static String user(Isolation isolation, Path root) {
    return switch (isolation) {
      case Isolation.Namespaces(_, boolean userNamespace, _) ->
          userNamespace ? "\"0 /var/task\"" : "\"993 /var/task\"";
      case Isolation.Chroot(_) -> "\"993 /var/task\"";
      case Isolation.Prefix(_) -> "\"" + ownUserId() + " " + root + "/var/task\"";
    };
  }

  private static Object ownUserId() {
    try {
      return Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Left behind by one that ended by itself. In a namespace the kernel sees to it, else the
   * watchdog.
   */
  @ParameterizedTest
  @MethodSource("dev.feast.aws.localaws.lambda.process.Isolations#available")
  void leavesNothingOfAFunctionThatCrashed(String name, @TempDir Path folder) throws Exception {
    Isolation isolation = Isolations.named(name);
    String seconds = String.valueOf(870_000 + name.length());
    Path root = Files.createDirectory(folder.resolve("root"));
    Files.createDirectory(root.resolve("tmp"));
    Layers.unpack(BashImage.layer(), root);
    Files.createDirectories(root.resolve("dev"));
    Files.createDirectories(root.resolve("proc"));
    try (var thread = Executors.newSingleThreadExecutor(Thread.ofPlatform().factory())) {
      Optional<Watchdog> watchdog = isolation.watchdog();
      var starter =
          new ProcessStarter(
              launch(),
              new UnpackedImage(root, CONFIG),
              isolation,
              installation(folder),
              thread,
              watchdog);
      try (var environment =
          new ProcessEnvironment(launch(), starter, Duration.ofSeconds(10), closed -> {})) {
        invoke(environment, "{\"child\":\"" + seconds + "\"}");
        await().atMost(Duration.ofSeconds(60)).until(() -> sleeping(seconds));
        invoke(environment, "{\"exit\":\"1\"}");
        await().atMost(Duration.ofSeconds(60)).until(() -> !sleeping(seconds));
      } finally {
        watchdog.ifPresent(Watchdog::close);
      }
    }
  }

  /** Else the keys that it was started with would end under it. */
  @Test
  void givesAProcessNoMoreInvocationsAfterHours(@TempDir Path folder) throws Exception {
    Path root = Files.createDirectory(folder.resolve("root"));
    Files.createDirectory(root.resolve("tmp"));
    Layers.unpack(BashImage.layer(), root);
    var hours = new AtomicLong();
    Clock clock =
        ((InstantSource) () -> Instant.now().plus(Duration.ofHours(hours.get())))
            .withZone(ZoneOffset.UTC);
    Isolation prefix = Isolations.named("prefix");
    Optional<Watchdog> watchdog = prefix.watchdog();
    try (var thread = Executors.newSingleThreadExecutor(Thread.ofPlatform().factory())) {
      var installation =
          new Installation(
              folder,
              () -> URI.create("http://127.0.0.1:4566"),
              new IssuedKeys(clock),
              Iam.open(),
              clock);
      var image = new UnpackedImage(root, CONFIG);
      var starter = new ProcessStarter(launch(), image, prefix, installation, thread, watchdog);
      try (var environment =
          new ProcessEnvironment(launch(), starter, Duration.ofSeconds(10), closed -> {})) {
        invoke(environment, "{\"count\":\"\"}");
        hours.set(5);
        assertThat(environment.isReusable()).isTrue();
        hours.set(7);
        assertThat(environment.isReusable()).isFalse();
      }
    } finally {
      watchdog.ifPresent(Watchdog::close);
    }
  }

  private static Installation installation(Path folder) {
    return new Installation(
        folder,
        () -> URI.create("http://127.0.0.1:4566"),
        new IssuedKeys(Clock.systemUTC()),
        Iam.open(),
        Clock.systemUTC());
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
        Initialization.ON_DEMAND,
        new FunctionLog(action -> true, FunctionLog.Group.NONE));
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
