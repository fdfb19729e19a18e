package dev.feast.aws.localaws;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The process, as a user starts it. */
class MainTest {
  private static final String READY = "local-aws ready on ";

  private final List<Process> started = new ArrayList<>();
  private Path folder;

  @BeforeEach
  void take(@TempDir Path folder) {
    this.folder = folder;
  }

  @AfterEach
  void end() {
    started.forEach(Process::destroyForcibly);
  }

  private Process start(String name, String... arguments) throws IOException {
    var command =
        new ArrayList<>(
            List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.feast.aws.localaws.Main"));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(folder.resolve(name + ".out").toFile())
            .redirectError(folder.resolve(name + ".err").toFile())
            .start();
    started.add(process);
    return process;
  }

  private String output(String file) throws IOException {
    return Files.readString(folder.resolve(file));
  }

  private URI awaitReady(String name) throws IOException {
    await().atMost(30, SECONDS).until(() -> output(name + ".out").contains(READY));
    return URI.create(output(name + ".out").strip().substring(READY.length()));
  }

  @Test
  void servesUntilItIsToldToStop() throws Exception {
    Process process = start("first", "--port", "0", "--data", folder.resolve("data").toString());
    URI endpoint = awaitReady("first");
    try (Sdk sdk = new Sdk(endpoint)) {
      assertThat(sdk.sts().getCallerIdentity().account()).isEqualTo("000000000000");
    }

    process.destroy();

    assertThat(process.waitFor(20, SECONDS)).isTrue();
    assertThat(output("first.out")).isEqualTo(READY + endpoint + "\n");
  }

  @Test
  void saysWhyItCannotStart() throws Exception {
    String data = folder.resolve("data").toString();
    start("first", "--port", "0", "--data", data);
    URI endpoint = awaitReady("first");
    Path file = Files.writeString(folder.resolve("file"), "");

    Process sameData = start("same-data", "--port", "0", "--data", data);
    Process samePort = start("same-port", "--port", Integer.toString(endpoint.getPort()));
    Process noFolder = start("no-folder", "--port", "0", "--data", file + "/data");
    Process nothing = start("nothing", "--port", "0", "--load", file.toString());

    for (Process process : List.of(sameData, samePort, noFolder, nothing)) {
      assertThat(process.waitFor(30, SECONDS)).isTrue();
      assertThat(process.exitValue()).isEqualTo(1);
    }
    assertThat(output("same-data.err"))
        .contains(
            "local-aws: The data folder "
                + data
                + " is in use by another local-aws, process "
                + started.getFirst().pid()
                + "\n");
    assertThat(output("same-port.err"))
        .contains(
            "local-aws: Port "
                + endpoint.getPort()
                + " of 127.0.0.1 is in use; --port takes another one, 0 a free one\n");
    assertThat(output("no-folder.err"))
        .contains("local-aws: The data folder " + file + "/data cannot be written");
    assertThat(output("nothing.err")).contains("local-aws: There is nothing to load in " + file);
  }

  @Test
  void explainsItself() throws Exception {
    Process help = start("help", "--help");
    Process wrong = start("wrong", "--prot", "1");

    assertThat(help.waitFor(30, SECONDS)).isTrue();
    assertThat(help.exitValue()).isZero();
    assertThat(output("help.out"))
        .contains("--port", "--data", "--load", "--limits", "AWS_ENDPOINT_URL");
    assertThat(wrong.waitFor(30, SECONDS)).isTrue();
    assertThat(wrong.exitValue()).isEqualTo(2);
    assertThat(output("wrong.err")).contains("--prot");
  }
}
