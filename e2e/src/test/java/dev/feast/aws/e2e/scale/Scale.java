package dev.feast.aws.e2e.scale;

import dev.feast.aws.e2e.Repository;
import dev.feast.aws.e2e.process.Await;
import dev.feast.aws.e2e.process.CacheFolder;
import dev.feast.aws.e2e.process.ChildProcess;
import dev.feast.aws.e2e.process.Runs;
import dev.feast.aws.localaws.limits.CallRates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Measures how the operator does with more and more FeatureServers, and writes what it found. */
public final class Scale {
  private static final Duration RESYNC = Duration.ofMinutes(10);

  /** Far more than AWS would allow: how they came to be does not matter. */
  private static final Map<String, String> WITHOUT_LIMITS =
      Map.of(
          "FEAST_OPERATOR_LAMBDA_RATE", "2000",
          "FEAST_OPERATOR_API_GATEWAY_RATE", "2000",
          "FEAST_OPERATOR_ECR_RATE", "2000",
          "FEAST_OPERATOR_RESYNC_INTERVAL", "10h");

  private final ScaleOptions options;
  private final Repository repository;
  private int runs;

  private Scale(ScaleOptions options) {
    this.options = options;
    this.repository = new Repository(options.repository());
  }

  /**
   * Measures, and prints or writes what it found.
   *
   * @param args those of {@link ScaleOptions}
   */
  public static void main(String[] args) throws InterruptedException {
    Locale.setDefault(Locale.ROOT); // Of numbers in what is written.
    try {
      new Scale(ScaleOptions.parse(List.of(args))).run();
      System.exit(0);
    } catch (IOException | RuntimeException e) {
      say("scale: " + e.getMessage());
      System.exit(1);
    }
  }

  private void run() throws IOException, InterruptedException {
    new Runs(CacheFolder.of(System.getenv())).endOrphans(what -> say("ending " + what));
    Machine machine = Machine.now();
    Alone alone = alone();
    List<Growth> growth = new ArrayList<>();
    Growth.Pass idle = null;
    for (int size : options.sizes()) {
      boolean last = growth.size() == options.sizes().size() - 1;
      try (Cluster cluster = cluster(CallRates.AWS, Map.of())) {
        say("%,d FeatureServers".formatted(size));
        Measured measured = measure(cluster, size, alone);
        growth.add(measured.growth());
        if (last && options.idle().isPositive()) {
          keep(new ScaleReport(machine, options, alone, growth, null, null));
          idle = idle(cluster);
        }
        measured.operator().end();
      }
    }
    Many many = null;
    if (options.many() > 0) {
      keep(new ScaleReport(machine, options, alone, growth, idle, null));
      many = many(options.many());
    }
    var report = new ScaleReport(machine, options, alone, growth, idle, many);
    keep(report);
    if (options.docs() == null) {
      System.out.println(report.markdown());
    }
  }

  /**
   * What one FeatureServer needs that is alone.
   *
   * @param creation the calls from nothing to ready
   * @param pass the calls of a pass over it
   * @param ready the time from nothing to ready
   */
  record Alone(CallBudget creation, CallBudget pass, Duration ready) {}

  private Alone alone() throws IOException, InterruptedException {
    say("1 FeatureServer, to know the calls that it needs");
    try (Cluster cluster = cluster(CallRates.NONE, Map.of());
        FeatureServers servers = new FeatureServers(cluster.client())) {
      ChildProcess operator = cluster.startOperator();
      Instant started = Instant.now();
      servers.createAll(1);
      Duration ready = Duration.between(started, servers.awaitReady(1, Duration.ofMinutes(1)));
      CallBudget creation = CallBudget.of(cluster.aws().calls().counts());
      operator.end();
      cluster.aws().calls().clear();
      operator = cluster.startOperator();
      awaitPasses(cluster, 1, Duration.ofMinutes(1));
      CallBudget pass = CallBudget.of(cluster.aws().calls().counts());
      operator.end();
      return new Alone(creation, pass, ready);
    }
  }

  private record Measured(Growth growth, ChildProcess operator) {}

  private Measured measure(Cluster cluster, int size, Alone alone)
      throws IOException, InterruptedException {
    try (FeatureServers servers = new FeatureServers(cluster.client())) {
      ChildProcess operator = cluster.startOperator();
      Vitals before = Vitals.of(operator.pid());
      CallBudget.Bound bound = alone.creation().bound(size);
      Instant started = Instant.now();
      servers.createAll(size);
      Instant ready = servers.awaitReady(size, patience(bound));
      Tally creation = Tally.of(cluster.aws().calls());
      Vitals after = Vitals.of(operator.pid());
      say(
          "  ready after %d s, bound %d s (%s), %d throttled, %.0f MiB"
              .formatted(
                  Duration.between(started, ready).toSeconds(),
                  bound.time().toSeconds(),
                  bound.group(),
                  creation.throttled(),
                  after.liveHeapMiB()));
      operator.end();
      cluster.aws().calls().clear();

      CallBudget.Bound restartBound = alone.pass().bound(size);
      Instant restarted = Instant.now();
      operator = cluster.startOperator();
      awaitPasses(cluster, size, patience(restartBound));
      Duration restart = Duration.between(restarted, Instant.now());
      Tally passes = Tally.of(cluster.aws().calls());
      say(
          "  restarted after %d s, bound %d s"
              .formatted(restart.toSeconds(), restartBound.time().toSeconds()));
      return new Measured(
          new Growth(
              size,
              bound,
              Duration.between(started, ready),
              creation.all(),
              creation.throttled(),
              before,
              after,
              restartBound,
              restart,
              passes.pass(),
              Vitals.of(operator.pid())),
          operator);
    }
  }

  /** Nothing happens but what the operator does by itself. */
  private Growth.Pass idle(Cluster cluster) throws InterruptedException {
    say("  idle for %d minutes".formatted(options.idle().toMinutes()));
    cluster.aws().calls().clear();
    Thread.sleep(options.idle());
    return Tally.of(cluster.aws().calls()).pass();
  }

  /** The operator with so many. */
  record Many(Vitals vitals, Scrape scrape) {}

  /** So many that nobody waits for AWS' limits to make them. */
  private Many many(int count) throws IOException, InterruptedException {
    say("%,d FeatureServers, without limits".formatted(count));
    try (Cluster cluster = cluster(CallRates.NONE, WITHOUT_LIMITS);
        FeatureServers servers = new FeatureServers(cluster.client())) {
      ChildProcess operator = cluster.startOperator();
      servers.createAll(count);
      servers.awaitReady(count, Duration.ofMinutes(40));
      Many many = new Many(Vitals.of(operator.pid()), Scrape.of(operator));
      say(
          "  %.0f MiB, scraped in %d ms"
              .formatted(many.vitals().liveHeapMiB(), many.scrape().time().toMillis()));
      operator.end();
      return many;
    }
  }

  private void awaitPasses(Cluster cluster, int passes, Duration bound)
      throws InterruptedException {
    Await.until(
        passes + " passes", bound, () -> Tally.of(cluster.aws().calls()).passes() >= passes);
  }

  /** What takes ten times as long as it should is a failure, and no figure. */
  private static Duration patience(CallBudget.Bound bound) {
    return bound.time().multipliedBy(10).plusMinutes(1);
  }

  private Cluster cluster(CallRates rates, Map<String, String> settings)
      throws IOException, InterruptedException {
    Path folder =
        options
            .repository()
            .resolve("e2e/target/scale-%d-%d".formatted(ProcessHandle.current().pid(), runs++));
    return Cluster.start(repository, folder, rates, settings);
  }

  /** Writes what was found by then: the rest takes long. */
  private void keep(ScaleReport report) throws IOException {
    Path docs = options.docs();
    if (docs != null) {
      Files.writeString(docs.resolve("scale.md"), report.markdown());
      Files.writeString(docs.resolve("scale.svg"), report.chart());
      say("written: " + docs.resolve("scale.md") + " and scale.svg");
    }
  }

  static double readsPerHour(Growth.Pass pass) {
    return pass.readsOfOne() * Duration.ofHours(1).toMinutes() / RESYNC.toMinutes();
  }

  private static void say(String line) {
    System.err.println(line);
  }
}
