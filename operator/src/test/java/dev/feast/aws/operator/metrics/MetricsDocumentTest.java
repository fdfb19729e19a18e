package dev.feast.aws.operator.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.feast.aws.operator.metrics.FeatureServerState.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** docs/metrics.md, the chart's alerts and its dashboard name what is exported. */
class MetricsDocumentTest {
  private static final Path CHART = Path.of("../helm/feature-server-operator/files");
  private static final Path DOCUMENT = Path.of("../docs/metrics.md");
  private static final String OURS = "feast_operator_";
  private static final Pattern METRIC =
      Pattern.compile("\\b(?:feast_operator|jvm|process|system)_[a-z0-9_]+");

  /** PromQL's ways to name labels. */
  private static final Pattern LABELS = Pattern.compile("\\b(?:by|on) \\(([^)]*)\\)|\\{([^}]*)\\}");

  /** Those that Prometheus itself puts on what it scrapes. */
  private static final Set<String> OF_TARGETS = Set.of("job", "instance");

  private static final OperatorMetrics metrics = new OperatorMetrics();
  private static Scrape scrape;

  @BeforeAll
  static void measureOneOfEverything() throws IOException {
    metrics.retried();
    metrics.triggered("added");
    metrics.called("lambda", "GetFunction", "ok", Duration.ofMillis(70));
    metrics.throttled("lambda", "GetFunction");
    metrics.waitedForToken("lambda", "us-west-2", Duration.ZERO);
    metrics.changed("create function");
    metrics.observe(new TwoFeatureServers());
    scrape = Scrape.of(metrics);
  }

  @AfterAll
  static void close() {
    metrics.close();
  }

  @Test
  void documentsEveryMetricThatIsExportedAndNoOther() throws IOException {
    Set<String> documented = named(Files.readString(DOCUMENT));
    Set<String> exported =
        scrape.types().keySet().stream()
            .filter(name -> !name.endsWith("_max") || !scrape.types().containsKey(withoutMax(name)))
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(documented).containsAll(exported);
    assertThat(documented.stream().filter(name -> name.startsWith(OURS)))
        .as("what the operator itself measures")
        .containsExactlyInAnyOrderElementsOf(
            exported.stream().filter(name -> name.startsWith(OURS)).toList());
  }

  @Test
  void documentsTypeAndLabelsOfEachOfTheOperatorsOwn() throws IOException {
    for (String name : scrape.types().keySet()) {
      if (name.startsWith(OURS) && !name.endsWith("_max")) {
        Set<String> labels = labelsOf(name);
        labels.remove("le");
        String line =
            Files.readAllLines(DOCUMENT).stream()
                .filter(text -> text.startsWith("| `" + name + "` |"))
                .findFirst()
                .orElseThrow(() -> new AssertionError(DOCUMENT + " has no line for " + name));
        List<String> cells = Stream.of(line.split("\\|")).map(String::strip).toList();
        assertThat(cells.get(2)).as(name).isEqualTo(scrape.types().get(name));
        assertThat(Stream.of(cells.get(3).replace("`", "").split(", ")).filter(l -> !l.isEmpty()))
            .as(name)
            .containsExactlyInAnyOrderElementsOf(labels);
        assertThat(scrape.help().get(name)).as(name).isNotBlank();
      }
    }
  }

  @Test
  void documentsEveryAlert() throws IOException {
    List<String> alerts = new ArrayList<>();
    for (JsonNode rule : rules()) {
      alerts.add(rule.path("alert").asText());
    }
    assertThat(
            Files.readAllLines(DOCUMENT).stream()
                .filter(line -> line.matches("\\| `(FeatureServer|FeastOperator)\\w+` \\|.*"))
                .map(line -> line.split("`")[1]))
        .containsExactlyElementsOf(alerts);
  }

  @Test
  void asksInAlertsOnlyForWhatIsExported() throws IOException {
    for (JsonNode rule : rules()) {
      isAnswered(rule.path("expr").asText());
      assertThat(rule.path("for").asText()).as("for").isNotEmpty();
    }
  }

  @Test
  void asksInTheDashboardOnlyForWhatIsExported() throws IOException {
    JsonNode dashboard = new ObjectMapper().readTree(CHART.resolve("dashboard.json").toFile());
    List<String> expressions = dashboard.findValuesAsText("expr");
    assertThat(expressions).isNotEmpty().allSatisfy(MetricsDocumentTest::isAnswered);
    assertThat(dashboard.path("panels"))
        .extracting(panel -> panel.path("id"))
        .doesNotHaveDuplicates();
    isAnswered(dashboard.at("/templating/list/1/query/query").asText());
  }

  @Test
  void showsNothingOfAFeatureServerThatIsNotToServe() {
    assertThat(scrape.samples().keySet())
        .contains("feast_operator_featureserver_ready{name=\"on\",namespace=\"team\"}")
        .doesNotContain("feast_operator_featureserver_ready{name=\"off\",namespace=\"team\"}");
    assertThat(scrape.sum("feast_operator_featureservers")).isEqualTo(2);
  }

  /** Each metric of the expression is exported, and its labels are ones that they have. */
  private static void isAnswered(String expression) {
    Set<String> named = named(expression);
    assertThat(named).as(expression).isNotEmpty();
    assertThat(samplesAndGarbageCollection()).as(expression).containsAll(named);
    Set<String> labels = new TreeSet<>(OF_TARGETS);
    named.forEach(name -> labels.addAll(labelsOf(name)));
    assertThat(labels).as(expression).containsAll(labelsIn(expression));
  }

  /** A pause is not exported before there was one. */
  private static Set<String> samplesAndGarbageCollection() {
    Set<String> names = new TreeSet<>(scrape.names());
    names.add("jvm_gc_pause_seconds_sum");
    return names;
  }

  private static Set<String> named(String text) {
    return METRIC.matcher(text).results().map(MatchResult::group).collect(Collectors.toSet());
  }

  private static Set<String> labelsIn(String expression) {
    return LABELS
        .matcher(expression)
        .results()
        .flatMap(
            found ->
                Stream.of((found.group(1) == null ? found.group(2) : found.group(1)).split(", ?")))
        .map(label -> label.replaceAll("[!=~].*", "").strip())
        .collect(Collectors.toSet());
  }

  private static Set<String> labelsOf(String metric) {
    return scrape.samples().keySet().stream()
        .filter(series -> series.matches(metric + "(_bucket|_count)?\\{.*"))
        .flatMap(series -> Pattern.compile("(\\w+)=\"").matcher(series).results())
        .map(label -> label.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String withoutMax(String name) {
    return name.substring(0, name.length() - "_max".length());
  }

  private static List<JsonNode> rules() throws IOException {
    List<JsonNode> rules = new ArrayList<>();
    for (JsonNode group :
        new YAMLMapper().readTree(CHART.resolve("alerts.yaml").toFile()).path("groups")) {
      group.path("rules").forEach(rules::add);
    }
    return rules;
  }

  private record TwoFeatureServers() implements Observed {
    @Override
    public boolean leads() {
      return true;
    }

    @Override
    public int running() {
      return 1;
    }

    @Override
    public int waiting() {
      return 2;
    }

    @Override
    public Stream<FeatureServerState> featureServers() {
      return Stream.of(
          new FeatureServerState("team", "on", true, Progress.COMPLETE, "Serving", Instant.EPOCH),
          new FeatureServerState("team", "off", false, Progress.OFF, "Disabled", null));
    }
  }
}
