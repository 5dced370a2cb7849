package io.github.accesstokens.benchmarks;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Draws plots as SVG. */
final class Plot {
  private static final int WIDTH = 760;
  private static final List<String> COLORS =
      List.of("#1f6feb", "#d1242f", "#bf8700", "#8250df", "#57606a", "#1a7f37");

  private Plot() {}

  /** Returns bars from left to right. The first one, this client, has its own color. */
  static String bars(String title, String unit, Map<String, Double> values) {
    double most = values.values().stream().mapToDouble(value -> value).max().orElse(1);
    StringBuilder svg = new StringBuilder();
    int y = 48;
    for (Map.Entry<String, Double> bar : values.entrySet()) {
      String color = COLORS.get(y == 48 ? 0 : 4);
      double width = Math.max(1, 360 * bar.getValue() / most);
      svg.append(text(250, y + 15, "end", bar.getKey()))
          .append(
              format(
                  "<rect x=\"260\" y=\"%d\" width=\"%.1f\" height=\"20\" fill=\"%s\"/>%n",
                  y, width, color))
          .append(text(266 + width, y + 15, "start", format("%,.0f %s", bar.getValue(), unit)));
      y += 28;
    }
    return svg(title, y + 12, svg.toString());
  }

  /** Returns lines on logarithmic axes. */
  static String lines(String title, String across, Map<String, Map<Double, Double>> lines) {
    double left = 80;
    double bottom = 330;
    List<Double> xs =
        lines.values().stream()
            .flatMap(line -> line.keySet().stream())
            .distinct()
            .sorted()
            .toList();
    List<Double> ys =
        lines.values().stream().flatMap(line -> line.values().stream()).sorted().toList();
    double lowest = Math.floor(Math.log10(ys.get(0)));
    double highest = Math.ceil(Math.log10(ys.get(ys.size() - 1)));
    double unitX = 440 / (Math.log10(xs.get(xs.size() - 1)) - Math.log10(xs.get(0)));
    double unitY = 280 / Math.max(1, highest - lowest);
    StringBuilder svg = new StringBuilder();
    for (double power = lowest; power <= highest; power++) {
      double y = bottom - (power - lowest) * unitY;
      svg.append(
              format(
                  "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"520\" y2=\"%.1f\" stroke=\"#d0d7de\"/>%n",
                  left, y, y))
          .append(
              text(
                  left - 8,
                  y + 4,
                  "end",
                  format("%,.3f", Math.pow(10, power)).replaceFirst("\\.?0+$", "")));
    }
    for (double x : xs) {
      double at = left + (Math.log10(x) - Math.log10(xs.get(0))) * unitX;
      svg.append(text(at, bottom + 20, "middle", format("%,.0f", x)));
    }
    svg.append(text(300, bottom + 42, "middle", across));
    int index = 0;
    for (Map.Entry<String, Map<Double, Double>> line : lines.entrySet()) {
      String color = COLORS.get(index % COLORS.size());
      StringBuilder points = new StringBuilder();
      for (Map.Entry<Double, Double> point : line.getValue().entrySet()) {
        double x = left + (Math.log10(point.getKey()) - Math.log10(xs.get(0))) * unitX;
        double y = bottom - (Math.log10(point.getValue()) - lowest) * unitY;
        points.append(format("%.1f,%.1f ", x, y));
        svg.append(format("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\"/>%n", x, y, color));
      }
      svg.append(
              format(
                  "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>%n",
                  points.toString().trim(), color))
          .append(
              format(
                  "<rect x=\"540\" y=\"%d\" width=\"12\" height=\"12\" fill=\"%s\"/>%n",
                  50 + 22 * index, color))
          .append(text(558, 60 + 22 * index, "start", line.getKey()));
      index++;
    }
    return svg(title, 390, svg.toString());
  }

  private static String svg(String title, int height, String content) {
    return format(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\""
                + " font-family=\"sans-serif\" font-size=\"13\">%n"
                + "<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>%n",
            WIDTH, height)
        + text(16, 28, "start", title).replace("<text", "<text font-weight=\"bold\"")
        + content
        + "</svg>\n";
  }

  private static String text(double x, double y, String anchor, String text) {
    return format(
        "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" fill=\"#1f2328\">%s</text>%n",
        x, y, anchor, text);
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
