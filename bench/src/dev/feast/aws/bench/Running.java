package dev.feast.aws.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.feast.aws.runtime.image.FunctionHost;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One process of a subject, and Lambda's side of it. */
final class Running implements AutoCloseable {
  private static final Duration ANSWER = Duration.ofMinutes(2);
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * How long an answer took, in milliseconds.
   *
   * @param handed from the event handed over to the answer taken back
   * @param reading of a floor: the reading alone, without the Runtime API; else the same
   */
  record Took(double handed, double reading) {}

  private final Subject subject;
  private final FunctionHost host;
  private final Process process;
  private final double toFirstAnswer;
  private final Map<Question, byte[]> events = new HashMap<>();

  private Running(Subject subject, FunctionHost host, Process process, double toFirstAnswer) {
    this.subject = subject;
    this.host = host;
    this.process = process;
    this.toFirstAnswer = toFirstAnswer;
  }

  /** Starts it with an event that already waits, and returns when it has answered it rightly. */
  static Running start(Subject subject, Question first) throws IOException, InterruptedException {
    FunctionHost host = FunctionHost.open();
    var environment = new LinkedHashMap<>(subject.environment());
    environment.put("AWS_LAMBDA_RUNTIME_API", host.address());
    var answer = host.invoke(subject.asking().event(first), ANSWER);
    long start = System.nanoTime();
    Process process = subject.program().start(environment);
    var unused = process.onExit().thenRun(host::processEnded);
    byte[] answered;
    double toFirstAnswer;
    try {
      answered = answer.get(ANSWER.toSeconds(), TimeUnit.SECONDS);
      toFirstAnswer = millisSince(start);
      subject.asking().check(first, answered);
    } catch (ExecutionException | TimeoutException | IOException e) {
      process.destroyForcibly();
      host.close();
      throw new IOException(subject.name() + " did not answer: " + e.getMessage(), e);
    }
    return new Running(subject, host, process, toFirstAnswer);
  }

  Subject subject() {
    return subject;
  }

  /** Milliseconds from the start of the process. */
  double toFirstAnswer() {
    return toFirstAnswer;
  }

  /** Asks, and looks whether the answer is right. */
  void check(Question question) throws IOException, InterruptedException {
    subject.asking().check(question, host.call(event(question), ANSWER));
  }

  /** Asks, and looks at nothing but the time. */
  Took ask(Question question) throws IOException, InterruptedException {
    byte[] event = event(question);
    long sent = System.nanoTime();
    byte[] answer = host.call(event, ANSWER);
    double handed = millisSince(sent);
    if (!subject.id().isFloor()) {
      return new Took(handed, handed);
    }
    String body = JSON.readTree(answer).path("body").asText();
    return new Took(handed, JSON.readTree(body).path("nanos").asLong() / 1e6);
  }

  /** MiB that the process had resident at most (VmHWM). */
  double peakMemory() throws IOException {
    return Files.readAllLines(
            Path.of("/proc/" + process.pid() + "/status"), StandardCharsets.ISO_8859_1)
        .stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1024)
        .findFirst()
        .orElseThrow(() -> new IOException(subject.name() + "'s process ended"));
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    process.onExit().join();
    host.close();
  }

  private byte[] event(Question question) {
    return events.computeIfAbsent(question, subject.asking()::event);
  }

  private static double millisSince(long nanos) {
    return (System.nanoTime() - nanos) / 1e6;
  }
}
