package dev.feast.aws.operator.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What {@code /metrics} answered, read strictly by Prometheus' text format 0.0.4.
 *
 * @param types of each family of metrics
 * @param help of each family
 * @param samples by name and labels, the labels in the order of their names
 */
public record Scrape(
    Map<String, String> types, Map<String, String> help, Map<String, Double> samples) {
  private static final String NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
  private static final String LABEL =
      "([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\\\n]|\\\\[\\\\\"n])*)\"";
  private static final Pattern META = Pattern.compile("# (HELP|TYPE) (" + NAME + ") (.+)");
  private static final Pattern SAMPLE =
      Pattern.compile(
          "(%s)(?:\\{(%s(?:,%s)*)\\})? (\\S+)".formatted(NAME, unnamed(LABEL), unnamed(LABEL)));
  private static final Pattern ONE_LABEL = Pattern.compile(LABEL);

  /** As Prometheus asks, but for its formats: in text. */
  public static Scrape of(URI metrics) {
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpResponse<String> answer =
          http.send(
              HttpRequest.newBuilder(metrics).header("Accept", "text/plain;version=0.0.4").build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.headers().firstValue("Content-Type"))
          .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain; version=0.0.4"));
      return of(answer.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  public static Scrape of(OperatorMetrics metrics) throws IOException {
    return of(new String(metrics.scrape(null).body(), UTF_8));
  }

  private static Scrape of(String text) {
    Map<String, String> types = new TreeMap<>();
    Map<String, String> help = new HashMap<>();
    Map<String, Double> samples = new LinkedHashMap<>();
    for (String line : text.split("\n", -1)) {
      if (line.isEmpty()) {
        continue;
      }
      Matcher meta = META.matcher(line);
      if (meta.matches()) {
        Map<String, String> of = meta.group(1).equals("TYPE") ? types : help;
        assertThat(of.put(meta.group(2), meta.group(3))).as("a second %s", line).isNull();
        continue;
      }
      Matcher sample = SAMPLE.matcher(line);
      assertThat(sample.matches()).as(line).isTrue();
      String series = sample.group(1) + labels(sample.group(2));
      assertThat(samples.put(series, number(sample.group(3)))).as("a second %s", series).isNull();
    }
    return new Scrape(types, help, samples);
  }

  /**
   * The value of one series.
   *
   * @param series with labels in the order of their names, such as {@code a_total{b="c",d="e"}}
   */
  public double value(String series) {
    assertThat(samples).containsKey(series);
    return samples.getOrDefault(series, Double.NaN);
  }

  public boolean has(String series) {
    return samples.containsKey(series);
  }

  /** The sum of all series of that name. */
  public double sum(String name) {
    return samples.entrySet().stream()
        .filter(sample -> name(sample.getKey()).equals(name))
        .mapToDouble(Map.Entry::getValue)
        .sum();
  }

  /** Names that PromQL can ask for. */
  public Set<String> names() {
    var names = new TreeSet<String>();
    samples.keySet().forEach(series -> names.add(name(series)));
    return names;
  }

  private static String name(String series) {
    int labels = series.indexOf('{');
    return labels < 0 ? series : series.substring(0, labels);
  }

  private static String labels(@Nullable String text) {
    if (text == null) {
      return "";
    }
    var labels = new TreeMap<String, String>();
    Matcher label = ONE_LABEL.matcher(text);
    while (label.find()) {
      assertThat(labels.put(label.group(1), label.group())).as("a second label").isNull();
    }
    return "{" + String.join(",", labels.values()) + "}";
  }

  private static double number(String text) {
    return switch (text) {
      case "+Inf" -> Double.POSITIVE_INFINITY;
      case "-Inf" -> Double.NEGATIVE_INFINITY;
      default -> Double.parseDouble(text);
    };
  }

  private static String unnamed(String pattern) {
    return pattern.replace("([a-z", "(?:[a-z").replace("((?:", "(?:(?:");
  }
}
