package dev.feast.aws.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What was aimed at beside what was measured. Nothing is asserted. */
final class Aims {
  private final List<Measured> measured;
  private final List<Question> questions;
  private final long imageBytes;

  private record Row(String aim, String found, boolean met) {}

  Aims(List<Measured> measured, List<Question> questions, long imageBytes) {
    this.measured = measured;
    this.questions = questions;
    this.imageBytes = imageBytes;
  }

  String table() {
    List<Row> rows = new ArrayList<>();
    Question three = questions.getFirst();
    Optional<Measured> runtime = find(Subject.Id.RUNTIME);
    Optional<Measured> runtimeOnOld = find(Subject.Id.RUNTIME_0_14);
    Optional<Measured> newFeast = find(Subject.Id.FEAST_0_67);
    Optional<Measured> oldFeast = find(Subject.Id.FEAST_0_14);
    runtime.ifPresent(
        ours -> {
          double cold = ours.toFirstAnswer().median();
          rows.add(
              new Row("cold start under 0.4 s", Report.format("%.2f s", cold / 1000), cold < 400));
          newFeast.ifPresent(feast -> rows.add(coldStart(20, feast, ours)));
        });
    runtimeOnOld.ifPresent(
        ours -> oldFeast.ifPresent(feast -> rows.add(coldStart(10, feast, ours))));
    runtime.ifPresent(
        ours -> {
          find(Subject.Id.FLOOR_SDK)
              .ifPresent(
                  floor -> {
                    double here = ours.warm(three).median();
                    double bare = here / floor.reading(three).median();
                    rows.add(
                        new Row(
                            "3 rows within 1.3 times the bare BatchGetItem with the same client",
                            Report.format("%.2f times", bare)
                                + Report.format(
                                    " (%.2f with the Runtime API before both)",
                                    here / floor.warm(three).median()),
                            bare <= 1.3));
                  });
          newFeast.ifPresent(
              feast ->
                  questions.stream()
                      .filter(question -> question.rows() == 100 && question.views() == 1)
                      .forEach(
                          question ->
                              rows.add(
                                  times(
                                      "100 rows 4 times faster than Feast 0.67.0",
                                      4,
                                      feast.warm(question).median()
                                          / ours.warm(question).median()))));
          rows.add(
              new Row(
                  "peak memory under 128 MiB",
                  Report.format("%.0f MiB after small lookups", ours.smallPeak().median())
                      + (questions.size() > 1
                          ? Report.format(
                              ", %.0f MiB after lookups of up to 5,000 rows", ours.peak().median())
                          : ""),
                  ours.peak().median() < 128));
        });
    rows.add(
        new Row(
            "image under 60 MB compressed",
            Report.format("%.1f MB", imageBytes / 1e6),
            imageBytes < 60e6));
    var table = new StringBuilder("| aim | measured (p50) | |\n| --- | --- | --- |");
    for (Row row : rows) {
      table.append("\n| %s | %s | %s |".formatted(row.aim, row.found, row.met ? "met" : "missed"));
    }
    return table.toString();
  }

  /** By the page cache's full side, which is the harder one. */
  private static Row coldStart(double wanted, Measured feast, Measured ours) {
    double found = feast.toFirstAnswer().median() / ours.toFirstAnswer().median();
    return new Row(
        "cold start %.0f times faster than %s".formatted(wanted, feast.subject().name()),
        Report.format("%.1f times", found)
            + Report.format(
                " (%.1f from the disk)", feast.fromDisk().median() / ours.fromDisk().median()),
        found >= wanted);
  }

  private static Row times(String aim, double wanted, double found) {
    return new Row(aim, Report.format("%.1f times", found), found >= wanted);
  }

  private Optional<Measured> find(Subject.Id id) {
    return Report.find(measured, id);
  }
}
