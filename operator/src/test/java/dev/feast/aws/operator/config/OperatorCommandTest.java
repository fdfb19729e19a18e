package dev.feast.aws.operator.config;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class OperatorCommandTest {
  private final AtomicReference<@Nullable OperatorSettings> settings = new AtomicReference<>();
  private final StringWriter err = new StringWriter();
  private final StringWriter out = new StringWriter();

  @Test
  void hasDefaultsForEverything() {
    assertThat(run()).isZero();

    OperatorSettings found = Objects.requireNonNull(settings.get());
    assertThat(found.namespaces()).isEmpty();
    assertThat(found.clusterId()).isNull();
    assertThat(found.resyncInterval()).isEqualTo(Duration.ofMinutes(10));
    assertThat(found.leaderElection()).isFalse();
    assertThat(found.healthPort()).isEqualTo(8080);
    assertThat(found.runtimeImage().getFileName()).isEqualTo(Path.of("runtime-image"));
  }

  @Test
  void readsFlags() {
    assertThat(
            run(
                "--namespaces=a, b",
                "--leader-election",
                "--resync-interval=1h",
                "--log-level=DEBUG"))
        .isZero();

    OperatorSettings found = Objects.requireNonNull(settings.get());
    assertThat(found.namespaces()).containsExactlyInAnyOrder("a", "b");
    assertThat(found.leaderElection()).isTrue();
    assertThat(found.resyncInterval()).isEqualTo(Duration.ofHours(1));
    assertThat(found.logLevel()).isEqualTo(Level.DEBUG);
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

  @Test
  void namesEachFlagsEnvironmentVariableInItsHelp() {
    assertThat(run("--help")).isZero();

    for (var option : OperatorCommand.commandLine(s -> 0).getCommandSpec().options()) {
      if (!option.usageHelp() && !option.versionHelp()) {
        assertThat(String.join(" ", option.description()))
            .as(option.longestName())
            .contains("$FEAST_OPERATOR_");
      }
    }
    assertThat(out.toString()).contains("--cluster-id").contains("Exit codes");
  }

  private int run(String... arguments) {
    return OperatorCommand.commandLine(
            found -> {
              settings.set(found);
              return 0;
            })
        .setErr(new PrintWriter(err, true))
        .setOut(new PrintWriter(out, true))
        .execute(arguments);
  }
}
