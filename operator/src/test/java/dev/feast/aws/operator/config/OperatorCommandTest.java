package dev.feast.aws.operator.config;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class OperatorCommandTest {
  private final AtomicReference<@Nullable OperatorSettings> settings = new AtomicReference<>();
  private final StringWriter err = new StringWriter();
  private final StringWriter out = new StringWriter();

  @SuppressWarnings("NullAway.Init") // Set by the extension.
  @TempDir
  Path folder;

  @Test
  void hasDefaultsForEverythingButAnImage() throws Exception {
    assertThat(run("--runtime-image=" + layout())).isZero();

    OperatorSettings found = Objects.requireNonNull(settings.get());
    assertThat(found.namespaces()).isEmpty();
    assertThat(found.clusterId()).isNull();
    assertThat(found.resyncInterval()).isEqualTo(Duration.ofMinutes(10));
    assertThat(found.leaderElection()).isFalse();
    assertThat(found.endpointProbe()).isTrue();
    assertThat(found.clientConfigMaps()).isFalse();
    assertThat(found.leaseName()).isEqualTo("feature-server-operator");
    assertThat(found.healthPort()).isEqualTo(8080);
    assertThat(found.webhook()).isNull();
    assertThat(found.runtimeImage()).isEqualTo(folder);
  }

  @Test
  void readsFlags() throws Exception {
    assertThat(
            run(
                "--runtime-image=" + layout(),
                "--namespaces=a, b",
                "--leader-election",
                "--endpoint-probe=false",
                "--client-config-maps=true",
                "--resync-interval=1h",
                "--webhook-port=9443",
                "--webhook-tls-dir=" + folder,
                "--log-level=DEBUG"))
        .isZero();

    OperatorSettings found = Objects.requireNonNull(settings.get());
    assertThat(found.namespaces()).containsExactlyInAnyOrder("a", "b");
    assertThat(found.leaderElection()).isTrue();
    assertThat(found.endpointProbe()).isFalse();
    assertThat(found.clientConfigMaps()).isTrue();
    assertThat(found.resyncInterval()).isEqualTo(Duration.ofHours(1));
    assertThat(found.webhook()).isEqualTo(new WebhookSettings(9443, folder));
    assertThat(found.logLevel()).isEqualTo(Level.DEBUG);
  }

  /** Either alone would be a webhook that cannot be served. */
  @Test
  void wantsPortAndCertificateOfTheWebhookTogether() throws Exception {
    assertThat(run("--runtime-image=" + layout(), "--webhook-port=9443"))
        .isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(err.toString()).contains("--webhook-tls-dir: \"\" is no folder");

    assertThat(run("--runtime-image=" + layout(), "--webhook-tls-dir=" + folder))
        .isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(err.toString()).contains("--webhook-port: \"\" is no port");
  }

  @Test
  void tellsAllMistakesAtOnce() {
    int code =
        run(
            "--namespaces=Team",
            "--runtime-image=/nowhere",
            "--resync-interval=soon",
            "--health-port=99999",
            "--log-level=loud",
            "--lambda-rate=0");

    assertThat(code).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(settings.get()).isNull();
    assertThat(err.toString())
        .contains("--namespaces")
        .contains("--runtime-image")
        .contains("--resync-interval")
        .contains("--health-port")
        .contains("--log-level")
        .contains("--lambda-rate");
  }

  /** In a process of its own, for nobody can change the environment of this one. */
  @Test
  void readsEverySettingFromItsEnvironmentVariable() throws Exception {
    var wrong =
        Map.ofEntries(
            Map.entry("--namespaces", "Team"),
            Map.entry("--cluster-id", "no good"),
            Map.entry("--runtime-image", "/nowhere"),
            Map.entry("--resync-interval", "soon"),
            Map.entry("--client-config-maps", "perhaps"),
            Map.entry("--leader-election", "maybe"),
            Map.entry("--lease-namespace", "System"),
            Map.entry("--lease-name", "No_Lease"),
            Map.entry("--health-port", "99999"),
            Map.entry("--webhook-port", "99999"),
            Map.entry("--webhook-tls-dir", "/no/folder"),
            Map.entry("--log-level", "loud"),
            Map.entry("--lambda-rate", "0"),
            Map.entry("--api-gateway-rate", "-1"),
            Map.entry("--ecr-rate", "many"),
            Map.entry("--policy-file", "/no/policy"));
    var process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.feast.aws.operator.Main")
            .redirectErrorStream(true);
    wrong.forEach(
        (flag, value) ->
            process
                .environment()
                .put(
                    "FEAST_OPERATOR_"
                        + flag.substring(2).replace('-', '_').toUpperCase(Locale.ROOT),
                    value));

    Process started = process.start();
    String told = new String(started.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(started.waitFor()).as(told).isEqualTo(CommandLine.ExitCode.USAGE);
    wrong.forEach((flag, value) -> assertThat(told).contains(flag + ": ").contains(value));
  }

  /** Wrong in a way that would otherwise show with the first FeatureServer only. */
  @Test
  void missesTheRuntimeBesideTheJarAtItsStart() {
    assertThat(run("--runtime-image=")).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(err.toString()).contains("--runtime-image: " + folder.resolve("runtime-image"));
  }

  @Test
  void takesTheRuntimeBesideTheJar() throws Exception {
    Path shipped = Files.createDirectory(folder.resolve("runtime-image"));
    Files.writeString(shipped.resolve("index.json"), "{}");

    assertThat(run()).isZero();

    assertThat(Objects.requireNonNull(settings.get()).runtimeImage()).isEqualTo(shipped);
  }

  @Test
  void namesEachFlagsEnvironmentVariableInItsHelp() {
    assertThat(run("--help")).isZero();

    for (var option : OperatorCommand.commandLine(folder, s -> 0).getCommandSpec().options()) {
      if (!option.usageHelp() && !option.versionHelp()) {
        assertThat(String.join(" ", option.description()))
            .as(option.longestName())
            .contains("$FEAST_OPERATOR_");
      }
    }
    assertThat(out.toString()).contains("--cluster-id").contains("Exit codes");
  }

  private Path layout() throws IOException {
    Files.writeString(folder.resolve("index.json"), "{}");
    return folder;
  }

  private int run(String... arguments) {
    return OperatorCommand.commandLine(
            folder,
            found -> {
              settings.set(found);
              return 0;
            })
        .setErr(new PrintWriter(err, true))
        .setOut(new PrintWriter(out, true))
        .execute(arguments);
  }
}
