package dev.feast.aws.e2e.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExecutionTest {
  private final Path folder;
  private final Run run;

  ExecutionTest(@TempDir Path folder) throws IOException {
    this.folder = folder;
    this.run = new Runs(new CacheFolder(folder.resolve("cache"))).begin(folder.resolve("run"));
  }

  @AfterEach
  void endTheRun() {
    run.close();
  }

  @Test
  void keepsOutputAndErrorsApart() throws Exception {
    Execution said = bash("echo out; echo err >&2; exit 4", Duration.ofSeconds(30));
    assertThat(said.exitCode()).isEqualTo(4);
    assertThat(said.output()).isEqualTo("out\n");
    assertThat(said.errors()).isEqualTo("err\n");
    assertThatThrownBy(said::successfulOutput)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("exit code 4")
        .hasMessageContaining("err");
  }

  @Test
  void killsWhatTakesLongerThanItsBound() {
    assertThatThrownBy(() -> bash("sleep 1000", Duration.ofMillis(200)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("took longer");
  }

  @Test
  void takesAVariableAwayThatIsSetToNothing() throws Exception {
    assertThat(
            Execution.run(
                    run,
                    List.of("bash", "-c", "echo ${HOME-none} $X"),
                    Map.of("HOME", "", "X", "x"),
                    folder,
                    Duration.ofSeconds(30))
                .successfulOutput())
        .isEqualTo("none x\n");
  }

  private Execution bash(String script, Duration bound) throws Exception {
    return Execution.run(run, List.of("bash", "-c", script), Map.of(), folder, bound);
  }
}
