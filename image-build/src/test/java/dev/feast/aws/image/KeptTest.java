package dev.feast.aws.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptTest {
  private final Path folder;
  private int runs;

  KeptTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void runsOnceForTheSameInputs() throws Exception {
    run("a");
    run("a");
    assertThat(runs).isEqualTo(1);

    run("b");
    assertThat(runs).isEqualTo(2);
  }

  @Test
  void runsAgainWhenAnOutputIsGone() throws Exception {
    run("a");
    Files.delete(folder.resolve("output"));
    run("a");

    assertThat(runs).isEqualTo(2);
  }

  @Test
  void runsAgainAfterAFailure() throws Exception {
    run("a");
    Kept kept = new Kept(folder.resolve("records"));
    assertThatThrownBy(
            () ->
                kept.unless(
                    "step",
                    "b",
                    List.of(),
                    () -> {
                      throw new IOException("half-way");
                    }))
        .hasMessage("half-way");

    run("a");

    assertThat(runs).as("what the failed step left is not what a made").isEqualTo(2);
  }

  private void run(String inputs) throws IOException, InterruptedException {
    new Kept(folder.resolve("records"))
        .unless(
            "step",
            inputs,
            List.of(folder.resolve("output")),
            () -> {
              runs++;
              Files.writeString(folder.resolve("output"), inputs);
            });
  }
}
