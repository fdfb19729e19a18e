package dev.feast.aws.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What was measured, as Markdown. */
final class Report {
  private final Machine machine;
  private final Programs programs;
  private final Options options;
  private final String store;
  private final List<Question> questions;
  private final List<Measured> measured;

  Report(
      Machine machine,
      Programs programs,
      Options options,
      String store,
      List<Question> questions,
      List<Measured> measured) {
    this.machine = machine;
    this.programs = programs;
    this.options = options;
    this.store = store;
    this.questions = questions;
    this.measured = measured;
  }

  String markdown() throws IOException {
    List<String> parts = new ArrayList<>();
    parts.add("# Measurements");
    parts.add(
        "<!-- Written by bench/run. What was tried, and what it gave, is in performance.md. -->");
    parts.add(
        "This runtime beside Feast's own feature servers and beside the floor, a BatchGetItem of"
            + " the same keys and nothing else. [What was tried to get here](performance.md);"
            + " [how it is measured](../bench/README.md).");
    if (options.docs() != null) {
      parts.add("![The tables below as bars](benchmarks.svg)");
    }
    parts.add(facts());
    Aims aims = new Aims(measured, questions, programs.imageBytes());
    parts.add("## What was aimed at\n\n" + aims.table());
    parts.add("## Start to first answer, and memory\n\n" + starts());
    parts.add("## Warm answers\n\n" + warm());
    if (measured.stream().anyMatch(one -> one.subject().id().isFloor())) {
      parts.add("## The floor without the Runtime API\n\n" + floors());
    }
    return String.join("\n\n", parts) + "\n";
  }

  private String facts() throws IOException {
    return """
    | | |
    | --- | --- |
    | date | %s |
    | command | `%s` |
    | machine | %s, %d cores, %d GiB, Linux %s; load %s before the start |
    | store | %s |
    | this runtime | %s; image %s MB compressed, started %s |
    | Feast | 0.67.0 and 0.14.1 with %s, %s |\
    """
        .formatted(
            machine.date(),
            options.command(),
            machine.processor(),
            machine.cores(),
            machine.memoryGib(),
            machine.kernel(),
            machine.load(),
            store,
            machine.jdk(),
            format("%.1f", programs.imageBytes() / 1e6),
            programs.imageHasItsOwnRoot() ? "in its own root" : "below its unpacked root",
            pinned("awslambdaric"),
            "Python 3.11");
  }

  private String pinned(String name) throws IOException {
    Path requirements =
        options.repository().resolve("e2e/feast/requirements").resolve("feast-0.67.txt");
    return Files.readAllLines(requirements).stream()
        .filter(line -> line.startsWith(name + "=="))
        .map(line -> line.replace("==", " ").replace(" \\", ""))
        .findFirst()
        .orElse(name);
  }

  private String starts() {
    return """
    Milliseconds from starting the process to its answer to an event that already waits for it (3 rows, 1 view), \
    of %d processes each; and the most MiB that a process had resident (VmHWM), of %d that were asked warm.

    | | p50 | p90 | max | p50, from the disk | peak, 3 rows of 1 view only | peak, after all lookups below |
    | --- | ---: | ---: | ---: | ---: | ---: | ---: |
    """
            .formatted(options.measurement().starts(), options.measurement().passes())
        + measured.stream()
            .map(
                one ->
                    "| %s | %s | %s | %s | %s | %s | %s |"
                        .formatted(
                            one.subject().name(),
                            format("%,.0f", one.toFirstAnswer().median()),
                            format("%,.0f", one.toFirstAnswer().quantile(0.9)),
                            format("%,.0f", one.toFirstAnswer().max()),
                            format("%,.0f", one.fromDisk().median()),
                            format("%.0f", one.smallPeak().median()),
                            format("%.0f", one.peak().median())))
            .collect(Collectors.joining("\n"));
  }

  private String warm() {
    return "Milliseconds from the event handed over to the answer taken back: p50 / p90 / p99"
        + " (number of answers). With fewer than 100 answers p99 is the slowest one.\n\n"
        + table(measured, Measured::warm);
  }

  private String floors() {
    return "Inside the floors' processes: only the reading, on a clock of their own.\n\n"
        + table(
            measured.stream().filter(one -> one.subject().id().isFloor()).toList(),
            Measured::reading);
  }

  private interface Column {
    Samples of(Measured measured, Question question);
  }

  private String table(List<Measured> of, Column column) {
    String head =
        of.stream()
            .map(one -> one.subject().name())
            .collect(Collectors.joining(" | ", "| | ", " |"));
    String rule =
        of.stream().map(one -> "---").collect(Collectors.joining(" | ", "| --- | ", " |"));
    return head
        + "\n"
        + rule
        + "\n"
        + questions.stream()
            .map(
                question ->
                    of.stream()
                        .map(one -> cell(column.of(one, question)))
                        .collect(Collectors.joining(" | ", "| " + question.name() + " | ", " |")))
            .collect(Collectors.joining("\n"));
  }

  private static String cell(Samples samples) {
    return "%s / %s / %s (%d)"
        .formatted(
            milliseconds(samples.median()),
            milliseconds(samples.quantile(0.9)),
            milliseconds(samples.quantile(0.99)),
            samples.count());
  }

  /** Two digits that say something, and no more. */
  static String milliseconds(double value) {
    return format(value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%,.0f", value);
  }

  static String format(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }

  static Optional<Measured> find(List<Measured> measured, Subject.Id id) {
    return measured.stream().filter(one -> one.subject().id() == id).findFirst();
  }
}
