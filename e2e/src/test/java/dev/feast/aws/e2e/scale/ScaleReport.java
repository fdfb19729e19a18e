package dev.feast.aws.e2e.scale;

import dev.feast.aws.localaws.limits.CallRate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What was measured, as Markdown. */
final class ScaleReport {
  private static final double MOST_TIMES_BOUND = 1.2;
  private static final double MOST_HEAP_MIB = 256;

  private final Machine machine;
  private final ScaleOptions options;
  private final Scale.Alone alone;
  private final List<Growth> growth;
  private final Growth.@Nullable Pass idle;
  private final Scale.@Nullable Many many;

  /**
   * @param idle the calls while nothing happened; null where that was not measured
   * @param many the operator with many FeatureServers; null where that was not measured
   */
  ScaleReport(
      Machine machine,
      ScaleOptions options,
      Scale.Alone alone,
      List<Growth> growth,
      Growth.@Nullable Pass idle,
      Scale.@Nullable Many many) {
    this.machine = machine;
    this.options = options;
    this.alone = alone;
    this.growth = growth;
    this.idle = idle;
    this.many = many;
  }

  String markdown() {
    List<String> parts = new ArrayList<>();
    parts.add("# Scale");
    parts.add("<!-- Written by bench/scale. -->");
    parts.add(
        "Many FeatureServers in two regions of one account, from nothing to Ready, then a restart,"
            + " then nothing: the operator's process under the chart's RBAC and with its Pod's"
            + " heap, a real kube-apiserver, and local-aws with [AWS' own control-plane"
            + " limits](local-aws.md#how-often-it-may-be-called). [How it is"
            + " measured](../bench/README.md#scale); [ten minutes of trouble](soak.md).");
    if (options.docs() != null) {
      parts.add("![The first table as bars](scale.svg)");
    }
    parts.add(facts());
    parts.add("## What was aimed at\n\n" + aims());
    parts.add("## From nothing to Ready\n\n" + creation());
    parts.add("## A restart\n\n" + restarts());
    parts.add("## Doing nothing\n\n" + idleness());
    parts.add("## The calls of one FeatureServer\n\n" + budget());
    return String.join("\n\n", parts) + "\n";
  }

  String chart() {
    return new ScaleChart(growth).svg();
  }

  private String facts() {
    return """
    | | |
    | --- | --- |
    | date | %s |
    | command | `%s` |
    | machine | %s |
    | operator | `%s`, resync every 10 minutes; the function is answered by local-aws |\
    """
        .formatted(
            machine.date(), options.command(), machine.text(), String.join(" ", Cluster.POD_JVM));
  }

  private String aims() {
    Growth last = growth.getLast();
    List<String> rows = new ArrayList<>();
    rows.add("| aim | measured | |");
    rows.add("| --- | --- | --- |");
    rows.add(
        aim(
            "%,d Ready within %.1f times the bound".formatted(last.size(), MOST_TIMES_BOUND),
            "%.2f times".formatted(last.timesBound()),
            last.timesBound() <= MOST_TIMES_BOUND));
    rows.add(
        aim(
            "no throttling storm: fewer than 1 in 100 calls refused",
            "%,d of %,d".formatted(last.throttled(), last.calls()),
            last.throttled() * 100 < last.calls()));
    rows.add(
        aim(
            "heap with %,d under %.0f MiB".formatted(last.size(), MOST_HEAP_MIB),
            "%.0f MiB live, %.0f MiB resident at most"
                .formatted(last.after().liveHeapMiB(), last.after().peakResidentMiB()),
            last.after().liveHeapMiB() < MOST_HEAP_MIB));
    Growth first = growth.getFirst();
    rows.add(
        aim(
            "linear growth",
            growth.stream()
                .map(one -> "%.2f".formatted(seconds(one.ready()) / one.size()))
                .collect(Collectors.joining(", ", "", " s for each")),
            seconds(last.ready()) / last.size()
                <= MOST_TIMES_BOUND * seconds(first.ready()) / first.size()));
    rows.add(
        aim(
            "no mutating call over an unchanged world",
            "%,d".formatted(mutations()),
            mutations() == 0));
    return String.join("\n", rows);
  }

  private long mutations() {
    long restarts = growth.stream().mapToLong(one -> one.restarted().mutations()).sum();
    return idle == null ? restarts : restarts + idle.mutations();
  }

  private static String aim(String aim, String measured, boolean met) {
    return "| %s | %s | %s |".formatted(aim, measured, met ? "met" : "missed");
  }

  private String creation() {
    return ("The bound is what AWS' limits leave if every call came at the first moment that they"
                + " allow: the calls of one FeatureServer that is alone, times how many there are"
                + " in a region, less what may come at once, over the rate; of the groups the one"
                + " that takes longest. A listing of all APIs is not counted: any number could do"
                + " with one. What a FeatureServer takes that is alone, %.1f s, comes on top."
                + " Seconds from the first create to the last Ready; MiB of live heap after a"
                + " collection, without any FeatureServer and with all of them; peak resident"
                + " memory (VmHWM).\n\n")
            .formatted(seconds(alone.ready()))
        + table(
            List.of(
                "FeatureServers",
                "bound",
                "by",
                "Ready",
                "times the bound",
                "calls",
                "throttled",
                "heap before",
                "heap",
                "peak resident",
                "threads"),
            growth,
            one ->
                List.of(
                    "%,d".formatted(one.size()),
                    "%.0f s".formatted(seconds(one.bound().time())),
                    one.bound().group(),
                    "%.0f s".formatted(seconds(one.ready())),
                    "%.2f".formatted(one.timesBound()),
                    "%,d".formatted(one.calls()),
                    "%,d".formatted(one.throttled()),
                    "%.0f".formatted(one.before().liveHeapMiB()),
                    "%.0f".formatted(one.after().liveHeapMiB()),
                    "%.0f".formatted(one.after().peakResidentMiB()),
                    "%d".formatted(one.after().threads())))
        + (many == null
            ? ""
            : ("\n\n"
                   + "With %,d FeatureServers, made without limits, the idle operator's live heap"
                   + " is %.0f MiB (peak resident %.0f MiB), and a scrape of `/metrics` takes %d ms"
                   + " for %,d samples in %,d KiB.%s")
                .formatted(
                    options.many(),
                    many.vitals().liveHeapMiB(),
                    many.vitals().peakResidentMiB(),
                    many.scrape().time().toMillis(),
                    many.scrape().samples(),
                    many.scrape().bytes() / 1024,
                    many.vitals().peakResidentMiB() < Cluster.POD_MIB
                        ? ""
                        : " So many need a higher memory limit than the chart's %d MiB."
                            .formatted(Cluster.POD_MIB)));
  }

  private String restarts() {
    return "From the start of the operator's process until it has looked at each FeatureServer"
        + " again. Until then what serves goes on serving.\n\n"
        + table(
            List.of(
                "FeatureServers",
                "bound",
                "by",
                "took",
                "times the bound",
                "reads",
                "mutations",
                "throttled",
                "peak resident"),
            growth,
            one ->
                List.of(
                    "%,d".formatted(one.size()),
                    "%.0f s".formatted(seconds(one.restartBound().time())),
                    one.restartBound().group(),
                    "%.0f s".formatted(seconds(one.restart())),
                    "%.2f".formatted(one.restartTimesBound()),
                    "%,d".formatted(one.restarted().reads()),
                    "%,d".formatted(one.restarted().mutations()),
                    "%,d".formatted(one.restarted().throttled()),
                    "%.0f".formatted(one.restartVitals().peakResidentMiB())));
  }

  private String idleness() {
    Growth last = growth.getLast();
    String pass =
        "A pass over a FeatureServer that is as it should be makes %.1f reads; with one each 10 minutes that is **%.0f reads per FeatureServer and hour**."
            .formatted(last.restarted().readsOfOne(), Scale.readsPerHour(last.restarted()));
    if (idle == null) {
      return pass;
    }
    return pass
        + " In %d minutes in which nothing happened, %,d passes over %,d FeatureServers made %,d reads and %,d other calls; %,d were throttled."
            .formatted(
                options.idle().toMinutes(),
                idle.passes(),
                last.size(),
                idle.reads(),
                idle.mutations(),
                idle.throttled());
  }

  private String budget() {
    var groups =
        Stream.of(alone.creation(), alone.pass())
            .flatMap(budget -> budget.calls().keySet().stream())
            .collect(
                Collectors.toCollection(
                    () -> new TreeSet<>(Comparator.comparing(CallRate::group))));
    return "Those that AWS limits, but for listings of APIs.\n\n"
        + table(
            List.of("group", "a second", "at once", "from nothing to Ready", "a pass"),
            List.copyOf(groups),
            rate ->
                List.of(
                    rate.group(),
                    "%.0f".formatted(rate.perSecond()),
                    "%,d".formatted(rate.burst()),
                    "%d".formatted(alone.creation().calls().getOrDefault(rate, 0L)),
                    "%d".formatted(alone.pass().calls().getOrDefault(rate, 0L))));
  }

  private static <T> String table(
      List<String> head, List<T> rows, Function<T, List<String>> cells) {
    return Stream.concat(
            Stream.of(
                row(head),
                head.stream().map(column -> "---:").collect(Collectors.joining(" | ", "| ", " |"))),
            rows.stream().map(cells).map(ScaleReport::row))
        .collect(Collectors.joining("\n"));
  }

  private static String row(List<String> cells) {
    return "| " + String.join(" | ", cells) + " |";
  }

  static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }
}
