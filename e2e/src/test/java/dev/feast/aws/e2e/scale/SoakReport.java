package dev.feast.aws.e2e.scale;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * What a soak came to.
 *
 * @param done how often what was done
 * @param alive FeatureServers at the end
 * @param lives processes of the operator
 * @param converged from the last disturbance until all were ready
 * @param quiet the calls after that, over more than one pass of each
 * @param contents of AWS then
 * @param samples in the order of time
 */
record SoakReport(
    Machine machine,
    SoakOptions options,
    Map<String, Integer> done,
    int alive,
    int lives,
    Duration converged,
    Growth.Pass quiet,
    AwsContents contents,
    List<Soak.Sample> samples) {

  /**
   * Holds the end to what was aimed at.
   *
   * @throws IllegalStateException saying what is otherwise
   */
  void check() {
    if (!contents.equals(new AwsContents(alive, alive, alive))) {
      throw new IllegalStateException(
          "%d FeatureServers are there, but in AWS %s".formatted(alive, contents));
    }
    if (quiet.mutations() > 0 || quiet.passes() < alive) {
      throw new IllegalStateException("It is not quiet after the soak: " + quiet);
    }
  }

  String markdown() {
    return """
    # Soak

    <!-- Written by bench/soak. -->

    Random edits, faults of AWS and restarts of the operator, over the same parts as [the measurements of \
    scale](scale.md); then it has to converge. [How it is done](../bench/README.md#soak).

    | | |
    | --- | --- |
    | date | %s |
    | command | `%s` |
    | machine | %s |
    | lasted | %d minutes, something every 0.7 s |
    | done | %s |
    | processes of the operator | %d; the last one from half of the time on |
    | converged | %d s after the last disturbance: all %d FeatureServers Ready at their newest spec |
    | then in AWS | %d functions, %d APIs, %d repositories |
    | then | %d passes, %d reads, %d other calls |

    ## What the last process took of the machine

    | | a minute after its start | at the end | most |
    | --- | ---: | ---: | ---: |
    | live heap, MiB | %s |
    | threads | %s |
    | open files | %s |
    """
        .formatted(
            machine.date(),
            options.command(),
            machine.text(),
            options.duration().toMinutes(),
            done.entrySet().stream()
                .map(entry -> entry.getKey() + " " + entry.getValue())
                .collect(Collectors.joining(", ")),
            lives,
            converged.toSeconds(),
            alive,
            contents.functions(),
            contents.apis(),
            contents.repositories(),
            quiet.passes(),
            quiet.reads(),
            quiet.mutations(),
            row(vitals -> vitals.liveHeapMiB()),
            row(Vitals::threads),
            row(Vitals::files));
  }

  private String row(ToDoubleFunction<Vitals> value) {
    List<Vitals> last =
        samples.stream().filter(sample -> sample.life() == lives).map(Soak.Sample::vitals).toList();
    Vitals early = last.get(Math.min(4, last.size() - 1));
    return "%.0f | %.0f | %.0f"
        .formatted(
            value.applyAsDouble(early),
            value.applyAsDouble(last.getLast()),
            last.stream().mapToDouble(value).max().orElse(0));
  }
}
