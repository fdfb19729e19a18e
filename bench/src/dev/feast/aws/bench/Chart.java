package dev.feast.aws.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * The measurements as bars, in SVG: a panel for each measure, with a scale of its own from zero. On
 * a ground of its own, which follows the reader's colour scheme, so that it reads on any page.
 */
final class Chart {
  private static final int WIDTH = 860;
  private static final int COLUMNS = 2;
  private static final int MARGIN = 20;
  private static final int BAR = 16;
  private static final int GAP = 7;
  private static final int TITLE = 26;
  private static final int LABEL = 150;
  private static final int VALUE = 66;

  private static final String STYLE =
      """
      text{font:12px system-ui,-apple-system,"Segoe UI",sans-serif;fill:#24292f}
      .title{font-weight:600}
      .ground{fill:#fff;stroke:#d0d7de}
      .runtime{fill:#0969da}.feast-0-67{fill:#bc4c00}.feast-0-14{fill:#9a6700}
      .floor-sdk,.floor-socket{fill:#8c959f}
      @media (prefers-color-scheme:dark){
      text{fill:#e6edf3}.ground{fill:#0d1117;stroke:#30363d}
      .runtime{fill:#4493f8}.feast-0-67{fill:#f0883e}.feast-0-14{fill:#d29922}
      .floor-sdk,.floor-socket{fill:#6e7681}}
      """;

  private record Panel(String title, String unit, ToDoubleFunction<Measured> value) {}

  private final List<Question> questions;
  private final List<Measured> measured;

  Chart(List<Question> questions, List<Measured> measured) {
    this.questions = questions;
    // Ours over the older store would be the same bar twice.
    this.measured =
        measured.stream().filter(one -> one.subject().id() != Subject.Id.RUNTIME_0_14).toList();
  }

  String svg() {
    List<Panel> panels = panels();
    int panelHeight = TITLE + measured.size() * (BAR + GAP) + MARGIN;
    int rows = (panels.size() + COLUMNS - 1) / COLUMNS;
    int height = rows * panelHeight + 2 * MARGIN;
    var svg = new StringBuilder();
    svg.append(
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %1$d %2$d" width="%1$d" height="%2$d" role="img" \
        aria-label="Cold start, warm answers and memory of this runtime, of Feast and of the floor">
        <style>
        %3$s</style>
        <rect class="ground" x="0.5" y="0.5" width="%4$d" height="%5$d" rx="6"/>
        """
            .formatted(WIDTH, height, STYLE, WIDTH - 1, height - 1));
    int panelWidth = (WIDTH - (COLUMNS + 1) * MARGIN) / COLUMNS;
    for (int i = 0; i < panels.size(); i++) {
      int x = MARGIN + i % COLUMNS * (panelWidth + MARGIN);
      int y = MARGIN + i / COLUMNS * panelHeight;
      svg.append(panel(panels.get(i), x, y, panelWidth));
    }
    return svg.append("</svg>\n").toString();
  }

  private List<Panel> panels() {
    List<Panel> panels = new ArrayList<>();
    panels.add(new Panel("Start to first answer, p50", "ms", one -> one.toFirstAnswer().median()));
    panels.add(new Panel("The same from the disk, p50", "ms", one -> one.fromDisk().median()));
    panels.add(new Panel("Peak memory, after all lookups", "MiB", one -> one.peak().median()));
    for (Question question : questions) {
      if (question.rows() != 1) {
        panels.add(new Panel(question.name() + ", p50", "ms", one -> one.warm(question).median()));
      }
    }
    return panels;
  }

  private String panel(Panel panel, int x, int y, int width) {
    double most = measured.stream().mapToDouble(panel.value).max().orElse(1);
    var svg = new StringBuilder();
    svg.append(text(x, y + 12, "title", "start", panel.title));
    int top = y + TITLE;
    for (Measured one : measured) {
      double value = panel.value.applyAsDouble(one);
      long length = Math.max(1, Math.round((width - LABEL - VALUE) * value / most));
      svg.append(text(x + LABEL - 8, top + BAR - 4, "", "end", shortName(one.subject().id())));
      svg.append(
          "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"2\"/>\n"
              .formatted(
                  one.subject().id().option().replace('.', '-'), x + LABEL, top, length, BAR));
      svg.append(
          text(
              x + LABEL + (int) length + 6,
              top + BAR - 4,
              "",
              "start",
              Report.milliseconds(value) + " " + panel.unit));
      top += BAR + GAP;
    }
    return svg.toString();
  }

  private static String shortName(Subject.Id id) {
    return switch (id) {
      case RUNTIME, RUNTIME_0_14 -> "this runtime";
      case FEAST_0_67 -> "Feast 0.67.0";
      case FEAST_0_14 -> "Feast 0.14.1";
      case FLOOR_SDK -> "BatchGetItem, SDK";
      case FLOOR_SOCKET -> "BatchGetItem, socket";
    };
  }

  private static String text(int x, int y, String style, String anchor, String text) {
    return "<text%s x=\"%d\" y=\"%d\" text-anchor=\"%s\">%s</text>\n"
        .formatted(style.isEmpty() ? "" : " class=\"" + style + "\"", x, y, anchor, text);
  }
}
