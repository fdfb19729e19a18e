package dev.feast.aws.e2e.scale;

import dev.feast.aws.e2e.Repository;
import dev.feast.aws.e2e.process.CacheFolder;
import dev.feast.aws.e2e.process.ChildProcess;
import dev.feast.aws.e2e.process.Runs;
import dev.feast.aws.localaws.control.Fault;
import dev.feast.aws.localaws.limits.CallRates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Edits, faults and restarts by a seed for a while; then the operator has to bring everything to
 * what the specs say, and to have taken no more of the machine than at first.
 */
public final class Soak {
  private static final int AT_FIRST = 20;
  private static final int AT_MOST = 40;
  private static final Duration BETWEEN = Duration.ofMillis(700);
  private static final Duration SAMPLE = Duration.ofSeconds(15);
  private static final Duration CONVERGENCE = Duration.ofMinutes(10);

  /** Two resyncs and their jitter: each FeatureServer is looked at in it. */
  private static final Duration QUIET = Duration.ofSeconds(75);

  private static final Map<String, String> SETTINGS =
      Map.of("FEAST_OPERATOR_RESYNC_INTERVAL", "30s");

  /**
   * What the operator took of the machine.
   *
   * @param at since the soak began
   * @param life which of the operator's processes, from 1
   */
  record Sample(Duration at, int life, Vitals vitals) {}

  private final SoakOptions options;
  private final Random random;
  private final Map<String, Integer> done = new TreeMap<>();
  private final TreeSet<Integer> alive = new TreeSet<>();
  private final List<Sample> samples = new ArrayList<>();
  private int created;
  private int lives = 1;

  private Soak(SoakOptions options) {
    this.options = options;
    this.random = new Random(options.seed());
  }

  /**
   * Runs it, and prints or writes what happened; exit code 1 where the operator did not converge.
   *
   * @param args those of {@link SoakOptions}
   */
  public static void main(String[] args) throws InterruptedException {
    Locale.setDefault(Locale.ROOT); // Of numbers in what is written.
    try {
      SoakOptions options = SoakOptions.parse(List.of(args));
      String report = new Soak(options).run();
      if (options.docs() == null) {
        System.out.println(report);
      } else {
        Files.writeString(options.docs().resolve("soak.md"), report);
      }
      System.exit(0);
    } catch (IOException | RuntimeException e) {
      System.err.println("soak: " + e.getMessage());
      System.exit(1);
    }
  }

  private String run() throws IOException, InterruptedException {
    new Runs(CacheFolder.of(System.getenv()))
        .endOrphans(what -> System.err.println("ending " + what));
    Machine machine = Machine.now();
    Path folder = options.repository().resolve("e2e/target/soak-" + ProcessHandle.current().pid());
    try (Cluster cluster =
            Cluster.start(new Repository(options.repository()), folder, CallRates.AWS, SETTINGS);
        FeatureServers servers = new FeatureServers(cluster.client())) {
      ChildProcess operator = cluster.startOperator();
      for (int i = 0; i < AT_FIRST; i++) {
        create(servers);
      }
      Instant start = Instant.now();
      operator = disturb(start, cluster, servers, operator);
      Instant calm = Instant.now();
      cluster.aws().faults().clear();
      for (int number : alive) {
        servers.edit(number, spec -> with(spec, "suspend", false));
      }
      servers.awaitReady(alive.size(), CONVERGENCE);
      Duration converged = Duration.between(calm, Instant.now());
      cluster.aws().calls().clear();
      Thread.sleep(QUIET);
      Growth.Pass quiet = Tally.of(cluster.aws().calls()).pass();
      sample(start, operator);
      if (servers.unready() > 0) {
        throw new IllegalStateException(servers.unready() + " FeatureServers are not ready");
      }
      AwsContents contents = AwsContents.of(cluster.aws().endpoint());
      operator.end();
      var report =
          new SoakReport(
              machine, options, done, alive.size(), lives, converged, quiet, contents, samples);
      report.check();
      return report.markdown();
    }
  }

  /** Ends some time before the soak does with restarts, so that the last process grows old. */
  private ChildProcess disturb(
      Instant start, Cluster cluster, FeatureServers servers, ChildProcess first)
      throws IOException, InterruptedException {
    ChildProcess operator = first;
    Instant end = start.plus(options.duration());
    Instant lastRestart = start.plus(options.duration().dividedBy(2));
    Instant nextSample = start.plus(SAMPLE);
    while (Instant.now().isBefore(end)) {
      boolean restarts = Instant.now().isBefore(lastRestart) && random.nextInt(25) == 0;
      if (restarts) {
        operator = restart(cluster, operator);
      } else {
        disturb(cluster, servers);
      }
      if (Instant.now().isAfter(nextSample)) {
        sample(start, operator);
        nextSample = Instant.now().plus(SAMPLE);
      }
      Thread.sleep(BETWEEN);
    }
    return operator;
  }

  private ChildProcess restart(Cluster cluster, ChildProcess operator)
      throws IOException, InterruptedException {
    if (random.nextBoolean()) {
      count("operator killed");
      operator.kill();
    } else {
      count("operator stopped");
      operator.end();
    }
    lives++;
    return cluster.startOperator();
  }

  private void disturb(Cluster cluster, FeatureServers servers) {
    int number = List.copyOf(alive).get(random.nextInt(alive.size()));
    switch (random.nextInt(14)) {
      case 0 -> {
        if (alive.size() < AT_MOST) {
          create(servers);
          count("created");
        }
      }
      case 1 -> {
        if (alive.size() > AT_FIRST / 2) {
          servers.delete(number);
          alive.remove(number);
          count("deleted");
        }
      }
      case 2 -> {
        boolean suspend = random.nextBoolean();
        servers.edit(number, spec -> with(spec, "suspend", suspend));
        count("suspended or not");
      }
      case 3, 4, 5 -> {
        Map<String, Object> function = new HashMap<>();
        function.put("memoryMiB", 512 + random.nextInt(512));
        function.put("environment", Map.of("EDIT", Integer.toString(random.nextInt(1_000))));
        if (random.nextBoolean()) {
          function.put("logRetentionDays", 7);
        }
        servers.edit(number, spec -> with(spec, "function", function));
        count("function edited");
      }
      case 6 -> {
        Map<String, Object> aws = Map.of("tags", Map.of("team", "t" + random.nextInt(5)));
        servers.edit(number, spec -> with(spec, "aws", aws));
        count("tags edited");
      }
      case 7, 8, 9 -> {
        servers.edit(number, spec -> with(spec, "endpoint", endpoint()));
        count("endpoint edited");
      }
      default -> {
        cluster.aws().faults().add(fault());
        count("fault");
      }
    }
  }

  private Map<String, Object> endpoint() {
    Map<String, Object> endpoint = new HashMap<>();
    endpoint.put("authorization", random.nextBoolean() ? "IAM" : "None");
    if (random.nextBoolean()) {
      endpoint.put("cors", Map.of("allowOrigins", List.of("https://a.example")));
    }
    if (random.nextBoolean()) {
      int rate = 1 + random.nextInt(100);
      endpoint.put("throttling", Map.of("rateLimit", rate, "burstLimit", 2 * rate));
    }
    return endpoint;
  }

  private Fault fault() {
    String service = List.of("lambda", "apigateway", "ecr").get(random.nextInt(3));
    Fault fault =
        switch (random.nextInt(4)) {
          case 0 -> Fault.throttle(service, "*");
          case 1 -> Fault.error(service, "*", 500, "ServiceException", "on purpose");
          case 2 -> Fault.cut(service, "*");
          default -> Fault.delay(service, "*", Duration.ofMillis(random.nextInt(3_000)));
        };
    fault = fault.times(1 + random.nextInt(4));
    return random.nextBoolean() ? fault : fault.after();
  }

  private void create(FeatureServers servers) {
    servers.create(created);
    alive.add(created++);
  }

  private void count(String what) {
    done.merge(what, 1, Integer::sum);
  }

  private void sample(Instant start, ChildProcess operator)
      throws IOException, InterruptedException {
    samples.add(
        new Sample(Duration.between(start, Instant.now()), lives, Vitals.of(operator.pid())));
  }

  private static Map<String, Object> with(Map<String, Object> spec, String key, Object value) {
    Map<String, Object> changed = new HashMap<>(spec);
    changed.put(key, value);
    return changed;
  }
}
