package dev.feast.aws.bench;

import dev.feast.aws.runtime.image.FunctionHost;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/**
 * Processes started one after the other, each with an event already waiting for it.
 *
 * @param toFirstAnswer milliseconds from the start of the process to its first answer
 * @param warm milliseconds of one answer after {@link #WARM_UP} others, as the host sees it
 * @param peakMemory MiB that the process had resident at most (VmHWM), after all of its answers
 */
record ColdStarts(Samples toFirstAnswer, Samples warm, Samples peakMemory) {
  private static final int WARM_UP = 200;
  private static final int WARM = 200;
  private static final Duration ANSWER = Duration.ofMinutes(1);

  /**
   * Starts the processes, one after the other.
   *
   * @param isRight what every answer has to be, so that no mistake is measured
   */
  static ColdStarts measure(
      Subject subject,
      int starts,
      Map<String, String> environment,
      byte[] event,
      Predicate<String> isRight)
      throws IOException, InterruptedException {
    double[] toFirstAnswer = new double[starts];
    double[] warm = new double[starts * WARM];
    double[] peakMemory = new double[starts];
    for (int i = 0; i < starts; i++) {
      try (FunctionHost host = FunctionHost.open()) {
        var all = new LinkedHashMap<>(environment);
        all.put("AWS_LAMBDA_RUNTIME_API", host.address());
        var answer = host.invoke(event, ANSWER);
        long start = System.nanoTime();
        Process process = subject.start(all);
        var unused = process.onExit().thenRun(host::processEnded);
        try {
          check(answer.get(ANSWER.toSeconds(), TimeUnit.SECONDS), isRight);
          toFirstAnswer[i] = millisSince(start);
          for (int n = 0; n < WARM_UP; n++) {
            host.call(event, ANSWER);
          }
          for (int n = 0; n < WARM; n++) {
            long sent = System.nanoTime();
            host.call(event, ANSWER);
            warm[i * WARM + n] = millisSince(sent);
          }
          peakMemory[i] = peakMebibytes(process.pid());
        } catch (ExecutionException | TimeoutException e) {
          throw new IOException(subject.name() + " did not answer", e);
        } finally {
          process.destroyForcibly().waitFor();
        }
      }
    }
    return new ColdStarts(new Samples(toFirstAnswer), new Samples(warm), new Samples(peakMemory));
  }

  private static void check(byte[] answer, Predicate<String> isRight) throws IOException {
    String text = new String(answer, StandardCharsets.UTF_8);
    if (!isRight.test(text)) {
      throw new IOException("not the answer that was recorded: " + text);
    }
  }

  private static double millisSince(long nanos) {
    return (System.nanoTime() - nanos) / 1e6;
  }

  private static double peakMebibytes(long pid) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1024)
        .findFirst()
        .orElseThrow(() -> new IOException("process " + pid + " ended"));
  }
}
