package dev.feast.aws.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuickstartTest {
  private final Path folder;
  private final Process etcd;

  QuickstartTest(@TempDir Path folder) throws IOException {
    this.folder = folder;
    this.etcd = new ProcessBuilder("sleep", "1000").start();
  }

  @BeforeEach
  void leaveARecordOfARunWhoseOwnerIsNoMore() throws IOException {
    // proc(5): the start of a process is field 22 of its stat, in which the name holds no blank
    // here.
    String started =
        Files.readString(Path.of("/proc/%d/stat".formatted(etcd.pid()))).split(" ", -1)[21];
    String boot = Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
    Files.writeString(
        record(),
        "owner 1 5 another-boot%nprocess %d %s %s etcd%n".formatted(etcd.pid(), started, boot));
  }

  @AfterEach
  void endEtcd() {
    etcd.destroyForcibly();
  }

  @Test
  void stopEndsWhatAKilledRunHasLeftAndSaysSo() throws Exception {
    assertThat(stop())
        .contains("ending etcd (process %d)".formatted(etcd.pid()), "which was killed")
        .doesNotContain("Nothing");
    assertThat(etcd.waitFor(30, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void stopEndsWhatWasKept() throws Exception {
    Files.writeString(record(), Files.readString(record()) + "kept\n");

    assertThat(stop())
        .contains("ending etcd (process %d)".formatted(etcd.pid()))
        .doesNotContain("killed", "Nothing");
    assertThat(etcd.waitFor(30, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void stopSaysThatThereIsNothingToEnd() throws Exception {
    Files.delete(record());
    assertThat(stop()).isEqualTo("Nothing was kept running.\n");
  }

  private String stop() {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    assertThat(
            Quickstart.run(
                List.of(folder.toString(), "--stop"),
                Map.of("XDG_CACHE_HOME", folder.toString()),
                new PrintStream(said, true, UTF_8)))
        .isZero();
    return said.toString(UTF_8);
  }

  private Path record() throws IOException {
    return Files.createDirectories(folder.resolve("feast-feature-server/runs")).resolve("dead.run");
  }
}
