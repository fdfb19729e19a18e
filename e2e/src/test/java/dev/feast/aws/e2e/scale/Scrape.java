package dev.feast.aws.e2e.scale;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.feast.aws.e2e.Operator;
import dev.feast.aws.e2e.process.ChildProcess;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;

/**
 * What Prometheus waits for.
 *
 * @param time of the quickest of a few: a cold JVM and a busy machine are not what is asked about
 * @param samples lines that are no comments
 * @param bytes of the answer
 */
record Scrape(Duration time, long samples, int bytes) {
  private static final int TIMES = 5;

  static Scrape of(ChildProcess operator) throws IOException {
    URI metrics = Operator.metrics(operator);
    Scrape quickest = once(metrics);
    for (int i = 1; i < TIMES; i++) {
      Scrape next = once(metrics);
      quickest = next.time.compareTo(quickest.time) < 0 ? next : quickest;
    }
    return quickest;
  }

  private static Scrape once(URI metrics) throws IOException {
    long begun = System.nanoTime();
    byte[] answer;
    try (InputStream body = metrics.toURL().openStream()) {
      answer = body.readAllBytes();
    }
    Duration time = Duration.ofNanos(System.nanoTime() - begun);
    long samples = new String(answer, UTF_8).lines().filter(line -> !line.startsWith("#")).count();
    return new Scrape(time, samples, answer.length);
  }
}
