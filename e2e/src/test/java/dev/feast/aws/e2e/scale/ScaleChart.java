package dev.feast.aws.e2e.scale;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Bars in SVG: a panel for each measure, with a scale of its own from zero, a bar for each number
 * of FeatureServers, and a mark where the bound is.
 */
final class ScaleChart {
  private static final int WIDTH = 860;
  private static final int MARGIN = 20;
  private static final int BAR = 18;
  private static final int GAP = 8;
  private static final int TITLE = 28;
  private static final int LABEL = 60;
  private static final int VALUE = 70;

  private static final String STYLE =
      """
      text{font:12px system-ui,-apple-system,"Segoe UI",sans-serif;fill:#24292f}
      .title{font-weight:600}.ground{fill:#fff;stroke:#d0d7de}.bar{fill:#0969da}.bound{stroke:#bc4c00;stroke-width:3}
      @media (prefers-color-scheme:dark){text{fill:#e6edf3}.ground{fill:#0d1117;stroke:#30363d}
      .bar{fill:#4493f8}.bound{stroke:#f0883e}}
      """;

  private record Panel(
      String title, String unit, ToDoubleFunction<Growth> value, ToDoubleFunction<Growth> bound) {}

  private static final List<Panel> PANELS =
      List.of(
          new Panel(
              "From nothing to all Ready; the mark is AWS' bound",
              "s",
              one -> ScaleReport.seconds(one.ready()),
              one -> ScaleReport.seconds(one.bound().time())),
          new Panel(
              "Restart to all looked at again; the mark is AWS' bound",
              "s",
              one -> ScaleReport.seconds(one.restart()),
              one -> ScaleReport.seconds(one.restartBound().time())),
          new Panel(
              "Live heap; the mark is the heap without any",
              "MiB",
              one -> one.after().liveHeapMiB(),
              one -> one.before().liveHeapMiB()));

  private final List<Growth> growth;

  ScaleChart(List<Growth> growth) {
    this.growth = growth;
  }

  String svg() {
    int panelHeight = TITLE + growth.size() * (BAR + GAP) + MARGIN;
    int height = PANELS.size() * panelHeight + MARGIN;
    var svg = new StringBuilder();
    svg.append(
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %1$d %2$d" width="%1$d" height="%2$d" role="img" \
        aria-label="Time to Ready, time of a restart and heap, by the number of FeatureServers">
        <style>
        %3$s</style>
        <rect class="ground" x="0.5" y="0.5" width="%4$d" height="%5$d" rx="6"/>
        """
            .formatted(WIDTH, height, STYLE, WIDTH - 1, height - 1));
    int top = MARGIN;
    for (Panel panel : PANELS) {
      svg.append(panel(panel, top));
      top += panelHeight;
    }
    return svg.append("</svg>\n").toString();
  }

  private String panel(Panel panel, int top) {
    double most =
        growth.stream()
            .mapToDouble(
                one -> Math.max(panel.value.applyAsDouble(one), panel.bound.applyAsDouble(one)))
            .max()
            .orElse(1);
    double scale = (WIDTH - 2 * MARGIN - LABEL - VALUE) / most;
    int left = MARGIN + LABEL;
    var svg = new StringBuilder(text(MARGIN, top + 12, "title", "start", panel.title));
    int y = top + TITLE;
    for (Growth one : growth) {
      double value = panel.value.applyAsDouble(one);
      long length = Math.max(1, Math.round(scale * value));
      long bound = left + Math.round(scale * panel.bound.applyAsDouble(one));
      svg.append(text(left - 8, y + BAR - 5, "", "end", "%,d".formatted(one.size())));
      svg.append(
          "<rect class=\"bar\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"2\"/>\n"
              .formatted(left, y, length, BAR));
      svg.append(
          "<line class=\"bound\" x1=\"%1$d\" x2=\"%1$d\" y1=\"%2$d\" y2=\"%3$d\"/>\n"
              .formatted(bound, y - 2, y + BAR + 2));
      svg.append(
          text(
              (int) Math.max(left + length, bound) + 8,
              y + BAR - 5,
              "",
              "start",
              "%,.0f %s".formatted(value, panel.unit)));
      y += BAR + GAP;
    }
    return svg.toString();
  }

  private static String text(int x, int y, String style, String anchor, String text) {
    return "<text%s x=\"%d\" y=\"%d\" text-anchor=\"%s\">%s</text>\n"
        .formatted(style.isEmpty() ? "" : " class=\"" + style + "\"", x, y, anchor, text);
  }
}
