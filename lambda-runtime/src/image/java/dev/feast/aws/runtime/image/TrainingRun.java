package dev.feast.aws.runtime.image;

import dev.feast.aws.image.BuilderCode;
import dev.feast.aws.image.ImageFiles;
import dev.feast.aws.image.InputDigest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs the runtime as Lambda would and lets the JVM put what it loads, links and finds hot into an
 * AOT cache (JEP 483, 514, 515).
 */
final class TrainingRun {
  private static final Duration ANSWER = Duration.ofMinutes(1);

  /** To write the recording, or the cache. */
  private static final Duration END = Duration.ofMinutes(3);

  private final ImageFiles files;
  private final Launch launch;

  TrainingRun(ImageFiles files, Launch launch) {
    this.files = files;
    this.launch = launch;
  }

  /** What decides, beside the runtime itself, what is in a cache. */
  static InputDigest inputs() throws IOException {
    return BuilderCode.of(
            List.of(
                TrainingRun.class,
                TrainingStore.class,
                TlsFront.class,
                FunctionHost.class,
                GatewayEvent.class))
        .add("store", TrainingStore.inputs().hex());
  }

  /** Writes the cache of a run that answered all of the store's events. */
  void record(Path cache, TrainingStore store) throws IOException, InterruptedException {
    Path log = Files.createTempFile("training", ".log");
    String recording = "-XX:AOTConfiguration=" + cache.getFileName() + ".config";
    try {
      answerEvents(List.of("-XX:AOTMode=record", recording), store, log);
      createCache(
          List.of("-XX:AOTMode=create", recording, "-XX:AOTCache=" + cache.getFileName()), log);
    } catch (IOException e) {
      throw new IOException(
          "The training run for the AOT cache failed: %s%nIts log:%n%s"
              .formatted(e.getMessage(), Files.readString(log)),
          e);
    } finally {
      Files.deleteIfExists(cache.resolveSibling(cache.getFileName() + ".config"));
      Files.deleteIfExists(log);
    }
  }

  private void answerEvents(List<String> options, TrainingStore store, Path log)
      throws IOException, InterruptedException {
    try (FunctionHost host = FunctionHost.open()) {
      ProcessBuilder builder = java(options, log);
      builder.command().addAll(1, store.jvmOptions());
      builder.environment().putAll(store.environment());
      builder.environment().put("AWS_LAMBDA_RUNTIME_API", host.address());
      Process process = builder.start();
      var unused = process.onExit().thenRun(host::processEnded);
      try {
        for (byte[] event : store.events()) {
          TrainingStore.check(host.call(event, ANSWER));
        }
      } finally {
        // SIGTERM: the JVM ends in order, and writes what it recorded on the way.
        process.destroy();
        await(process);
      }
    }
  }

  private void createCache(List<String> options, Path log)
      throws IOException, InterruptedException {
    int status = await(java(options, log).start());
    if (status != 0) {
      throw new IOException("the JVM ended with status " + status + " when it wrote the cache");
    }
  }

  /**
   * In the folder that the paths of {@link Launch} are relative to, and with nothing of this
   * build's environment.
   */
  private ProcessBuilder java(List<String> options, Path log) {
    var command = new ArrayList<String>();
    command.add(files.java().toString());
    command.addAll(launch.trainingFlags());
    command.addAll(options);
    command.addAll(launch.program(""));
    var builder =
        new ProcessBuilder(command).directory(files.app().toFile()).redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().put("LD_LIBRARY_PATH", ImageFiles.LD_LIBRARY_PATH);
    return builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
  }

  private static int await(Process process) throws IOException, InterruptedException {
    if (!process.waitFor(END.toSeconds(), TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException("the JVM did not end within " + END);
    }
    return process.exitValue();
  }
}
